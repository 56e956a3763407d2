using OutageAggregator.Core.Incidents;
using OutageAggregator.Core.Services;
using OutageAggregator.Core.Windows;

namespace OutageAggregator.Runtime.Reading;

/// <summary>
/// Answers "is it just me?" from the stores. Answers are kept for about a second per service and region, so that a crowd that
/// presses at once costs one look.
/// </summary>
public sealed class SituationReader(
    ICountStore counts, IIncidentLog log, BaselineReader baselines, FreshnessReader freshness, TimeProvider clock)
{
    /// <summary>The situation of a service as seen from a region, now.</summary>
    public ValueTask<Situation> ReadAsync(Service service, Region region, CancellationToken cancellation)
    {
        _ = (counts, log, baselines, freshness, clock);
        throw new InvalidOperationException("being built");
    }
}
