using System.Collections.Frozen;

namespace OutageAggregator.Core.Services;

/// <summary>
/// Where a report comes from: an ISO 3166-1 alpha-2 country or territory, <see cref="Unknown"/> (<c>ZZ</c>, nobody said),
/// or <see cref="World"/> (<c>world</c>), the sum of all others. <c>default</c> is <see cref="World"/>.
/// </summary>
public readonly record struct Region : IComparable<Region>
{
    private static readonly FrozenDictionary<string, string> s_names =
        RegionNames.All.Append((Code: "ZZ", Name: "Unknown region")).ToFrozenDictionary(r => r.Code, r => r.Name, StringComparer.Ordinal);

    // Two ASCII letters, the first one in the high byte; 0 is the world.
    private readonly ushort _code;

    private Region(ushort code) => _code = code;

    /// <summary>The sum of all regions; no report is counted in it directly.</summary>
    public static Region World => default;

    /// <summary>Nobody said where: counted here, and so in the world's sum.</summary>
    public static Region Unknown { get; } = new(Pack("ZZ"));

    /// <summary>Every country and territory, in code order.</summary>
    public static IReadOnlyList<Region> Countries { get; } = [.. RegionNames.All.Select(r => new Region(Pack(r.Code)))];

    /// <summary>English name: "Italy", "Unknown region", "World".</summary>
    public string Name => this == World ? "World" : s_names[ToString()];

    /// <summary>Reads <c>world</c>, <c>ZZ</c> or an assigned ISO 3166-1 alpha-2 code, in either case; false for anything else.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out Region region)
    {
        var code = text is { Length: 2 or 5 } ? text.ToUpperInvariant() : "";
        region = s_names.ContainsKey(code) ? new Region(Pack(code)) : World;
        return region != World || code == "WORLD";
    }

    /// <summary>Reads a region that is known to be one.</summary>
    /// <exception cref="FormatException"><paramref name="text"/> is none.</exception>
    public static Region Parse(string text) => TryParse(text, out var region)
        ? region
        : throw new FormatException($"'{text}' is not a region: use an ISO 3166-1 alpha-2 code, ZZ (unknown) or world.");

    public int CompareTo(Region other) => _code.CompareTo(other._code);

    public override string ToString() => _code == 0
        ? "world"
        : string.Create(2, _code, static (span, code) => (span[0], span[1]) = ((char)(code >> 8), (char)(code & 0xFF)));

    private static ushort Pack(string code) => (ushort)((code[0] << 8) | code[1]);
}
