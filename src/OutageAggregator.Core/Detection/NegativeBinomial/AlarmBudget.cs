using OutageAggregator.Core.Windows;

namespace OutageAggregator.Core.Detection.NegativeBinomial;

/// <summary>
/// Raises the bar of a watch that raises too many incidents. Whatever the statistics say, a service that is "out" every day is not: its
/// usual is more erratic than any distribution fitted to its quiet minutes knows (the mentions of a share price triple every other
/// day). A leaky bucket: each incident fills it by one, one leaks out in a week, and each one beyond a few doubles the ratio to the usual
/// that the next must show, up to eight times. So a watch settles at the bar that it passes once a week; most never leave the lowest.
/// </summary>
internal sealed class AlarmBudget
{
    // Incidents within a short time that cost nothing: troubles come in clusters.
    private const double Free = 4;

    // The rate of incidents that is taken for possible in the long run.
    private const double LeakMinutes = 7.0 * Minute.PerDay;

    private const double Step = 2;

    // Sixteen times the usual and more is an outage of any service.
    private const double HighestBar = 8;

    private double _spent;
    private Minute _at;

    /// <summary>An incident that the watch raised is over.</summary>
    internal void Spend(Minute now)
    {
        Leak(now);
        _spent++;
    }

    /// <summary>By how much the least ratio to the usual is raised now, 1 or more.</summary>
    internal double Bar(Minute now)
    {
        Leak(now);
        return _spent <= Free ? 1 : Math.Min(HighestBar, Math.Pow(Step, _spent - Free));
    }

    private void Leak(Minute now)
    {
        _spent = Math.Max(0, _spent - (Math.Max(0, now - _at) / LeakMinutes));
        _at = now;
    }
}
