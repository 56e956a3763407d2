using OutageAggregator.Core.Incidents;
using OutageAggregator.Runtime.Watching;
using OutageAggregator.Web.Resources;

namespace OutageAggregator.Web.Features.Shadow;

/// <summary>The comparison in words.</summary>
internal static class ShadowWords
{
    internal static string Of(FoundBy by) => by switch
    {
        FoundBy.Both => "both",
        FoundBy.Live => "only the live one",
        _ => "only the candidate",
    };

    /// <summary>"3 minutes later", "2 hours earlier", "in the same minute".</summary>
    /// <param name="minutes">From the live detector to the candidate.</param>
    internal static string Later(double minutes) => minutes switch
    {
        > -0.5 and < 0.5 => "in the same minute",
        > 0 => $"{Labels.Span(TimeSpan.FromMinutes(minutes))} later",
        _ => $"{Labels.Span(TimeSpan.FromMinutes(-minutes))} earlier",
    };

    /// <summary>The rules that opened the incidents of an outage.</summary>
    internal static IEnumerable<string> Rules(FoundOutage found) => found.Incidents.Select(i => i.Evidence.Rule).Distinct(StringComparer.Ordinal);

    /// <summary>", and for chatgpt robust-z": the services with a detector of their own.</summary>
    internal static string Exceptions(WatchSettings settings) =>
        string.Concat(settings.Detectors.Select(d => $", for {d.Service} {d.Detector}"));
}
