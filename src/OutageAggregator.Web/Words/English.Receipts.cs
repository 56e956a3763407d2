namespace OutageAggregator.Web.Words;

// What is said to somebody who has just told us something.
internal partial class English
{
    /// <summary>To "it's back for me", where others hear whether it is just them.</summary>
    internal virtual string ThanksForBack(Situation situation)
    {
        var others = (situation.Finding, situation.World.Reports15m) switch
        {
            (Finding.Unknown, _) => "",
            (_, 0) => " Nobody reported trouble with it in the last 15 minutes.",
            (_, var still) => $" In the last 15 minutes there {(still == 1 ? "was" : "were")} {Reports(still)} of trouble with it.",
        };
        return $"Thank you for telling that {situation.Name} works again for you.{others}";
    }

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
