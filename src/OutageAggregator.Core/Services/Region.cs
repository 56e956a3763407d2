using System.Collections.Frozen;
using NodaTime.TimeZones;

namespace OutageAggregator.Core.Services;

/// <summary>
/// Where a report comes from: an ISO 3166-1 alpha-2 country or territory, <see cref="Unknown"/> (<c>ZZ</c>, nobody said),
/// or <see cref="World"/> (<c>world</c>), the sum of all others. <c>default</c> is <see cref="World"/>.
/// </summary>
public readonly record struct Region : IComparable<Region>
{
    // ISO 3166-1 with English short names, which NodaTime has from the tz database's iso3166.tab (public domain). Ours come first: names
    // brought up to date, and the two territories in which no time zone has its city.
    private static readonly FrozenDictionary<string, string> s_names = new (string Code, string Name)[]
        {
            ("AS", "American Samoa"), ("BA", "Bosnia and Herzegovina"), ("BV", "Bouvet Island"), ("CD", "Congo (DR)"), ("CG", "Congo"),
            ("CI", "Côte d'Ivoire"), ("CZ", "Czechia"), ("GB", "United Kingdom"), ("HM", "Heard Island & McDonald Islands"),
            ("KP", "North Korea"), ("KR", "South Korea"), ("TR", "Türkiye"), ("WS", "Samoa"), ("ZZ", "Unknown region"),
        }
        .Concat(TzdbDateTimeZoneSource.Default.ZoneLocations!.Select(l => (Code: l.CountryCode, Name: l.CountryName)))
        .DistinctBy(r => r.Code, StringComparer.Ordinal)
        .ToFrozenDictionary(r => r.Code, r => r.Name, StringComparer.Ordinal);

    // Two ASCII letters, the first one in the high byte; 0 is the world.
    private readonly ushort _code;

    private Region(ushort code) => _code = code;

    /// <summary>The sum of all regions; no report is counted in it directly.</summary>
    public static Region World => default;

    /// <summary>Nobody said where: counted here, and so in the world's sum.</summary>
    public static Region Unknown { get; } = new(Pack("ZZ"));

    /// <summary>Every country and territory, in code order.</summary>
    public static IReadOnlyList<Region> Countries { get; } = [.. s_names.Keys.Select(Parse).Where(r => r != Unknown).Order()];

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
