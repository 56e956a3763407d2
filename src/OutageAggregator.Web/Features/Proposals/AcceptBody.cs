using OutageAggregator.Runtime.Services;

namespace OutageAggregator.Web.Features.Proposals;

/// <summary>What a proposal becomes, as it is sent. Every fault is named at once.</summary>
internal struct AcceptBody() : IFields
{
    /// <summary>The largest body, bytes: room for 40 aliases and 20 domains of the longest.</summary>
    internal const int MaxBytes = 32_768;
    internal const string Example = """{"slug":"foobank","category":"banks","name":"Foo Bank","zone":"Europe/Rome","domains":["foobank.example"]}""";
    private const string SlugField = "slug";
    private const string AliasesField = "aliases";
    private const string DomainsField = "domains";
    private static readonly string[] s_names = [SlugField, "category", "name", "zone", AliasesField, DomainsField, "homepage", "statusPage"];
    private readonly FieldErrors _errors = new();
    private readonly Dictionary<string, List<string>> _told = new(StringComparer.Ordinal);

    public readonly ReadOnlySpan<string> Names => s_names;
    public readonly bool MayBeNull(int field) => field > 1;
    public readonly bool MayBeTruth(int field) => false;
    public readonly bool MayBeList(int field) => s_names[field] is AliasesField or DomainsField;
    public readonly void Fail(string field, string message) => _errors.Add(field, message);
    public readonly string Unknown(string field) => $"There is no such field. Known: {string.Join(", ", s_names)}.";

    public readonly void Begin(int field) => _told[s_names[field]] = [];

    public readonly void Set(int field, ReadOnlySpan<char> text)
    {
        if (PlainText.Fault(text) is { } fault)
            Fail(s_names[field], fault);
        else if (_told.TryGetValue(s_names[field], out var told))
            told.Add(text.ToString());
        else
            _told[s_names[field]] = [text.ToString()];
    }

    /// <summary>The service; null with every fault where it can't become one.</summary>
    internal readonly Service? Judge(Proposal proposal, Catalog catalog, out ProblemAnswer? problem)
    {
        var name = Said("name") ?? proposal.Name;
        ImmutableArray<string> aliases = [.. Told(AliasesField) ?? []];
        // Whoever named it so finds it, whatever it is called from now on, unless another service came by that name since.
        if (!aliases.Append(name).Contains(proposal.Name, StringComparer.OrdinalIgnoreCase) && proposal.Name != proposal.Domain
            && catalog.Resolve(proposal.Name) is null)
            aliases = aliases.Add(proposal.Name);
        var isDomainFree = proposal.Domain is { } named && ServiceFaults.IsDomain(named) && Owner(catalog, named) is null;
        var written = new WrittenEntry(
            Said(SlugField) ?? "", name, Said("category") ?? "", aliases, Said("zone") ?? "Etc/UTC", Said("homepage"),
            [.. Told(DomainsField) ?? (isDomainFree ? [proposal.Domain!] : [])], Said("statusPage"));
        Check(written, catalog);
        problem = _errors.Any ? ProblemAnswer.InvalidInput(_errors) : null;
        return problem is not null ? null : new Service(
            ServiceSlug.Parse(written.Slug), written.Name, written.Category, written.Aliases, Family: null, written.Zone, written.Homepage)
        {
            Domains = [.. written.Domains.Distinct(StringComparer.Ordinal)],
            StatusPage = written.StatusPage,
        };
    }

    private readonly void Check(WrittenEntry written, Catalog catalog)
    {
        foreach (var (field, fault) in ServiceFaults.Of(written, [.. catalog.Categories.Select(c => c.Code)]))
        {
            if (!_errors.Has(field))
                Fail(field, _told.ContainsKey(field) || field is not (SlugField or "category") ? $"{char.ToUpperInvariant(fault[0])}{fault[1..]}."
                    : $"A {field} is required: {fault}.");
        }
        if (ServiceSlug.TryParse(written.Slug, out var slug) && catalog.Find(slug) is { } taken)
            Fail(SlugField, $"'{slug}' is the slug of {taken.Name} already; choose another one.");
        if (catalog.Resolve(written.Name) is { } other && other.Slug != slug)
            Fail("name", $"{other.Name} ('{other.Slug}') is found by the name '{PlainText.Quote(written.Name)}' already; choose another one, or forget the proposal.");
        foreach (var alias in written.Aliases)
        {
            if (catalog.Resolve(alias) is { } found && found.Slug != slug)
                Fail(AliasesField, $"{found.Name} ('{found.Slug}') is found by the name '{PlainText.Quote(alias)}' already; leave it out.");
        }
        foreach (var domain in written.Domains)
        {
            if (Owner(catalog, domain) is { } owner)
                Fail(DomainsField, $"'{domain}' is a domain of {owner.Name} ('{owner.Slug}') already; leave it out.");
        }
        if (catalog.Services.Length >= Catalog.MaxServices)
            Fail(SlugField, $"The catalog holds {Catalog.MaxServices} services, which is the most.");
    }

    private static Service? Owner(Catalog catalog, string domain) =>
        catalog.Services.FirstOrDefault(s => s.Domains.Contains(domain, StringComparer.Ordinal));

    private readonly List<string>? Told(string field) => _told.GetValueOrDefault(field);
    private readonly string? Said(string field) => _told.GetValueOrDefault(field) is [var text, ..] ? text : null;

    /// <summary>The slug that is asked for, whatever else is wrong.</summary>
    internal readonly string? Slug => Said(SlugField);
}
