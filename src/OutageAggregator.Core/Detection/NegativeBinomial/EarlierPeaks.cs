namespace OutageAggregator.Core.Detection.NegativeBinomial;

/// <summary>
/// What one rule of a watch has shown before, and how much more than that it must show to raise an incident. Whatever the statistics of
/// its quiet minutes say, a service that is "out" every day is not: the mentions of a share price grow hundredfold for a quarter of an
/// hour every other day, and only what lasts longer than that is news.
/// <para>
/// Peaks over a threshold (Davison and Smith 1990; for streams Siffer et al. 2017): each stretch in which the rule would have held at its
/// lowest bar leaves its greatest strength (<see cref="WindowRule.Strength"/>; 1 is that bar). Where such peaks come more often than once a
/// week, the bar is the level that they pass once a week if their excesses are exponential: 1 + (mean excess) x ln(peaks a week). Each rule
/// has a bar of its own: what is usual for five minutes is not for three hours.
/// </para>
/// Rejected: one bar for all rules (bursts blinded the long windows, too), and a bar that doubles with each incident however strong the
/// earlier ones were (it took a tenth of all outages from services that have three in two weeks).
/// </summary>
/// <param name="highestBar">More than this is not asked for.</param>
internal sealed class EarlierPeaks(double highestBar)
{
    // Peaks that cost nothing: troubles come in clusters.
    private const int Free = 4;

    // The rate that is taken for possible in the long run.
    private const double ReturnMinutes = 7.0 * Minute.PerDay;

    // Fewer minutes than this say nothing of a rate.
    private const double LeastMinutes = 7.0 * Minute.PerDay;

    // Two months: with one a week, eight peaks to judge by.
    private const int RememberedMinutes = 56 * Minute.PerDay;

    // Peaks within the time in which a surge continues an incident are one, like the incident, however long it lasts.
    private const int ApartMinutes = 240;

    // What is usual was seen on no day or on few: half as much again on the first day, a quarter after one, and so on for a week.
    private const double ColdSurcharge = 0.5;
    private const int KnownDays = 7;

    // The bar moves with days, not with minutes. Aligned, so that two watches with the same past ask for the same.
    private const int RefreshMinutes = 30;

    private const int MostPeaks = 24;

    // Ascending by time.
    private readonly List<Peak> _peaks = [];
    private double _bar = 1;
    private int _refreshed = int.MinValue;

    /// <summary>The rule would hold now at its lowest bar.</summary>
    /// <param name="now">Not before any earlier call.</param>
    /// <param name="strength">Its strength, 1 or more.</param>
    internal void Note(Minute now, double strength)
    {
        if (_peaks is [.., var last] && now - last.Last < ApartMinutes)
        {
            _peaks[^1] = last with { Last = now, Strength = Math.Max((float)strength, last.Strength) };
            return;
        }
        if (_peaks.Count == MostPeaks)
            _peaks.RemoveAt(0);
        _peaks.Add(new Peak(now, now, (float)strength));
    }

    /// <summary>The strength that the rule must show now, 1 or more.</summary>
    internal double Bar(Minute now)
    {
        if (now.Number / RefreshMinutes is var refreshed && refreshed != _refreshed)
            (_refreshed, _bar) = (refreshed, BarAt(now));
        return _bar;
    }

    /// <summary>The strength that any rule must show where its usual was seen on so many days only, 1 or more.</summary>
    internal static double ColdBar(int days) => days < KnownDays ? 1 + (ColdSurcharge / (1 + days)) : 1;

    private double BarAt(Minute now)
    {
        var isFull = _peaks.Count == MostPeaks;
        _peaks.RemoveAll(p => now - p.Last > RememberedMinutes);
        var (count, excess) = (0, 0.0);
        // One that may still be going on is no yardstick for itself.
        for (; count < _peaks.Count && now - _peaks[count].Last >= ApartMinutes; count++)
            excess += _peaks[count].Strength - 1;
        if (count <= Free)
            return 1;
        // As many intervals as there are between them, and the last one that is not over. Where older ones were dropped, the rate is that
        // of the rest.
        var minutes = Math.Max(isFull ? 1 : LeastMinutes, now - _peaks[0].First);
        return Math.Clamp(1 + (excess / count * Math.Log((count - 1) * ReturnMinutes / minutes)), 1, highestBar);
    }

    private readonly record struct Peak(Minute First, Minute Last, float Strength);
}
