namespace OutageAggregator.Web.Words;

// What is said to somebody who has just told us something.
internal partial class English
{
    /// <summary>To "it's back for me", where others hear whether it is just them.</summary>
    internal virtual string ThanksForBack(Situation situation) =>
        $"Thank you for telling that {situation.Name} works again for you. {OfOthers(situation)}".TrimEnd();

    /// <summary>How it is for others, to who has said that it is back, and was thanked; empty where nobody knows.</summary>
    internal virtual string OfOthers(Situation situation) => $"{OfItself(situation)}{OfItsMembers(situation)}".TrimStart();

    private string OfItself(Situation situation) => (situation.Finding, situation.World.Reports15m) switch
    {
        (Finding.Unknown, _) => "",
        (_, 0) when OfItsMembers(situation).Length > 0 => "",
        (_, 0) => $"Nobody reported trouble with it {Lately(situation.Freshness)}.",
        (_, var still) =>
            $"{Capital(Lately(situation.Freshness))} there {(still == 1 ? "was" : "were")} {Reports(still)} of trouble with it.",
    };

    private string OfItsMembers(Situation situation) => situation.Members.IsEmpty ? "" : situation.Finding switch
    {
        Finding.Outage or Finding.Recovering or Finding.OutageOfMembers or Finding.RecoveringOfMembers => Members(situation),
        Finding.Unknown or Finding.Beginning => "",
        _ => $"{OthersJustOver(situation)}{MoreOf(situation)}{(MembersInCrowd(situation) is { Length: > 0 } crowd ? $" {crowd.TrimEnd()}" : "")}",
    };

    internal virtual string OthersNow => "How it is for others";
    internal virtual string ThanksAdded => "Thank you, it's added";
    internal virtual string ReportAdded(string service) => $"What you added stands with your report about {service}.";

    /// <summary>What of a form was not understood, or not taken; names of its fields.</summary>
    internal virtual string LeftOut(IEnumerable<string> fields) =>
        $"Not taken, as it was not understood or was said before: {string.Join(", ", fields.Select(FieldName))}.";

    private static string FieldName(string field) => field switch
    {
        "problem" => "what you see",
        "surface" => "where you use it",
        "region" or "timeZone" => "the country",
        "comment" => "a part of the comment",
        "wentTo" or "wentToWorked" => "where you went instead",
        _ => field,
    };
}
