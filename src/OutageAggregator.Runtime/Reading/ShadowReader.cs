using OutageAggregator.Runtime.Watching;

namespace OutageAggregator.Runtime.Reading;

/// <summary>The live detector and a candidate beside it, compared.</summary>
/// <param name="Run">The candidate and since when it runs.</param>
/// <param name="From">
/// Outages noticed since then are compared: the candidate's beginning, or four weeks ago; later where there are too many to read.
/// </param>
/// <param name="Comparison">What they made of the same reports.</param>
public sealed record ShadowView(ShadowRun Run, DateTimeOffset From, DetectorComparison Comparison);

/// <summary>
/// Reads what the live detector and a candidate found in the last four weeks, from the two logs. It changes with incidents only, so it is
/// read once in ten seconds.
/// </summary>
public sealed class ShadowReader(IIncidentLog live, WatchSettings settings, TimeProvider clock, IShadowLog? shadow = null)
{
    /// <summary>How far back is compared, days.</summary>
    public const int Days = 28;

    // Of each log; a detector that says more in four weeks is judged by its latest.
    private const int MostIncidents = 5_000;

    private readonly AnswerCache<bool, ShadowView?> _view = new(clock, TimeSpan.FromSeconds(10), 1);

    /// <summary>The comparison, or null where no candidate runs.</summary>
    public ValueTask<ShadowView?> ReadAsync(CancellationToken cancellation) =>
        shadow is null || settings.Shadow.Length == 0 ? default : _view.GetAsync(true, _ => LookAsync(shadow), cancellation);

    private async Task<ShadowView?> LookAsync(IShadowLog log)
    {
        // Its run is noted when the watches are brought back, a moment after the start.
        if (await log.ReadRunAsync(CancellationToken.None) is not { } run || run.Detector != settings.Shadow)
            return null;
        var earliest = (Minute.Of(clock.GetUtcNow()) - (Days * Minute.PerDay)).FloorTo(60).Start;
        var from = run.Since > earliest ? run.Since : earliest;
        var (ours, weFrom) = await FindAsync(live, from);
        var (theirs, theyFrom) = await FindAsync(log.Incidents, from);
        from = weFrom > theyFrom ? weFrom : theyFrom;
        return new ShadowView(run, from, DetectorComparison.Of(ours, theirs, from));
    }

    // The latest onsets, and since when they are all of them: with what lasted at that instant, which may have been noticed before.
    private static async Task<(List<Incident> Incidents, DateTimeOffset From)> FindAsync(IIncidentLog log, DateTimeOffset from)
    {
        var found = await log.ReadPagesAsync(new IncidentQuery(From: Minute.Of(from), Limit: 1_000)).Take(MostIncidents).ToListAsync();
        return (found, found.Count == MostIncidents && found[^1].StartedAt.Start is var complete && complete > from ? complete : from);
    }
}
