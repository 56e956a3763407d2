using OutageAggregator.Core.Windows;

namespace OutageAggregator.Core.Detection.NegativeBinomial;

/// <summary>
/// What a watch has shown before, rule by rule, and how much more than that it must show to raise an incident. Whatever the statistics
/// of its quiet minutes say, a service that is "out" every day is not: the mentions of a share price grow hundredfold for a quarter
/// of an hour every other day, and only what lasts longer than that is news.
/// <para>
/// Peaks over a threshold (Davison and Smith 1990; for streams Siffer et al. 2017): each stretch in which a rule would have held at its lowest bar
/// leaves its greatest strength (<see cref="WindowRule.Strength"/>; 1 is that bar). Where such peaks come more often than once a week, the bar is
/// the level that they pass once a week if their excesses are exponential: 1 + (mean excess) x ln(peaks a week). Each rule has a bar of its
/// own: what is usual for five minutes is not for three hours.
/// </para>
/// Rejected: one bar for all rules (bursts blinded the long windows, too), and a bar that doubles with each incident however strong the
/// earlier ones were (it took a tenth of all outages from services that have three in two weeks).
/// </summary>
internal sealed class EarlierPeaks(int rules)
{
    // Peaks of a rule that cost nothing: troubles come in clusters.
    private const int Free = 4;

    // The rate that is taken for possible in the long run.
    private const double ReturnMinutes = 7.0 * Minute.PerDay;

    // Fewer minutes than this say nothing of a rate.
    private const double LeastMinutes = 7.0 * Minute.PerDay;

    // Two months: with one a week, eight peaks to judge by.
    private const int RememberedMinutes = 56 * Minute.PerDay;

    // Peaks of one rule within the time in which a surge continues an incident are one.
    private const int ApartMinutes = 240;

    // Five hundred times the usual for an hour is an outage of any service.
    private const double HighestBar = 8;

    // What was seen on no day or on few is not known well: half as much again on the first day, a quarter after one, and so on for a week.
    private const double ColdSurcharge = 0.5;
    private const int KnownDays = 7;

    // The bars move with days, not with minutes.
    private const int RefreshMinutes = 30;

    private const int MostPeaks = 128;

    // Ascending by time; null as long as there never was one, as for most watches.
    private Peak[]? _peaks;
    private int _count;
    private float[]? _bars;
    private Minute _refreshed;

    /// <summary>A rule would hold now at its lowest bar.</summary>
    /// <param name="rule">Its number, from 0.</param>
    /// <param name="now">Not before any earlier call.</param>
    /// <param name="strength">Its strength, 1 or more.</param>
    internal void Note(int rule, Minute now, double strength)
    {
        _peaks ??= new Peak[4];
        for (var i = _count - 1; i >= 0 && now - _peaks[i].Last < ApartMinutes; i--)
        {
            if (_peaks[i].Rule != rule)
                continue;
            var peak = new Peak(now, rule, (float)Math.Max(strength, _peaks[i].Strength));
            Array.Copy(_peaks, i + 1, _peaks, i, _count - i - 1);
            _peaks[_count - 1] = peak;
            return;
        }
        if (_count == MostPeaks)
            Drop(1);
        if (_count == _peaks.Length)
            Array.Resize(ref _peaks, Math.Min(MostPeaks, 2 * _count));
        _peaks[_count++] = new Peak(now, rule, (float)strength);
    }

    /// <summary>The strength that a rule must show now, 1 or more.</summary>
    /// <param name="rule">Its number, from 0.</param>
    /// <param name="now">The minute judged.</param>
    /// <param name="days">On how many days the usual was learnt.</param>
    internal double Bar(int rule, Minute now, double days)
    {
        var cold = days < KnownDays ? 1 + (ColdSurcharge / (1 + days)) : 1;
        if (_peaks is null)
            return cold;
        if (_bars is null || now - _refreshed >= RefreshMinutes || now < _refreshed)
            Refresh(now);
        return Math.Max(cold, _bars[rule]);
    }

    [System.Diagnostics.CodeAnalysis.MemberNotNull(nameof(_bars))]
    private void Refresh(Minute now)
    {
        _bars ??= new float[rules];
        _refreshed = now;
        var old = 0;
        while (old < _count && now - _peaks![old].Last > RememberedMinutes)
            old++;
        Drop(old);
        for (var rule = 0; rule < rules; rule++)
            _bars[rule] = (float)BarOf(rule, now);
    }

    private double BarOf(int rule, Minute now)
    {
        var (count, excess, first) = (0, 0.0, now);
        for (var i = 0; i < _count; i++)
        {
            // One that may still be going on is no yardstick for itself.
            if (_peaks![i].Rule != rule || now - _peaks[i].Last < ApartMinutes)
                continue;
            if (count++ == 0)
                first = _peaks[i].Last;
            excess += _peaks[i].Strength - 1;
        }
        if (count <= Free)
            return 1;
        var inReturn = count * ReturnMinutes / Math.Max(LeastMinutes, now - first);
        return Math.Clamp(1 + (excess / count * Math.Log(inReturn)), 1, HighestBar);
    }

    private void Drop(int oldest)
    {
        if (oldest == 0)
            return;
        _count -= oldest;
        Array.Copy(_peaks!, oldest, _peaks!, 0, _count);
    }

    private readonly record struct Peak(Minute Last, int Rule, float Strength);
}
