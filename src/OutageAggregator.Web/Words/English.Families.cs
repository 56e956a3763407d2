namespace OutageAggregator.Web.Words;

// What a family says of its members.
internal partial class English
{
    // Of more than so many only one less is named, and the rest counted.
    private const int MostNamed = 4;

    // Of a family's members only their names are known then.
    private static string OpenBefore(Situation situation) => string.Concat(situation.Members.Where(m => m.IncidentId is not null).Take(3)
        .Select(m => $" {m.Service.Name} had an outage before."));

    // Of a family's members in outage the worst with its numbers, the others by name, those that are getting better and those just over apart.
    private string Members(Situation situation)
    {
        var hit = situation.MembersInOutage.ToList();
        if (hit.Count == 0)
            return OthersJustOver(situation);
        var others = hit.Skip(1).Where(m => m.IsRecovering == hit[0].IsRecovering).ToList();
        var better = hit.Where(m => m.IsRecovering && !hit[0].IsRecovering).ToList();
        return $" {hit[0].Service.Name} has an outage: {Reports(hit[0].Pulse.Reports15m)} in the last 15 minutes{WhereUsual(hit[0].Pulse.Expected15m)}."
            + (others.Count == 0 ? "" : $" So {(others.Count == 1 ? "has" : "have")} {Named(others)}.")
            + (better.Count == 0 ? "" : $" Getting better: {Named(better)}.")
            + OthersJustOver(situation);
    }

    private string OnlyFamily(Situation situation) => situation.World.Reports15m switch
    {
        0 => "",
        1 => $" 1 more report names only {situation.Name}.",
        var more => $" {Count(more)} more reports name only {situation.Name}.",
    };

    // The member of which a crowd may be under way, and the others by name.
    private string MembersInCrowd(Situation situation) => situation.MembersInCrowd.ToList() is not [var first, .. var others] ? ""
        : $"{Reports(first.Pulse.Reports15m)} of trouble with {first.Service.Name} {Lately(situation.Freshness)}{(first.Pulse.Expected15m is null ? "" : WhereUsual(first.Pulse.Expected15m))}."
            + (others.Count == 0 ? " " : $" Reported, too: {Named(others)}. ");

    private string MoreOf(Situation situation) => More([.. situation.MembersElevated]);

    private string More(List<ServiceSummary> members) => members.Count == 0 ? "" : $" More than usual: {Named(members)}.";

    private string OthersJustOver(Situation situation) =>
        situation.MembersJustOver.Any() ? $" Just over: {Named(situation.MembersJustOver)}." : "";

    // "Facebook: over since 07:05 UTC after 20 minutes; Instagram: over since 06:59 UTC after 12 minutes; and 2 more".
    private string MembersOver(Situation situation)
    {
        var over = situation.MembersJustOver.ToList();
        var shown = over.Take(over.Count > MostNamed ? MostNamed - 1 : MostNamed).ToList();
        return string.Join("; ", shown.Select(m => $"{m.Service.Name}: {Capital(Over(m.Recent!), upper: false)}"))
            + (over.Count > shown.Count ? $"; and {Count(over.Count - shown.Count)} more" : "");
    }

    /// <summary>"Sora", "Sora and Codex", "Sora, Codex, Atlas and 2 more".</summary>
    private string Named(IEnumerable<ServiceSummary> services)
    {
        var names = services.Select(s => s.Service.Name).ToList();
        return names.Count switch
        {
            1 => names[0],
            <= MostNamed => $"{string.Join(", ", names.SkipLast(1))} and {names[^1]}",
            _ => $"{string.Join(", ", names.Take(MostNamed - 1))} and {Count(names.Count - MostNamed + 1)} more",
        };
    }
}
