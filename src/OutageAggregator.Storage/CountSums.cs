using System.Runtime.InteropServices;

namespace OutageAggregator.Storage;

/// <summary>
/// Sums packed hours over a half-open stretch of minutes, as the readers of a store are asked for them. Stores hand in whole
/// hours; what lies outside of the stretch is left out here, in one place.
/// </summary>
internal readonly struct CountSums(Minute from, Minute to)
{
    /// <summary>The first hour that can matter.</summary>
    public int FirstHour => HourCells.HourOf(from);

    /// <summary>The first hour after the stretch.</summary>
    public int EndHour => Math.Max(FirstHour, HourCells.HourAfter(to));

    /// <summary>True where the stretch holds no minute.</summary>
    public bool IsEmpty => from >= to;

    /// <summary>Adds an hour to spans of <paramref name="step"/> minutes, keyed by their first minute.</summary>
    public void AddTo(Dictionary<int, MinuteCounts> spans, int step, CellFilter filter, int hour, HourCells cells)
    {
        // Entries come in minute order: a span is looked up when it begins, not for every entry.
        var span = int.MinValue;
        MinuteCounts sum = default;
        foreach (var entry in Within(hour, cells))
        {
            var cell = entry.Cell;
            if (!filter.Matches(cell))
                continue;
            var start = new Minute((hour * HourCells.Minutes) + entry.MinuteOfHour).FloorTo(step).Number;
            if (start != span)
            {
                Put(spans, span, sum);
                (span, sum) = (start, default);
            }
            sum += MinuteCounts.Of(cell, entry.Count);
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

    /// <summary>Spans in time order.</summary>
    public static IReadOnlyList<SeriesPoint> ToSeries(Dictionary<int, MinuteCounts> spans)
    {
        var points = new SeriesPoint[spans.Count];
        var next = 0;
        foreach (var (start, counts) in spans)
            points[next++] = new SeriesPoint(new Minute(start), counts);
        Array.Sort(points, static (a, b) => a.Start.CompareTo(b.Start));
        return points;
    }

    /// <summary>Cells that were counted, in cell order.</summary>
    public static IReadOnlyList<CellTotal> ToFacets(int[] cellTotals)
    {
        var facets = new List<CellTotal>();
        for (var number = 0; number < cellTotals.Length; number++)
        {
            if (cellTotals[number] > 0)
                facets.Add(new CellTotal(new ReportCell((byte)number), cellTotals[number]));
        }
        return facets;
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
        if (first <= 0 && end >= HourCells.Minutes)
            return entries;
        var begin = 0;
        while (begin < entries.Length && entries[begin].MinuteOfHour < first)
            begin++;
        var stop = begin;
        while (stop < entries.Length && entries[stop].MinuteOfHour < end)
            stop++;
        return entries[begin..stop];
    }
}
