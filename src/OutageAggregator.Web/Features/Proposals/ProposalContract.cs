namespace OutageAggregator.Web.Features.Proposals;

/// <summary>A report for something that the catalog lacks. Only `name` is needed, and only it is refused where it is not understood.</summary>
/// <param name="Name">What is down: its name, or its address.</param>
/// <param name="Url">Its address, where that is not the name: its domain is kept.</param>
/// <param name="Region">A code of ISO 3166-1, a name, or a time zone that means a country.</param>
/// <param name="TimeZone">IANA time zone of the browser.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record ProposalInput(
    [property: JsonRequired, MaxLength(ProposedName.MaxLength)] string Name, [property: MaxLength(2_048)] string? Url,
    [property: MaxLength(64)] string? Region, [property: MaxLength(64)] string? TimeZone);

/// <summary>What became of a report for something that the catalog lacks.</summary>
/// <param name="Id">Of the group of all who named the same.</param>
/// <param name="Name">As it was understood.</param>
/// <param name="Domain">Of its address; null where none was given.</param>
/// <param name="Reason">Only where it was not counted.</param>
/// <param name="Until">Only of a duplicate, or of too many names: from when on you count again.</param>
/// <param name="ReportsLastHour">Reports of the same in the last hour, this one included where it was counted.</param>
/// <param name="Notes">Only where something was not understood: each such field, and what may be written.</param>
/// <param name="Sentence">English: what it is counted as, how many others named it, and what happens next.</param>
public sealed record ProposalReceiptAnswer(
    string Id, string Name, string? Domain, Region Region, DateTimeOffset ReceivedAt, bool Counted,
    [property: Optional, AllowedValues("duplicate", "too-many-names", "full"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Reason,
    [property: Optional, JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] DateTimeOffset? Until, int ReportsLastHour,
    [property: Optional, JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<ProposalNote>? Notes, string Sentence);

/// <summary>What was not understood of a proposal.</summary>
/// <param name="Message">English: what became of it, and what may be written.</param>
public readonly record struct ProposalNote(string Field, string Message);

/// <summary>A name that people report under, and that no service has.</summary>
/// <param name="Name">As it was first written.</param>
/// <param name="Domain">The first domain that was named with it; null where none was.</param>
/// <param name="Reports">All that were ever counted.</param>
public sealed record ProposalAnswer(
    string Id, string Name, string? Domain, DateTimeOffset FirstAt, DateTimeOffset LastAt, int Reports, int Reports15m, int Reports24h)
{
    internal static ProposalAnswer Of(Proposal p) =>
        new(p.Id.ToString(), p.Name, p.Domain, p.FirstAt, p.LastAt, p.Reports, p.Last15m, p.Last24h);
}

/// <summary>A page of proposals, those with the most reports first.</summary>
/// <param name="Next">Cursor of the next page; null on the last one.</param>
public sealed record ProposalListAnswer(ImmutableArray<ProposalAnswer> Items, string? Next);

/// <summary>The service that a proposal becomes.</summary>
/// <param name="Slug">Its stable name: 1 to 48 of a-z, 0-9 and single inner hyphens.</param>
/// <param name="Category">Code of one of the catalog's categories.</param>
/// <param name="Name">The proposal's where left out.</param>
/// <param name="Zone">IANA time zone in which its day has its shape; UTC where left out.</param>
/// <param name="Aliases">Other names that people type; the proposal's own is among them by itself.</param>
/// <param name="Domains">Hosts at which people use it; the proposal's where left out.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record AcceptInput(
    [property: JsonRequired, MaxLength(ServiceSlug.MaxLength)] string Slug, [property: JsonRequired] string Category,
    [property: MaxLength(80)] string? Name, string? Zone, [property: MaxLength(40)] ImmutableArray<string>? Aliases,
    [property: MaxLength(20)] ImmutableArray<string>? Domains, string? Homepage, string? StatusPage);

/// <summary>A service that was proposed and accepted.</summary>
/// <param name="Proposal">Id of the proposal whose counts are its own now.</param>
public sealed record AcceptedAnswer(
    string Slug, string Name, string Category, string Zone, ImmutableArray<string> Aliases, ImmutableArray<string> Domains, string? Homepage,
    string? StatusPage, string Proposal, DateTimeOffset AcceptedAt)
{
    internal static AcceptedAnswer Of(AcceptedProposal a) => new(
        a.Service.Slug.ToString(), a.Service.Name, a.Service.Category, a.Service.Zone, a.Service.Aliases, a.Service.Domains,
        a.Service.Homepage, a.Service.StatusPage, a.Proposal.ToString(), a.At);
}
