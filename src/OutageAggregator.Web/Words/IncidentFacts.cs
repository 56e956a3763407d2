using OutageAggregator.Runtime.Reading;

namespace OutageAggregator.Web.Words;

/// <summary>What the sentence of an incident states.</summary>
/// <param name="Name">The service's name.</param>
/// <param name="Reports">Reports counted while it lasted.</param>
/// <param name="Peak">Reports in its worst minute.</param>
/// <param name="From">Its onset.</param>
/// <param name="PeakAt">Its worst minute.</param>
/// <param name="To">Its end, or the minute until which an open one is told.</param>
/// <param name="IsOpen">True while it lasts.</param>
internal readonly record struct IncidentFacts(
    string Name, int Reports, int Peak, DateTimeOffset From, DateTimeOffset PeakAt, DateTimeOffset To, bool IsOpen)
{
    internal bool IsOneDay => From.Date == To.Date;

    internal bool IsPeakElsewhere => PeakAt.Date != From.Date;

    internal static IncidentFacts Of(IncidentView view) => new(
        view.Service.Name,
        view.Reports,
        view.Incident.Peak.ReportsPerMinute,
        view.Incident.StartedAt.Start,
        view.Incident.Peak.At.Start,
        (view.Incident.EndedAt ?? view.At).Start,
        view.Incident.EndedAt is null);
}
