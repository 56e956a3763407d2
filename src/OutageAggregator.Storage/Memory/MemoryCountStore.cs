using System.Runtime.InteropServices;
using OutageAggregator.Core.Windows;

namespace OutageAggregator.Storage.Memory;

/// <summary>
/// Counts in memory, for tests, replays and trials: it survives nothing. One lock guards plain dictionaries: the same hours, sketches and
/// rules as the SQLite store without a file, so it is also the shortest text of what a count store does. What is pruned there is pruned
/// here: batches after a day, hours after the months of the settings (those of incidents too, which no process lives to see). Remarks are
/// dropped: nothing could ever read them.
/// </summary>
public sealed class MemoryCountStore(StorageSettings settings) : ICountStore
{
    private readonly Lock _gate = new();
    private readonly Dictionary<WatchKey, SortedList<int, HourCells>> _hours = [];
    private readonly Dictionary<(WatchKey Key, int Quarter), ReporterSketch> _sketches = [];
    private readonly RecentReporters _recent = new();
    private readonly Dictionary<BatchId, Kept> _batches = [];
    private readonly Queue<BatchId> _oldest = new();
    private readonly MinuteStretches _observed = new();
    private DateTimeOffset? _lastObserved;
    private long _now;

    public MemoryCountStore() : this(new StorageSettings())
    {
    }

    public Task<BatchReceipt> AppendAsync(ReportBatch batch, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(batch);
        cancellation.ThrowIfCancellationRequested();
        lock (_gate)
        {
            if (_batches.TryGetValue(batch.Id, out var known))
            {
                return Task.FromResult(new BatchReceipt(
                    known.Receipts, IsRepeat: true, DateTimeOffset.FromUnixTimeMilliseconds(known.ReceivedAt)));
            }
            var receivedAt = batch.ReceivedAt.ToUnixTimeMilliseconds();
            Advance(receivedAt);
            var service = _recent.NumberOf(batch.Key.Service);
            var receipts = new Receipt[batch.Reports.Count];
            for (var i = 0; i < receipts.Length; i++)
            {
                var report = batch.Reports[i];
                var taken = _recent.TryTake(service, report.Cell.Kind, report.Reporter, receivedAt, out var until);
                receipts[i] = ReceiptRules.Of(report.Cell, taken, until);
                if (!taken)
                    continue;
                Count(batch.Key, report.At, report.Cell, 1);
                if (ReceiptRules.IsSketched(report.Cell))
                    SketchOf(batch.Key, report.At).Add(report.Reporter);
            }
            _recent.Accept();
            _batches.Add(batch.Id, new Kept(batch.Key, receivedAt, receipts, [.. batch.Reports.Select(r => r with { Remark = null })]));
            _oldest.Enqueue(batch.Id);
            return Task.FromResult(new BatchReceipt(receipts, IsRepeat: false, DateTimeOffset.FromUnixTimeMilliseconds(receivedAt)));
        }
    }

    public Task<Withdrawal?> WithdrawAsync(ReportId id, CancellationToken cancellation)
    {
        lock (_gate)
        {
            if (!_batches.TryGetValue(id.Batch, out var batch) || ReceiptRules.IsOverADayOld(batch.ReceivedAt, _now)
                || id.Index < 0 || id.Index >= batch.Reports.Length || batch.Receipts[id.Index].Outcome == ReportOutcome.Duplicate)
            {
                return Task.FromResult<Withdrawal?>(null);
            }
            var report = batch.Reports[id.Index];
            var first = batch.Withdrawn.Add(id.Index);
            if (first)
            {
                Count(batch.Key, report.At, report.Cell, -1);
                if (ReceiptRules.IsSketched(report.Cell))
                    SketchOf(batch.Key, report.At).Remove(report.Reporter);
                _recent.Release(_recent.NumberOf(batch.Key.Service), report.Cell.Kind, report.Reporter, batch.ReceivedAt);
                _recent.Accept();
            }
            return Task.FromResult<Withdrawal?>(new Withdrawal(batch.Key, report, first));
        }
    }

