namespace OutageAggregator.Core.Services;

/// <summary>A kind of service, as the home page groups them; the code is stable, the name is for people.</summary>
public sealed record Category(string Code, string Name);

/// <summary>One product that people can report: "ChatGPT", "Vodafone Italy".</summary>
/// <param name="Slug">The stable name.</param>
/// <param name="Name">The name people know.</param>
/// <param name="Category">Code of one of the catalog's categories.</param>
/// <param name="Aliases">Other names people type: former names, abbreviations, other scripts.</param>
/// <param name="Family">The family it belongs to, if any.</param>
/// <param name="Zone">IANA time zone in which its day has its shape (baselines are learnt in local time).</param>
/// <param name="Homepage">Address of the product or its status page, if known.</param>
public sealed record Service(
    ServiceSlug Slug, string Name, string Category, ImmutableArray<string> Aliases, ServiceSlug? Family, string Zone, string? Homepage)
{
    /// <summary>
    /// A family ("Google, not sure which product") is counted under a slug of its own, so that a report that names it is
    /// neither lost nor counted for a product it does not speak of; <see cref="Members"/> then lists the family's products.
    /// </summary>
    public ImmutableArray<ServiceSlug> Members { get; init; } = [];

    /// <summary>Hosts at which people use it, in lower case: <c>chatgpt.com</c>. Those below them are its own, too, unless another's.</summary>
    public ImmutableArray<string> Domains { get; init; } = [];

    /// <summary>Address at which the provider says how things stand, if known.</summary>
    public string? StatusPage { get; init; }

    /// <summary>
    /// When it was listed here, where that was while others were counted already: before it nobody could report it by its name. Null where
    /// it is as old as the catalog.
    /// </summary>
    public DateTimeOffset? ListedAt { get; init; }

    /// <summary>True where this entry stands for a family and not for one product.</summary>
    public bool IsFamily => !Members.IsDefaultOrEmpty;
}
