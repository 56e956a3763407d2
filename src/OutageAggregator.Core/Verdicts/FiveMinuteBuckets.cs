using OutageAggregator.Core.Series;
using OutageAggregator.Core.Windows;

namespace OutageAggregator.Core.Verdicts;

/// <summary>
/// The counts of the last whole five-minute buckets, which methods of surveillance live by. A bucket with gaps is brought to five
/// observed minutes; one that nobody observed is no bucket.
/// </summary>
/// <param name="capacity">How many are remembered.</param>
internal sealed class FiveMinuteBuckets(int capacity)
{
    internal const int Minutes = 5;

    private readonly float[] _values = new float[capacity];
    private int _number;
    private int _sum;
    private int _observed;

    /// <summary>How many were ever closed.</summary>
    internal int Closed { get; private set; }

    /// <summary>Those remembered, in no order.</summary>
    internal ReadOnlySpan<float> Values => _values.AsSpan(0, Math.Min(Closed, capacity));

    /// <summary>The bucket closed <paramref name="back"/> buckets ago; 1 is the newest.</summary>
    internal float Back(int back) => _values[(Closed - back) % capacity];

    /// <summary>Adds an observed minute, later than the one before.</summary>
    /// <returns>True where a bucket was closed.</returns>
    internal bool Add(Minute minute, int count)
    {
        var number = Math.DivRem(minute.Number, Minutes, out var place);
        // Its last minutes were a gap.
        var closed = number != _number && Close();
        _number = number;
        _sum += count;
        _observed++;
        return (place == Minutes - 1 && Close()) || closed;
    }

    /// <summary>What part of the newest five minutes was observed, above 0 to 1.</summary>
    internal static double ObservedShare(Window window)
    {
        var observed = 0;
        for (var minute = window.End - 1; minute >= window.End - Minutes && minute >= window.Oldest; minute -= 1)
            observed += window.IsObserved(minute) ? 1 : 0;
        return observed / (double)Minutes;
    }

    private bool Close()
    {
        if (_observed == 0)
            return false;
        _values[Closed++ % capacity] = _sum * (float)Minutes / _observed;
        (_sum, _observed) = (0, 0);
        return true;
    }
}
