namespace OutageAggregator.Storage.Memory;

/// <summary>
/// Counts in memory, for tests, replays and trials: it survives nothing. One lock guards plain dictionaries: the same hours, sketches and
/// rules as the SQLite store without a file, so it is also the shortest text of what a count store does. What is pruned there is pruned
/// here: batches after a day, with their words, hours after the months of the settings (those of incidents too, which no process lives to
/// see).
/// </summary>
public sealed class MemoryCountStore(StorageSettings settings) : HourlyCounts, ICountStore
{
    private readonly Lock _gate = new();
    private readonly Dictionary<WatchKey, SortedList<int, HourCells>> _hours = [];
    private readonly Dictionary<(WatchKey Key, int Quarter), ReporterSketch> _sketches = [];
    private readonly RecentReporters _recent = new();
    private readonly Dictionary<BatchId, Kept> _batches = [];
    private readonly Queue<BatchId> _oldest = new();
    private readonly List<MinuteRange> _observed = [];
    private DateTimeOffset? _lastObserved;
    private long _now;

    public MemoryCountStore() : this(new StorageSettings()) { }

    public Task<BatchReceipt> AppendAsync(ReportBatch batch, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        lock (_gate)
        {
            if (_batches.TryGetValue(batch.Id, out var known))
                return Receipt(known.Receipts, isRepeat: true, known.ReceivedAt);
            var receivedAt = batch.ReceivedAt.ToUnixTimeMilliseconds();
            Advance(receivedAt);
            var service = _recent.NumberOf(batch.Key.Service);
            var receipts = new Receipt[batch.Reports.Count];
            for (var i = 0; i < receipts.Length; i++)
            {
                var report = batch.Reports[i];
                var taken = _recent.TryTake(service, report.Cell.Kind, report.Reporter, receivedAt, out var until);
                receipts[i] = ReceiptRules.Of(report.Cell, taken, until);
                if (taken)
                    Count(batch.Key, report, 1);
            }
            _recent.Accept();
            _batches.Add(batch.Id, new Kept(receivedAt, receipts, [.. batch.Reports.Select(r => ToldReport.Of(batch.Key, r))], batch.Key));
            _oldest.Enqueue(batch.Id);
            return Receipt(receipts, isRepeat: false, receivedAt);
        }
    }

    public Task<Withdrawal?> WithdrawAsync(ReportId id, CancellationToken cancellation)
    {
        lock (_gate)
        {
            if (Find(id) is not { } batch)
                return Task.FromResult<Withdrawal?>(null);
            var (key, report, _) = batch.Reports[id.Index];
            var first = batch.Withdrawn.Add(id.Index);
            if (first)
            {
                Count(key, report, -1);
                _recent.Release(_recent.NumberOf(key.Service), report.Cell.Kind, report.Reporter, batch.ReceivedAt);
                _recent.Accept();
            }
            return Task.FromResult<Withdrawal?>(new Withdrawal(key, report, first));
        }
    }

    public Task<Amendment?> AmendAsync(ReportId id, ReportDetails details, CancellationToken cancellation)
    {
        lock (_gate)
        {
            if (Find(id) is not { } batch || batch.Withdrawn.Contains(id.Index))
                return Task.FromResult<Amendment?>(null);
            var before = batch.Reports[id.Index];
            var (after, taken) = before.Add(details);
            Count(before.Key, before.Report, -1);
            Count(after.Key, after.Report, 1);
            batch.Reports[id.Index] = after;
            return Task.FromResult<Amendment?>(new Amendment(batch.From, after, taken));
        }
    }

    public Minute KeptSince(int stepMinutes, Minute now) => settings.KeptSince(now);

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
            Note(new MinuteRange(minute, minute + 1));
            if (_lastObserved is null || instant > _lastObserved)
                _lastObserved = instant;
        }
        return Task.CompletedTask;
    }

    public Task ObserveAsync(MinuteRange range, CancellationToken cancellation)
    {
        lock (_gate)
            Note(range);
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<MinuteRange>> ReadObservedAsync(Minute from, Minute to, CancellationToken cancellation)
    {
        lock (_gate)
            return Task.FromResult(ReceiptRules.Clip(_observed.OrderBy(s => s.From), from, to));
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
                [.. _hours.Where(h => h.Value.Keys.LastOrDefault(int.MinValue) >= first).Select(h => h.Key.Service).Distinct().Order()]);
        }
    }

    private static Task<BatchReceipt> Receipt(Receipt[] receipts, bool isRepeat, long receivedAt) =>
        Task.FromResult(new BatchReceipt(receipts, isRepeat, DateTimeOffset.FromUnixTimeMilliseconds(receivedAt)));

    private static bool Covers(WatchKey asked, WatchKey kept) =>
        asked.Service == kept.Service && (asked.Region == Region.World || asked.Region == kept.Region);

    private protected override Task VisitAsync(
        WatchKey? key, MinuteRange stretch, int step, Action<WatchKey, IEnumerable<CellCount>> visit, CancellationToken cancellation)
    {
        var (first, end) = (HourCells.HourOf(stretch.From), HourCells.HourAfter(stretch.To));
        lock (_gate)
        {
            foreach (var (kept, hours) in _hours.Where(h => key is null || Covers(key.Value, h.Key)))
            {
                var last = Math.Min(end - 1, hours.Keys.LastOrDefault(first - 1));
                for (var hour = Math.Max(first, hours.Keys.FirstOrDefault(first)); hour <= last; hour++)
                {
                    if (hours.TryGetValue(hour, out var cells))
                        visit(kept, cells.Within(stretch, hour));
                }
            }
        }
        return Task.CompletedTask;
    }

    private Kept? Find(ReportId id) =>
        _batches.TryGetValue(id.Batch, out var batch) && !ReceiptRules.IsOverADayOld(batch.ReceivedAt, _now)
            && id.Index >= 0 && id.Index < batch.Reports.Length && batch.Receipts[id.Index].Outcome != ReportOutcome.Duplicate
            ? batch
            : null;

    // The stretches it overlaps or touches become one with it.
    private void Note(MinuteRange range)
    {
        if (range.Length == 0)
            return;
        foreach (var near in _observed.FindAll(s => s.From <= range.To && s.To >= range.From))
        {
            _ = _observed.Remove(near);
            range = new MinuteRange(Minute.Min(range.From, near.From), Minute.Max(range.To, near.To));
        }
        _observed.Add(range);
    }

    private void Count(WatchKey key, Report report, int change)
    {
        var hour = HourOf(key, report.At);
        hour[report.At, report.Cell] = Math.Max(0, hour[report.At, report.Cell] + change);
        if (!ReceiptRules.IsSketched(report.Cell))
            return;
        ref var sketch = ref CollectionsMarshal.GetValueRefOrAddDefault(_sketches, (key, ReceiptRules.QuarterOf(report.At)), out _);
        sketch ??= new ReporterSketch();
        _ = change > 0 ? sketch.Add(report.Reporter) : sketch.Remove(report.Reporter);
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

    private sealed record Kept(long ReceivedAt, Receipt[] Receipts, ToldReport[] Reports, WatchKey From)
    {
        public HashSet<int> Withdrawn { get; } = [];
    }
}
