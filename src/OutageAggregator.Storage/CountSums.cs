using System.Runtime.InteropServices;

namespace OutageAggregator.Storage;

/// <summary>
/// Sums packed hours over a half-open stretch of minutes. Stores hand in whole hours; what lies outside of the stretch is left out here,
/// in one place.
/// </summary>
internal readonly struct CountSums(Minute from, Minute to)
{
    /// <summary>The first hour that can matter.</summary>
    public int FirstHour => HourCells.HourOf(from);

    /// <summary>The first hour after the stretch.</summary>
    public int EndHour => Math.Max(FirstHour, HourCells.HourAfter(to));

    /// <summary>Adds an hour to spans of <paramref name="step"/> minutes, keyed by their first minute.</summary>
    public void AddTo(Dictionary<int, MinuteCounts> spans, int step, CellFilter filter, int hour, HourCells cells)
    {
        // Entries come in minute order: a span is looked up when it begins, not for every entry.
        var span = int.MinValue;
        MinuteCounts sum = default;
        foreach (var entry in Within(hour, cells))
        {
            if (!filter.Matches(entry.Cell))
                continue;
            var start = new Minute((hour * HourCells.Minutes) + entry.MinuteOfHour).FloorTo(step).Number;
            if (start != span)
            {
                Put(spans, span, sum);
                (span, sum) = (start, default);
            }
            sum += MinuteCounts.Of(entry.Cell, entry.Count);
        }
        Put(spans, span, sum);
    }

    /// <summary>Adds an hour to totals indexed by cell number.</summary>
    public void AddTo(int[] cellTotals, int hour, HourCells cells)
    {
        foreach (var entry in Within(hour, cells))
            cellTotals[entry.Cell.Number] += entry.Count;
    }

    /// <summary>The counts of an hour.</summary>
    public MinuteCounts Of(int hour, HourCells cells)
    {
        MinuteCounts sum = default;
        foreach (var entry in Within(hour, cells))
            sum += MinuteCounts.Of(entry.Cell, entry.Count);
        return sum;
    }

    private static void Put(Dictionary<int, MinuteCounts> spans, int span, MinuteCounts sum)
    {
        if (!sum.IsEmpty)
            CollectionsMarshal.GetValueRefOrAddDefault(spans, span, out _) += sum;
    }

    private ReadOnlySpan<HourCells.Entry> Within(int hour, HourCells cells)
    {
        var entries = cells.Entries;
        var first = from.Number - (hour * HourCells.Minutes);
        var end = to.Number - (hour * HourCells.Minutes);
        var begin = 0;
        while (begin < entries.Length && entries[begin].MinuteOfHour < first)
            begin++;
        var stop = end >= HourCells.Minutes ? entries.Length : begin;
        while (stop < entries.Length && entries[stop].MinuteOfHour < end)
            stop++;
        return entries[begin..stop];
    }
}
