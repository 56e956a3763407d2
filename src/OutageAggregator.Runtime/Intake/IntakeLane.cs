using System.Runtime.CompilerServices;

namespace OutageAggregator.Runtime.Intake;

/// <summary>
/// The reports of one watch on their way to the store. Callers push onto a stack with one compare-and-swap; one pump at a time
/// takes the whole stack, turns it into batches in order of arrival, and answers them.
/// </summary>
internal sealed class IntakeLane(ReportIntake intake, WatchKey key, int maxWaiting) : IThreadPoolWorkItem
{
    private const int MostTurns = 16;

    private WaitingReport? _newest;
    private int _waiting;
    private int _pumping;
    private long _begunAt;

    /// <summary>False where the lane has its share of the places already.</summary>
    public bool TryEnter(WaitingReport report)
    {
        if (Interlocked.Increment(ref _waiting) > maxWaiting)
        {
            Interlocked.Decrement(ref _waiting);
            return false;
        }
        var newest = Volatile.Read(ref _newest);
        while (true)
        {
            report.Older = newest;
            var seen = Interlocked.CompareExchange(ref _newest, report, newest);
            if (ReferenceEquals(seen, newest))
                break;
            newest = seen;
        }
        StartPump();
        return true;
    }

    void IThreadPoolWorkItem.Execute() => _ = PumpAsync();

    private void StartPump()
    {
        // To the end of the pool's queue: callers that are ready to report now go first, and share the batch.
        if (Volatile.Read(ref _pumping) == 0 && Interlocked.CompareExchange(ref _pumping, 1, 0) == 0)
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    private async Task PumpAsync()
    {
        while (Volatile.Read(ref _newest) is not null)
        {
            await SpaceAsync();
            if (Interlocked.Exchange(ref _newest, null) is not { } newest)
                break;
            var reports = InOrder(newest);
            for (var start = 0; start < reports.Length; start += ReportBatch.MaxReports)
                await StoreAsync(new ArraySegment<WaitingReport>(reports, start, Math.Min(ReportBatch.MaxReports, reports.Length - start)));

            await GatherAsync();
        }
        Interlocked.Exchange(ref _pumping, 0);
        if (Volatile.Read(ref _newest) is not null)
            StartPump();
    }

    // Where a batch is a call to another node, a hot key makes so many calls a second and no more, however many reports there are. A report
    // that comes alone finds the last batch long over. A delay counts whole milliseconds and would end early.
    private async ValueTask SpaceAsync()
    {
        if (intake.Spacing is { Ticks: > 0 } spacing && _begunAt != 0 && spacing - Stopwatch.GetElapsedTime(_begunAt) is { Ticks: > 0 } rest)
            await Task.Delay(TimeSpan.FromMilliseconds(Math.Ceiling(rest.TotalMilliseconds)));
        _begunAt = Stopwatch.GetTimestamp();
    }

    // Those just answered often report again (a sender over one connection), and others are being read: behind them in the pool's queue,
    // and for as long as that brings more, they share the next batch. Nobody waits for a clock, and a lone report for one turn only.
    private async ValueTask GatherAsync()
    {
        var seen = -1;
        for (var turn = 0; turn < MostTurns && Volatile.Read(ref _waiting) is var waiting && waiting != seen; turn++)
        {
            seen = waiting;
            await Task.Yield();
        }
    }

    private WaitingReport[] InOrder(WaitingReport newest)
    {
        var count = 0;
        for (var report = newest; report is not null; report = report.Older)
            count++;
        var reports = new WaitingReport[count];
        for (var report = newest; report is not null;)
        {
            reports[--count] = report;
            var older = report.Older;
            report.Older = null;
            report = older;
        }
        return reports;
    }

    // Where reports spread over many keys a batch is one report: what a batch allocates is then what a report does.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask StoreAsync(ArraySegment<WaitingReport> reports)
    {
        ReportBatch batch;
        BatchReceipt receipt;
        var startedAt = Stopwatch.GetTimestamp();
        try
        {
            var contents = new Report[reports.Count];
            for (var i = 0; i < contents.Length; i++)
                contents[i] = reports[i].Report;
            var now = intake.Clock.GetUtcNow();
            batch = new ReportBatch(ReportIntake.NewBatchId(now, key.Service), key, now, contents);
            receipt = await RecordAsync(batch, startedAt);
            if (receipt.Receipts.Count != reports.Count)
                throw new InvalidOperationException($"{receipt.Receipts.Count} receipts came for {reports.Count} reports.");
        }
        catch (Exception exception)
        {
            // Whatever it was, its callers get it, and the lane goes on.
            intake.Tally.Failed(reports.Count, startedAt);
            foreach (var report in reports)
            {
                report.Fail(exception);
                Leave();
            }
            return;
        }
        intake.Tally.Answered(receipt, startedAt);
        for (var i = 0; i < reports.Count; i++)
        {
            reports[i].Answer(new IntakeAnswer(new ReportId(batch.Id, i), receipt.ReceivedAt, receipt.Receipts[i], receipt.IsProvisional));
            Leave();
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<BatchReceipt> RecordAsync(ReportBatch batch, long startedAt)
    {
        try
        {
            return await intake.Watches.RecordAsync(batch, CancellationToken.None);
        }
        catch (StoreUnavailableException) when (Stopwatch.GetElapsedTime(startedAt) < intake.Soon)
        {
            // It may have been stored all the same. The same id again is counted once. After a long wait there is nobody left to wait as
            // long again.
            return await intake.Watches.RecordAsync(batch, CancellationToken.None);
        }
    }

    private void Leave()
    {
        Interlocked.Decrement(ref _waiting);
        intake.Leave();
    }
}
