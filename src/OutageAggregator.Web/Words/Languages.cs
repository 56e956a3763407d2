namespace OutageAggregator.Web.Words;

/// <summary>
/// The languages in which something is said to people. What pages and citations say is in this folder: a language is one class that
/// overrides what it can say, and one name in this list. What it can't say yet is said in English. Why a request was refused is said in
/// English where it is refused.
/// </summary>
internal static class Languages
{
    internal static English English { get; } = new();

    /// <summary>In the order in which answers name them.</summary>
    internal static IReadOnlyList<English> All { get; } = [English, new Italian(), new Persian(), new Spanish()];

    /// <summary>An incident in a sentence of each language, with times of UTC: a citation is the same for everybody.</summary>
    internal static IReadOnlyDictionary<string, string> Cite(IncidentView view, ServerNotice notice)
    {
        var facts = IncidentFacts.Of(view, PageZone.Utc);
        return All.ToDictionary(l => l.Code, l => l.Mark(notice) + l.Incident(facts), StringComparer.Ordinal);
    }
}

/// <summary>What the sentence of an incident states, with the times of the zone in which it is told.</summary>
/// <param name="Peak">Reports in its worst minute.</param>
/// <param name="To">Its end, or the minute until which an open one is told.</param>
/// <param name="Minutes">How long it lasted as far as that was observed.</param>
/// <param name="Gaps">What of it was not observed.</param>
/// <param name="LastSeen">The last minute in which an open one was observed; null where it is observed now.</param>
/// <param name="LastsUnseen">True where the last gap goes on.</param>
internal readonly record struct IncidentFacts(
    string Name, int Reports, int Peak, DateTimeOffset From, DateTimeOffset PeakAt, DateTimeOffset To, bool IsOpen, int Minutes,
    ImmutableArray<MinuteRange> Gaps, DateTimeOffset? LastSeen, bool LastsUnseen)
{
    internal int Unobserved => Gaps.Sum(g => g.Length);
    internal bool IsOneDay => From.Date == To.Date;
    internal bool IsPeakElsewhere => PeakAt.Date != From.Date;

    internal static IncidentFacts Of(IncidentView view, PageZone zone) => new(
        view.Service.Name, view.Reports, view.Incident.Peak.ReportsPerMinute, zone.At(view.Incident.StartedAt.Start),
        zone.At(view.Incident.Peak.At.Start), zone.At(view.To.Start), view.Incident.EndedAt is null, view.Minutes, view.Gaps,
        view.UnseenSince is { } unseen ? zone.At((unseen - 1).Start) : null,
        view.UnseenSince is not null && view.Gaps[^1].To > view.At);
}
