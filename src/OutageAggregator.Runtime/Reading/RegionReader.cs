namespace OutageAggregator.Runtime.Reading;

/// <summary>The last 15 minutes of one region of a service, against what is usual there.</summary>
public readonly record struct RegionPulse(Region Region, Pulse Pulse);

/// <summary>
/// Compares the regions of a service, each with its own usual: a hundred reports are a quiet hour of one country and the outage of another.
/// Reports that name no region are left out.
/// </summary>
public sealed class RegionReader(RecentReader recent, BaselineReader baselines, ICountStore counts, TimeProvider clock)
{
    /// <summary>The most regions compared: those with the most reports.</summary>
    public const int MostRegions = 30;

    private readonly AnswerCache<ServiceSlug, ImmutableArray<RegionPulse>> _answers = new(clock, RecentReader.Lifetime, 256);

    /// <summary>
    /// The regions that report now, and those with reports of the last day of which at least one would be usual now. The highest ratio
    /// first; then those without one, most reports first.
    /// </summary>
    public ValueTask<ImmutableArray<RegionPulse>> ReadAsync(Service service, CancellationToken cancellation) =>
        _answers.GetAsync(service.Slug, LookAsync, cancellation);

    private async Task<ImmutableArray<RegionPulse>> LookAsync(ServiceSlug service)
    {
        var last = await recent.ReadAsync(service, CancellationToken.None);
        var to = last.Range.To;
        var day = await counts.ReadRegionsAsync(service, to - Minute.PerDay, to, CancellationToken.None);
        var most = day.Where(r => r.Region != Region.Unknown && r.Counts.Reports > 0)
            .Select(r => (r.Region, Now: last.In(r.Region).Reports, OfDay: r.Counts.Reports))
            .OrderByDescending(r => r.Now).ThenByDescending(r => r.OfDay).ThenBy(r => r.Region).Take(MostRegions);
        var pulses = new List<RegionPulse>();
        foreach (var (region, reports, _) in most)
        {
            var pulse = await baselines.PulseAsync(new WatchKey(service, region), reports, last.Range, CancellationToken.None);
            if (reports > 0 || pulse.Ratio is not null)
                pulses.Add(new RegionPulse(region, pulse));
        }
        return [.. pulses.OrderByDescending(p => p.Pulse.Ratio ?? -1).ThenByDescending(p => p.Pulse.Reports15m).ThenBy(p => p.Region)];
    }
}