    public Task<IReadOnlyList<SeriesPoint>> ReadSeriesAsync(
        WatchKey key, Minute from, Minute to, int stepMinutes, CellFilter filter, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(stepMinutes, 1);
        var sums = new CountSums(from, to);
        var spans = new Dictionary<int, MinuteCounts>();
        lock (_gate)
        {
            foreach (var (_, hour, cells) in Hours(key, sums))
                sums.AddTo(spans, stepMinutes, filter, hour, cells);
        }
        return Task.FromResult(CountSums.ToSeries(spans));
    }

    public Task<IReadOnlyList<CellTotal>> ReadFacetsAsync(WatchKey key, Minute from, Minute to, CancellationToken cancellation)
    {
        var sums = new CountSums(from, to);
        var totals = new int[ReportCell.Count];
        lock (_gate)
        {
            foreach (var (_, hour, cells) in Hours(key, sums))
                sums.AddTo(totals, hour, cells);
        }
        return Task.FromResult(CountSums.ToFacets(totals));
    }

    public Task<IReadOnlyList<RegionTotal>> ReadRegionsAsync(ServiceSlug service, Minute from, Minute to, CancellationToken cancellation)
    {
        var sums = new CountSums(from, to);
        lock (_gate)
        {
            return Task.FromResult<IReadOnlyList<RegionTotal>>([.. Hours(new WatchKey(service, Region.World), sums)
                .GroupBy(h => h.Key.Region, h => sums.Of(h.Hour, h.Cells))
                .Select(g => new RegionTotal(g.Key, g.Aggregate(static (a, b) => a + b)))
                .Where(r => !r.Counts.IsEmpty)
                .OrderBy(r => r.Region)]);
        }
    }

    public Task<IReadOnlyList<ServiceTotal>> ReadServicesAsync(Minute from, Minute to, CancellationToken cancellation)
    {
        var sums = new CountSums(from, to);
        lock (_gate)
        {
            return Task.FromResult<IReadOnlyList<ServiceTotal>>([.. _hours.Keys.SelectMany(key => Hours(key, sums))
                .GroupBy(h => h.Key.Service, h => sums.Of(h.Hour, h.Cells))
                .Select(g => new ServiceTotal(g.Key, g.Aggregate(static (a, b) => a + b)))
                .Where(s => !s.Counts.IsEmpty)
                .OrderBy(s => s.Service)]);
        }
    }

    public Task<long> CountReportersAsync(WatchKey key, Minute from, Minute to, CancellationToken cancellation)
    {
        var union = new ReporterSketch();
        lock (_gate)
        {
            var (first, end) = ReceiptRules.Quarters(from, to);
            foreach (var ((kept, quarter), sketch) in _sketches)
            {
                if (Covers(key, kept) && quarter >= first && quarter < end)
                    union.UnionWith(sketch);
            }
        }
        return Task.FromResult(union.Estimate());
    }

    public Task ImportAsync(WatchKey key, IReadOnlyList<CellCount> counts, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(counts);
        ReceiptRules.ThrowIfNotImportable(key, counts);
        lock (_gate)
        {
            foreach (var count in counts)
                HourOf(key, count.Minute)[count.Minute, count.Cell] = count.Count;
        }
        return Task.CompletedTask;
    }

    public Task ObserveAsync(DateTimeOffset now, CancellationToken cancellation)
    {
        var instant = DateTimeOffset.FromUnixTimeMilliseconds(now.ToUnixTimeMilliseconds());
        var minute = Minute.Of(instant);
        lock (_gate)
        {
            Advance(instant.ToUnixTimeMilliseconds());
            _observed.Add(new MinuteRange(minute, minute + 1));
            if (_lastObserved is null || instant > _lastObserved)
                _lastObserved = instant;
        }
        return Task.CompletedTask;
    }

