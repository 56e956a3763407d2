using System.Collections.Frozen;

namespace OutageAggregator.Core.Services;

/// <summary>
/// Every service and family that can be reported, and how people find them: those of the file, and those that were proposed and accepted
/// since. What is read is one immutable snapshot, which <see cref="Accept"/> replaces whole, so no reader waits and none sees a half of it.
/// </summary>
public sealed class Catalog
{
    /// <summary>The most services a catalog holds.</summary>
    public const int MaxServices = 50_000;

    private readonly ImmutableArray<Service> _ofFile;
    private readonly FrozenSet<string> _domainsOfFile;
    private Contents _now;

    /// <exception cref="ArgumentException">
    /// Two services share a slug or a domain, or one names an unknown category; the message says which.
    /// </exception>
    public Catalog(IEnumerable<Category> categories, IEnumerable<Service> services)
    {
        Categories = [.. categories];
        _ofFile = [.. services];
        if (_ofFile.Length > MaxServices)
            throw new ArgumentException($"A catalog holds at most {MaxServices} services, not {_ofFile.Length}.", nameof(services));
        if (_ofFile.GroupBy(s => s.Slug).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw new ArgumentException($"The slug '{twice.Key}' is used by {twice.Count()} services.", nameof(services));
        if (_ofFile.FirstOrDefault(s => !Categories.Any(c => c.Code == s.Category)) is { } stray)
            throw new ArgumentException($"The service '{stray.Slug}' names the unknown category '{stray.Category}'.", nameof(services));
        if (_ofFile.SelectMany(s => s.Domains).GroupBy(d => d, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1) is { } domain)
            throw new ArgumentException($"The domain '{domain.Key}' is used by {domain.Count()} services.", nameof(services));
        _domainsOfFile = _ofFile.SelectMany(s => s.Domains).ToFrozenSet(StringComparer.Ordinal);
        _now = new Contents(_ofFile);
    }

    /// <summary>In the order of the home page.</summary>
    public ImmutableArray<Category> Categories { get; }

    /// <summary>Services and families, by name.</summary>
    public ImmutableArray<Service> Services => Now.Services;

    private Contents Now => Volatile.Read(ref _now);

    /// <summary>The service with a slug, or null.</summary>
    public Service? Find(ServiceSlug slug) => Now.BySlug.GetValueOrDefault(slug);

    /// <summary>
    /// The service that a person's or script's text names exactly: its slug, its name or an alias, whatever the case and
    /// accents, or an address on one of its domains; null where none or more than one does.
    /// </summary>
    public Service? Resolve(string text) => Now.Search.Exact(text);

    /// <summary>
    /// Services that a text asks for by slug, name, alias or address, best first: forgives typos, and words that only ask or that
    /// nobody knows.
    /// </summary>
    public IReadOnlyList<Service> Search(string query, int limit) => [.. Find(query, limit).Select(h => h.Service)];

    /// <summary>
    /// The one service that a text asks for and no other, once the words that only ask have fallen away: it may be opened at once. Null
    /// where none or more than one is.
    /// </summary>
    public Service? Asked(string query) => Find(query, 2) switch
    {
        [{ Closeness: Closeness.Exact }, { Closeness: Closeness.Exact }] => null,
        [{ Closeness: Closeness.Exact } only, ..] => only.Service,
        _ => null,
    };

    /// <summary>
    /// True where services are called all that a text means: it is none that the catalog lacks. Names may go on where it ends: of "o2"
    /// there is one in several countries.
    /// </summary>
    public bool Lists(string text) => Now.Search.Lists(text);

    /// <summary>The same as <see cref="Search"/>, with how well each answers.</summary>
    public IReadOnlyList<SearchHit> Find(string query, int limit) => Now.Search.Find(query, limit);

    /// <summary>
    /// Shows, beside the services of the file, those that were accepted, in place of all accepted before. The file wins: a service whose
    /// slug it has is left out, and so are domains that it gives to another one. A category that the file lost becomes its last one. Of
    /// two accepted ones the first keeps what both claim.
    /// </summary>
    /// <param name="accepted">All of them, the oldest first; those beyond <see cref="MaxServices"/> are left out.</param>
    public void Accept(IEnumerable<Service> accepted)
    {
        var all = new List<Service>(_ofFile);
        var slugs = _ofFile.Select(s => s.Slug).ToHashSet();
        var domains = new HashSet<string>(_domainsOfFile, StringComparer.Ordinal);
        foreach (var service in accepted)
        {
            if (all.Count >= MaxServices || !slugs.Add(service.Slug))
                continue;
            all.Add(service with
            {
                Category = Categories.Any(c => c.Code == service.Category) ? service.Category : Categories[^1].Code,
                Domains = [.. service.Domains.Where(domains.Add)],
            });
        }
        Volatile.Write(ref _now, new Contents(all));
    }

    private sealed class Contents
    {
        internal Contents(IEnumerable<Service> services)
        {
            Services = [.. services.OrderBy(s => s.Name, StringComparer.OrdinalIgnoreCase)];
            BySlug = Services.ToFrozenDictionary(s => s.Slug);
            Search = new ServiceSearch(Services);
        }

        internal ImmutableArray<Service> Services { get; }
        internal FrozenDictionary<ServiceSlug, Service> BySlug { get; }
        internal ServiceSearch Search { get; }
    }
}
