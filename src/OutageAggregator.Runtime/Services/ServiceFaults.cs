using System.Buffers;
using NodaTime;

namespace OutageAggregator.Runtime.Services;

/// <summary>A service as it is written in a catalog, before it is known to be one.</summary>
public sealed record WrittenEntry(
    string Slug, string Name, string Category, ImmutableArray<string> Aliases, string Zone, string? Homepage, ImmutableArray<string> Domains,
    string? StatusPage);

/// <summary>What a service must be, in the catalog's file and where it is accepted: said once.</summary>
public static class ServiceFaults
{
    private const int MaxNameLength = 80;
    private const int MaxAliases = 40;
    private const int MaxDomains = 20;
    private const int MaxDomainLength = 253;

    private static readonly SearchValues<char> s_ofHost = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");

    /// <summary>What is wrong, field by field, as the end of a sentence that names the service; nothing where all is right.</summary>
    /// <param name="service">As it is written.</param>
    /// <param name="categories">Codes of the categories there are.</param>
    public static IEnumerable<(string Field, string Fault)> Of(WrittenEntry service, IReadOnlyCollection<string> categories)
    {
        ArgumentNullException.ThrowIfNull(service);
        if (!ServiceSlug.TryParse(service.Slug, out _))
            yield return ("slug", Invariant($"its slug must be 1 to {ServiceSlug.MaxLength} of a-z, 0-9 and single inner hyphens"));
        if (!categories.Contains(service.Category, StringComparer.Ordinal))
            yield return ("category", $"its category '{service.Category}' is none of: {string.Join(", ", categories)}");
        if (DateTimeZoneProviders.Tzdb.GetZoneOrNull(service.Zone) is null)
            yield return ("zone", $"its zone '{service.Zone}' is no IANA time zone such as Europe/Rome");
        if (service.Homepage is { } home && !(Uri.TryCreate(home, UriKind.Absolute, out var address) && address.Scheme is "https" or "http"))
            yield return ("homepage", $"its homepage '{home}' is no http address");
        if (service.StatusPage is { } page && !(Uri.TryCreate(page, UriKind.Absolute, out var status) && status.Scheme == "https"))
            yield return ("statusPage", $"its status page '{page}' is no https address");
        if (service.Aliases.Length > MaxAliases)
            yield return ("aliases", Invariant($"it has {service.Aliases.Length} aliases; at most {MaxAliases} are allowed"));
        if (FaultOfName(service.Name, "name") is { } nameless)
            yield return ("name", nameless);
        foreach (var fault in service.Aliases.Select(a => FaultOfName(a, "alias")).OfType<string>())
            yield return ("aliases", fault);
        if (service.Domains.Length > MaxDomains)
            yield return ("domains", Invariant($"it has {service.Domains.Length} domains; at most {MaxDomains} are allowed"));
        if (service.Domains.FirstOrDefault(d => !IsDomain(d)) is { } domain)
            yield return ("domains", $"its domain '{domain}' must be a bare host in lower case such as chatgpt.com, without scheme, port and path");
    }

    /// <summary>What is wrong with a name; null where nothing is.</summary>
    public static string? FaultOfName(string name, string what)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.Length is 0 or > MaxNameLength || name.Trim() != name || name.Any(char.IsControl)
            ? Invariant($"its {what} '{name}' must have 1 to {MaxNameLength} characters, without control characters and outer spaces")
            : null;
    }

    /// <summary>
    /// True for labels of a-z, 0-9 and inner hyphens, two at least; the last one is no number, so that no address of IPv4 is one.
    /// </summary>
    public static bool IsDomain(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Length <= MaxDomainLength && text.Split('.') is [_, .., var last] labels
            && Array.TrueForAll(labels, l => l.Length is > 0 and <= 63 && l is not ['-', ..] and not [.., '-'] && !l.AsSpan().ContainsAnyExcept(s_ofHost))
            && !char.IsAsciiDigit(last[^1]);
    }

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
