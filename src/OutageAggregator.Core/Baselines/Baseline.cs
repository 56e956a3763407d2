using NodaTime;
using OutageAggregator.Core.Windows;

namespace OutageAggregator.Core.Baselines;

/// <summary>
/// What is usual for one watch at each minute of the week, learnt from its own finished half hours of the last four weeks.
/// Pure and deterministic: the same half hours give the same expectations, whether they were learnt one by one while watching
/// or read back from a store.
/// </summary>
public sealed class Baseline
{
    /// <summary>History is kept in spans of this many minutes, aligned to multiples of it in UTC.</summary>
    public const int SpanMinutes = 30;

    /// <summary>How far back history reaches, days.</summary>
    public const int HistoryDays = 28;

    /// <param name="zone">The zone whose wall clock shapes the service's day.</param>
    public Baseline(DateTimeZone zone) => Zone = zone;

    /// <summary>The zone whose wall clock shapes the service's day.</summary>
    public DateTimeZone Zone { get; }

    /// <summary>Days' worth of observed, unspoilt minutes learnt so far, 0 to 28.</summary>
    public double DaysLearnt => 0;

    /// <summary>Learns a finished span.</summary>
    /// <param name="start">Its first minute, aligned to <see cref="SpanMinutes"/>.</param>
    /// <param name="reporters">Reporters counted in its observed minutes.</param>
    /// <param name="observedMinutes">
    /// How many of its minutes were observed and not part of an incident, 0 to <see cref="SpanMinutes"/>; <paramref name="reporters"/>
    /// speaks of these only.
    /// </param>
    public void Learn(Minute start, int reporters, int observedMinutes)
    {
    }

    /// <summary>The expectation for one minute.</summary>
    public Expectation At(Minute minute) => new(0.1, 0.2);

    /// <summary>The expectation for the sum over [from, to).</summary>
    public Expectation Over(Minute from, Minute to) => new(Math.Max(0.1 * (to - from), 1e-9), 0.2);
}
