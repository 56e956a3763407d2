using System.Collections.Frozen;

namespace OutageAggregator.Core.Services;

/// <summary>Every service and family that can be reported, and how people find them. Immutable.</summary>
public sealed class Catalog
{
    /// <summary>The most services a catalog holds.</summary>
    public const int MaxServices = 50_000;

    private readonly FrozenDictionary<ServiceSlug, Service> _bySlug;
    private readonly ServiceSearch _search;

    /// <exception cref="ArgumentException">
    /// Two services share a slug or a domain, or one names an unknown category; the message says which.
    /// </exception>
    public Catalog(IEnumerable<Category> categories, IEnumerable<Service> services)
    {
        Categories = [.. categories];
        Services = [.. services.OrderBy(s => s.Name, StringComparer.OrdinalIgnoreCase)];
        if (Services.Length > MaxServices)
            throw new ArgumentException($"A catalog holds at most {MaxServices} services, not {Services.Length}.", nameof(services));
        if (Services.GroupBy(s => s.Slug).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw new ArgumentException($"The slug '{twice.Key}' is used by {twice.Count()} services.", nameof(services));
        if (Services.FirstOrDefault(s => !Categories.Any(c => c.Code == s.Category)) is { } stray)
            throw new ArgumentException($"The service '{stray.Slug}' names the unknown category '{stray.Category}'.", nameof(services));
        if (Services.SelectMany(s => s.Domains).GroupBy(d => d, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1) is { } domain)
            throw new ArgumentException($"The domain '{domain.Key}' is used by {domain.Count()} services.", nameof(services));
        _bySlug = Services.ToFrozenDictionary(s => s.Slug);
        _search = new ServiceSearch(Services);
    }

    /// <summary>In the order of the home page.</summary>
    public ImmutableArray<Category> Categories { get; }

    /// <summary>Services and families, by name.</summary>
    public ImmutableArray<Service> Services { get; }

    /// <summary>The service with a slug, or null.</summary>
    public Service? Find(ServiceSlug slug) => _bySlug.GetValueOrDefault(slug);

    /// <summary>
    /// The service that a person's or script's text names exactly: its slug, its name or an alias, whatever the case and
    /// accents, or an address on one of its domains; null where none or more than one does.
    /// </summary>
    public Service? Resolve(string text) => _search.Exact(text);

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

    /// <summary>The same as <see cref="Search"/>, with how well each answers.</summary>
    public IReadOnlyList<SearchHit> Find(string query, int limit) => _search.Find(query, limit);
}
