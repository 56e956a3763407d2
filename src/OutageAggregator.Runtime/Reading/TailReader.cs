namespace OutageAggregator.Runtime.Reading;

/// <summary>
/// Tells whether what comes in after an incident is its tail, or as usual again.
/// <para>
/// Decisions on the tail. It is one while more comes in than chance makes plausible: P(X &gt;= observed) under what is usual (a negative
/// binomial, <see cref="CountTail"/>) is below <see cref="Chance"/>. Each minute since the end was declared is looked at as it began: the
/// closed ones of the last 15 and since the end, against the usual of these and of that minute. So what was told in a minute holds all
/// through it, however many reports it brings; and once a minute was as usual again, the rest of the hour is, for the same minutes are
/// looked at again, and nothing has to be remembered.
/// </para>
/// </summary>
public sealed class TailReader(IncidentReader incidents, ICountStore counts, BaselineReader baselines, TimeProvider clock)
{
    /// <summary>How rare it must be on a usual day that as many come in.</summary>
    public const double Chance = 0.01;

    private static readonly double s_log10Chance = Math.Log10(Chance);

    private readonly AnswerCache<(IncidentId Id, Minute Ended, Minute Decided, Minute Now), bool> _answers =
        new(clock, RecentReader.Lifetime, 1_024);

    /// <summary>An incident that is just over, with what was counted while it lasted.</summary>
    internal async ValueTask<IncidentView> ViewAsync(Incident over, CancellationToken cancellation) =>
        await incidents.ViewAsync(over, cancellation) with { IsBackToUsual = await IsBackToUsualAsync(over, cancellation) };

    private async ValueTask<bool> IsBackToUsualAsync(Incident over, CancellationToken cancellation)
    {
        var (ended, decided) = (over.EndedAt!.Value, Minute.Of(over.ResolvedAt!.Value));
        return await _answers.GetAsync((over.Id, ended, decided, Minute.Of(clock.GetUtcNow())), LookAsync, cancellation);
    }

    private async Task<bool> LookAsync((IncidentId Id, Minute Ended, Minute Decided, Minute Now) asked)
    {
        var (id, ended, decided, now) = asked;
        var key = new WatchKey(id.Service, Region.World);
        var minutes = (await counts.ReadSeriesAsync(key, ended, now, 1, default, CancellationToken.None)).ToDictionary(p => p.Start, p => p.Counts.Reports);
        var observed = await counts.ReadObservedAsync(ended, now, CancellationToken.None);
        for (var minute = Minute.Max(decided, ended + 1); minute <= now; minute += 1)
        {
            // In a minute that nobody observed nothing was told; the one that goes on is observed by who asks.
            if (minute < now && !observed.Any(o => o.Contains(minute)))
                continue;
            var from = Minute.Max(ended, minute + 1 - Freshness.LookBack);
            var baseline = await baselines.ReadAsync(key, minute, CancellationToken.None);
            if (!baseline.Knows(minute))
                continue;
            var usual = new UsualSum();
            usual.Add(baseline, new MinuteRange(minute, minute + 1));
            foreach (var stretch in observed)
            {
                var part = new MinuteRange(Minute.Max(from, stretch.From), Minute.Min(minute, stretch.To));
                if (part.Length > 0)
                    usual.Add(baseline, part);
            }
            if (IsPlausible(Enumerable.Range(0, minute - from).Sum(i => minutes.GetValueOrDefault(from + i)), usual.Expectation!.Value))
                return true;
        }
        return false;
    }

    private static bool IsPlausible(int reports, Expectation usual) =>
        reports <= usual.Mean || CountTail.Log10Upper(reports, usual) >= s_log10Chance;
}
