namespace OutageAggregator.Web.Features.Services;

/// <summary>A page of the list of services.</summary>
/// <param name="Next">Cursor of the next page; null on the last one.</param>
public sealed record ServiceListAnswer(ImmutableArray<ListedItem> Items, string? Next);

/// <summary>One line of the list, and why it is there.</summary>
/// <param name="Item">What the list says of it.</param>
/// <param name="Match">
/// With <c>query</c>: <c>exact</c> where the text asks for this service and nothing else, <c>good</c> where it begins its name or names it
/// among other words, <c>guess</c> for something like it, to be offered as a question. Left out without.
/// </param>
public sealed record ListedItem(
    [property: JsonIgnore] ServiceItem Item, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Closeness? Match)
    : ServiceItem(Item)
{
    internal static new ListedItem Of(ServiceSummary s) => new(ServiceItem.Of(s), s.Match);
}

/// <summary>One line of the list.</summary>
/// <param name="Category">Code of a category.</param>
/// <param name="Status">
/// <c>unknown</c> means that the data is stale, or that there is no history yet to call anything usual: show it grey, never green. Of a family
/// the worst of its own and its members'.
/// </param>
/// <param name="Since">
/// When the status began: the onset or end of an incident where there is one, the last observation where the data is stale; null where
/// nothing ever happened.
/// </param>
/// <param name="Reports15m">Reports told in time in the last 15 minutes, all regions together.</param>
/// <param name="Expected15m">
/// Reports usual in those of the 15 minutes that were observed. Null while there is not enough history: see <c>history</c>.
/// </param>
/// <param name="IncidentId">The open incident; left out where there is none. Of a family that of its worst member.</param>
/// <param name="History">What had been seen when this was told.</param>
/// <param name="Recent">
/// The incident that is over for an hour at most. Left out where there is none. Of a family its own, or else
/// that of its worst member where none of them is in outage.
/// </param>
public record ServiceItem(
    [property: JsonPropertyOrder(-1)] string Slug, [property: JsonPropertyOrder(-1)] string Name,
    [property: JsonPropertyOrder(-1)] string Category, [property: JsonPropertyOrder(-1)] ServiceStatus Status,
    [property: JsonPropertyOrder(-1)] DateTimeOffset? Since, [property: JsonPropertyOrder(-1)] int Reports15m,
    [property: JsonPropertyOrder(-1)] double? Expected15m,
    [property: JsonPropertyOrder(-1), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? IncidentId,
    [property: JsonPropertyOrder(-1)] HistoryAnswer History,
    [property: JsonPropertyOrder(-1), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] RecentAnswer? Recent)
{
    internal static ServiceItem Of(ServiceSummary s) => new(
        s.Service.Slug.ToString(), s.Service.Name, s.Service.Category, s.Status, s.Since, s.Pulse.Reports15m,
        Rounded.Of(s.Pulse.Expected15m), s.IncidentId?.ToString(), HistoryAnswer.Of(s.History),
        s.Recent is { } recent ? RecentAnswer.Of(recent) : null);
}

/// <summary>The service, with the last 15 minutes by problem, surface and region.</summary>
/// <param name="Item">What the list says of it.</param>
/// <param name="Family">Slug of the family it belongs to.</param>
/// <param name="Ratio">Reports over usual; null where fewer than one is usual, and where that is not known.</param>
/// <param name="Domains">Hosts at which it is used: an address on one of them, or below, finds it.</param>
/// <param name="StatusPage">Address at which the provider says how things stand.</param>
/// <param name="Members">
/// For a family: its services, the worst first: in outage, recovering, just over, the rest. What is counted for a family is reports of its own ("not sure which product"), so nobody is
/// counted twice.
/// </param>
/// <param name="Problems">Of the last 15 minutes, most reported first.</param>
/// <param name="Surfaces">Of the last 15 minutes, most reported first.</param>
/// <param name="Regions">Of the last 15 minutes, most reported first.</param>
/// <param name="Back15m">"Back for me" in the last 15 minutes.</param>
/// <param name="StillBrokenShare">
/// down / (down + back) of the last 15 minutes; null where nobody said either, and for an hour after an incident: see <c>tail</c>.
/// </param>
/// <param name="Tail">For an hour after an incident, by quarters of an hour since its end: what was still said.</param>
/// <param name="Official">The provider's newest statement.</param>
/// <param name="Confidence">
/// How far the usual can be trusted: <c>too-few</c> with less than 7 days learnt or fewer than 12 reports usual in a day; <c>erratic</c>
/// where the hours of the last week scattered around the usual with an overdispersion of 0.5 or more (variance = mean + 0.5 mean²); else
/// <c>good</c>.
/// </param>
public sealed record ServiceAnswer(
    [property: JsonIgnore] ServiceItem Item, double? Ratio, ImmutableArray<string> Aliases, string? Family, ImmutableArray<ServiceItem> Members,
    string? Homepage, ImmutableArray<string> Domains, string? StatusPage, ImmutableArray<RecentShare> Problems, ImmutableArray<RecentShare> Surfaces,
    ImmutableArray<RecentShare> Regions, int Back15m, [property: Range(0d, 1)] double? StillBrokenShare, ImmutableArray<TailAnswer> Tail, StatementAnswer? Official,
    Confidence Confidence)
    : ServiceItem(Item)
{
    internal static ServiceAnswer Of(ServiceDetails d)
    {
        var service = d.Summary.Service;
        return new ServiceAnswer(
            ServiceItem.Of(d.Summary), Rounded.Of(d.Summary.Pulse.Ratio), service.Aliases, service.Family?.ToString(),
            [.. d.Summary.Members.Select(ServiceItem.Of)],
            service.Homepage, service.Domains, service.StatusPage,
            [.. d.Problems.Select(p => RecentShare.Of(p.Of.Code(), Languages.English.Of(p.Of), p))],
            [.. d.Surfaces.Select(s => RecentShare.Of(s.Of.Code(), Languages.English.Of(s.Of), s))],
            [.. d.Regions.Select(r => RecentShare.Of(r.Of.ToString(), r.Of.Name, r))], d.Back15m,
            Rounded.Of(d.StillBrokenShare), [.. d.Tail.Select(TailAnswer.Of)], Official: null, d.Confidence);
    }
}

/// <summary>What was said in a part of the time since an incident's end.</summary>
/// <param name="FromMinutes">Minutes since the end.</param>
/// <param name="ToMinutes">Minutes since the end.</param>
/// <param name="StillBrokenShare">down / (down + back); null where nobody said "back": that nobody did proves nothing.</param>
public readonly record struct TailAnswer(
    int FromMinutes, int ToMinutes, int Reports, int Back, [property: Range(0d, 1)] double? StillBrokenShare)
{
    internal static TailAnswer Of(TailPart part) =>
        new(part.FromMinutes, part.ToMinutes, part.Reports, part.Back, Rounded.Of(part.StillBrokenShare));
}

/// <summary>How many of the reports of the last 15 minutes name something.</summary>
/// <param name="Label">English.</param>
/// <param name="Share">Part of all reports, 0 to 1.</param>
public readonly record struct RecentShare(string Code, string Label, int Reports15m, [property: Range(0d, 1)] double Share)
{
    internal static RecentShare Of<T>(string code, string label, Share<T> share)
        where T : struct => new(code, label, share.Reports, Rounded.Of(share.Portion));
}