    public Task ObserveAsync(MinuteRange range, CancellationToken cancellation)
    {
        lock (_gate)
            _observed.Add(range);
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<MinuteRange>> ReadObservedAsync(Minute from, Minute to, CancellationToken cancellation)
    {
        lock (_gate)
            return Task.FromResult(_observed.Within(from, to));
    }

    public Task<DateTimeOffset?> LastObservedAsync(CancellationToken cancellation)
    {
        lock (_gate)
            return Task.FromResult(_lastObserved);
    }

    public Task<IReadOnlyList<ServiceSlug>> ReadReportedSinceAsync(Minute from, CancellationToken cancellation)
    {
        var first = HourCells.HourOf(from);
        lock (_gate)
        {
            return Task.FromResult<IReadOnlyList<ServiceSlug>>(
            [
                .. _hours.Where(h => h.Value is { Count: > 0 } hours && hours.Keys[^1] >= first)
                    .Select(h => h.Key.Service).Distinct().Order(),
            ]);
        }
    }

    private static bool Covers(WatchKey asked, WatchKey kept) =>
        asked.Service == kept.Service && (asked.Region == Region.World || asked.Region == kept.Region);

    private IEnumerable<(WatchKey Key, int Hour, HourCells Cells)> Hours(WatchKey key, CountSums sums)
    {
        if (sums.IsEmpty)
            yield break;
        foreach (var (kept, hours) in _hours)
        {
            if (!Covers(key, kept))
                continue;
            for (var i = IndexOf(hours.Keys, sums.FirstHour); i < hours.Count && hours.Keys[i] < sums.EndHour; i++)
                yield return (kept, hours.Keys[i], hours.Values[i]);
        }
    }

    // The index of the first hour not before one.
    private static int IndexOf(IList<int> hours, int first)
    {
        var (low, high) = (0, hours.Count);
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            (low, high) = hours[middle] < first ? (middle + 1, high) : (low, middle);
        }
        return low;
    }

    private void Count(WatchKey key, Minute minute, ReportCell cell, int change)
    {
        var hour = HourOf(key, minute);
        hour[minute, cell] = Math.Max(0, hour[minute, cell] + change);
    }

    private HourCells HourOf(WatchKey key, Minute minute)
    {
        ref var hours = ref CollectionsMarshal.GetValueRefOrAddDefault(_hours, key, out _);
        hours ??= [];
        var hour = HourCells.HourOf(minute);
        if (!hours.TryGetValue(hour, out var cells))
            hours.Add(hour, cells = new HourCells());
        return cells;
    }

    private ReporterSketch SketchOf(WatchKey key, Minute minute)
    {
        ref var sketch = ref CollectionsMarshal.GetValueRefOrAddDefault(_sketches, (key, ReceiptRules.QuarterOf(minute)), out _);
        return sketch ??= new ReporterSketch();
    }

    // Time is what callers say it is; as it passes, what is too old goes.
    private void Advance(long now)
    {
        var passed = now / 3_600_000 != _now / 3_600_000;
        _now = now;
        if (!passed)
            return;
        while (_oldest.TryPeek(out var id) && ReceiptRules.IsForgotten(_batches[id].ReceivedAt, now))
            _batches.Remove(_oldest.Dequeue());
        var firstHour = settings.FirstHourKept(now);
        foreach (var hours in _hours.Values)
        {
            while (hours.Count > 0 && hours.Keys[0] < firstHour)
                hours.RemoveAt(0);
        }
        foreach (var old in _sketches.Keys.Where(k => k.Quarter / 4 < firstHour).ToList())
            _sketches.Remove(old);
    }

    private sealed record Kept(WatchKey Key, long ReceivedAt, Receipt[] Receipts, Report[] Reports)
    {
        public HashSet<int> Withdrawn { get; } = [];
    }
}
