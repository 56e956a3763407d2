using System.Buffers;

namespace OutageAggregator.Core.Services;

/// <summary>
/// The stable name of a service (or family) in addresses, keys and files: 1 to 48 characters of
/// <c>a-z</c>, <c>0-9</c> and single inner hyphens. <c>default</c> is the empty slug, which no service has.
/// </summary>
public readonly record struct ServiceSlug : IComparable<ServiceSlug>
{
    /// <summary>The longest slug, in characters.</summary>
    public const int MaxLength = 48;

    private static readonly SearchValues<char> s_allowed = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");

    private readonly string? _value;

    private ServiceSlug(string value) => _value = value;

    /// <summary>Reads a slug; false where <paramref name="text"/> is not one.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out ServiceSlug slug)
    {
        var isSlug = text is { Length: > 0 and <= MaxLength } and not ['-', ..] and not [.., '-']
            && !text.AsSpan().ContainsAnyExcept(s_allowed) && !text.Contains("--", StringComparison.Ordinal);
        slug = isSlug ? new ServiceSlug(text!) : default;
        return isSlug;
    }

    /// <summary>Reads a slug that is known to be one.</summary>
    /// <exception cref="FormatException"><paramref name="text"/> is not a slug.</exception>
    public static ServiceSlug Parse(string text) => TryParse(text, out var slug)
        ? slug
        : throw new FormatException($"'{text}' is not a service slug: use 1 to {MaxLength} of a-z, 0-9 and single inner hyphens.");

    public int CompareTo(ServiceSlug other) => string.CompareOrdinal(ToString(), other.ToString());

    public override string ToString() => _value ?? "";
}
