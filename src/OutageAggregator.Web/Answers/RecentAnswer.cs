namespace OutageAggregator.Web.Answers;

/// <summary>What had been seen when something was told.</summary>
/// <param name="Since">When this server began to count, 28 days ago at the earliest; null where it never did.</param>
/// <param name="Enough">
/// Whether this time of day was seen on 4 days: before that nothing is called usual, and an outage is told by counts and distinct reporters
/// alone.
/// </param>
public readonly record struct HistoryAnswer(DateTimeOffset? Since, bool Enough)
{
    internal static HistoryAnswer Of(History history) => new(history.Since, history.IsEnough);
}

/// <summary>An incident that is over for an hour at most.</summary>
/// <param name="EndedAt">Estimated first minute back at the usual, or after the last one that was observed.</param>
/// <param name="DurationMinutes">How long it lasted as far as that was observed.</param>
/// <param name="DurationIsAtLeast">True where a part was not observed.</param>
/// <param name="Tail">True: for an hour it explains what is more than usual.</param>
/// <param name="BackToUsual">
/// True where what comes in is as usual again: since its end a quarter of an hour, or what there was of it, brought no more than chance does
/// one time in a hundred. It stays so for the rest of the hour.
/// </param>
public sealed record RecentAnswer(string IncidentId, DateTimeOffset EndedAt, int DurationMinutes, bool DurationIsAtLeast, bool Tail, bool BackToUsual)
{
    internal static RecentAnswer Of(IncidentView view) =>
        new(view.Incident.Id.ToString(), view.To.Start, view.Minutes, view.IsAtLeast, Tail: true, view.IsBackToUsual);
}
