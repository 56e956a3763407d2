using OutageAggregator.Runtime.Files;
using OutageAggregator.Runtime.Settings;

namespace OutageAggregator.Runtime.Services;

/// <summary>
/// Reads the catalog from a JSON file, strictly: a catalog with a fault stops the start, and the message names the file, the place and
/// what to do.
/// <code>
///   { "categories": [ { "code", "name" } ],                                            in the order of the home page
///     "families":   [ { "slug", "name", "category", "aliases"?, "zone", "homepage"?, "domains"?, "statusPage"? } ],
///     "services":   [ { "slug", "name", "category", "aliases"?, "family"?, "zone", "homepage"?, "domains"?, "statusPage"? } ] }
/// </code>
/// The members of a family are the services that name it; they are not written twice. A domain is a bare host of one service, as in
/// "chatgpt.com": who searches for an address finds whose it is, hosts below it included.
/// </summary>
public static class CatalogFile
{
    /// <exception cref="SettingsException">The file can't be read, or has a fault; the message says where.</exception>
    public static async Task<Catalog> LoadAsync(string path, CancellationToken cancellation)
    {
        try
        {
            return Read(await StrictJsonFile.ReadAsync<FileShape>(path, "catalog", cancellation), path);
        }
        catch (InvalidDataException e)
        {
            throw new SettingsException(e.Message, e);
        }
    }

    private static Catalog Read(FileShape file, string path)
    {
        var categories = new Dictionary<string, Category>(StringComparer.Ordinal);
        foreach (var (index, (code, name)) in file.Categories.Index())
        {
            var place = Invariant($"categories[{index}] '{code}'");
            if (!ServiceSlug.TryParse(code, out _))
                throw Fault(path, place, "its code must be made of a-z, 0-9 and single inner hyphens");
            if (!categories.TryAdd(code, new Category(code, name)))
                throw Fault(path, place, "its code is used twice");
            if (ServiceFaults.FaultOfName(name, "name") is { } fault)
                throw Fault(path, place, fault);
        }

        var families = file.Families.Select(f => f.Slug).ToHashSet(StringComparer.Ordinal);
        var members = file.Services.Where(s => s.Family is not null).ToLookup(s => s.Family!, s => s.Slug, StringComparer.Ordinal);
        var services = new Dictionary<string, Service>(StringComparer.Ordinal);
        var owners = new Dictionary<string, string>(StringComparer.Ordinal);
        // Services first: a family lists the slugs of its members, which are known to be slugs then.
        foreach (var (index, entry) in file.Services.Index())
        {
            var place = Invariant($"services[{index}] '{entry.Slug}'");
            if (entry.Family is not null && !families.Contains(entry.Family))
                throw Fault(path, place, $"its family '{entry.Family}' is none of: {string.Join(", ", families)}");
            Add(entry, place);
        }
        foreach (var (index, entry) in file.Families.Index())
        {
            var place = Invariant($"families[{index}] '{entry.Slug}'");
            if (entry.Family is not null)
                throw Fault(path, place, "a family belongs to no other family; remove its \"family\"");
            if (!members[entry.Slug].Any())
                throw Fault(path, place, "no service names this family; remove it, or name it in a service's \"family\"");
            Add(entry, place);
        }
        if (services.Count is 0 or > Catalog.MaxServices)
            throw Fault(path, "services", Invariant($"there are {services.Count}; allowed are 1 to {Catalog.MaxServices}"));
        return new Catalog(file.Categories.Select(c => categories[c.Code]), services.Values);

        void Add(EntryShape entry, string place)
        {
            var service = Check(entry, categories, path, place) with
            {
                Members = [.. (families.Contains(entry.Slug) ? members[entry.Slug] : []).Select(ServiceSlug.Parse)],
            };
            if (!services.TryAdd(entry.Slug, service))
                throw Fault(path, place, "its slug is used twice; give one of them another");
            foreach (var domain in service.Domains.Where(d => !owners.TryAdd(d, entry.Slug)))
                throw Fault(path, place, $"its domain '{domain}' is one of '{owners[domain]}' already; leave it to one of them");
        }
    }

    private static Service Check(EntryShape entry, Dictionary<string, Category> categories, string path, string place)
    {
        var written = new WrittenEntry(
            entry.Slug, entry.Name, entry.Category, entry.Aliases ?? [], entry.Zone, entry.Homepage, entry.Domains ?? [], entry.StatusPage);
        foreach (var (_, fault) in ServiceFaults.Of(written, categories.Keys))
            throw Fault(path, place, fault);
        var family = entry.Family is null ? (ServiceSlug?)null : ServiceSlug.Parse(entry.Family);
        return new Service(
            ServiceSlug.Parse(entry.Slug), entry.Name, entry.Category, written.Aliases, family, entry.Zone, entry.Homepage)
        {
            Domains = written.Domains,
            StatusPage = entry.StatusPage,
        };
    }

    private static SettingsException Fault(string path, string place, string fault) => new($"The catalog {path}, {place}: {fault}.");

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);

    private sealed record FileShape(List<CategoryShape> Categories, List<EntryShape> Families, List<EntryShape> Services);

    private sealed record CategoryShape(string Code, string Name);

    private sealed record EntryShape(
        string Slug, string Name, string Category, string Zone,
        ImmutableArray<string>? Aliases = null, string? Family = null, string? Homepage = null, ImmutableArray<string>? Domains = null,
        string? StatusPage = null);
}
