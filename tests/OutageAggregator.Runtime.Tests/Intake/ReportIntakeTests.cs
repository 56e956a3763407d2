using OutageAggregator.Contracts;
using OutageAggregator.Runtime.Intake;
using OutageAggregator.Storage;
using OutageAggregator.Storage.Sqlite;
using OutageAggregator.Storage.Sqlite.Database;
using OutageAggregator.TestKit;
using static OutageAggregator.TestKit.Stores.Example;

namespace OutageAggregator.Runtime.Tests.Intake;

/// <summary>
/// The intake over a real database. Where a test needs reports to wait, somebody else's transaction holds the file, as a backup might.
/// </summary>
public sealed class ReportIntakeTests : IAsyncLifetime
{
    private static readonly CancellationToken s_none = CancellationToken.None;
    private static readonly ManualClock s_clock = new(Noon);
    private readonly TemporaryFolder _folder = new();
    private SqliteStorage _storage = null!;
    private SqliteCountStore _store = null!;

    public ValueTask InitializeAsync()
    {
        _storage = _folder.Open(new StorageSettings { BusyMilliseconds = 60_000 });
        _store = new SqliteCountStore(_storage);
        return default;
    }

    public async ValueTask DisposeAsync()
    {
        await _storage.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Every_report_is_answered_with_its_own_id_and_outcome()
    {
        await using var intake = Intake();

        var answers = await Task.WhenAll(Enumerable.Range(0, 10_000).Select(i => Send(intake, Chat, i % 5_000)));

        Assert.Equal(10_000, answers.Select(a => a.Id).Distinct().Count());
        Assert.Equal(5_000, answers.Count(a => a.Receipt.Outcome == ReportOutcome.Counted));
        Assert.Equal(5_000, answers.Count(a => a.Receipt.Outcome == ReportOutcome.Duplicate));
        Assert.Equal(5_000, await CountAsync(_store, Chat));
        await intake.UntilWaitingAsync(0);
        foreach (var counted in answers.Where(a => a.Receipt.Outcome == ReportOutcome.Counted).Take(50))
            Assert.True((await _store.WithdrawAsync(counted.Id, s_none))!.First);
    }

    [Fact]
    public async Task Reports_are_answered_in_order_of_arrival()
    {
        await using var intake = Intake();
        using var held = Hold();
        var first = Send(intake, Chat, 1);
        var second = Send(intake, Chat, 1);
        held.Execute("ROLLBACK");

        Assert.Equal(ReportOutcome.Counted, (await first).Receipt.Outcome);
        Assert.Equal(ReportOutcome.Duplicate, (await second).Receipt.Outcome);
    }

    [Fact]
    public async Task What_arrives_while_a_batch_is_stored_is_the_next_batch()
    {
        await using var intake = Intake();
        using var held = Hold();
        var sends = Enumerable.Range(0, 500).Select(i => Send(intake, Chat, i)).ToArray();
        held.Execute("ROLLBACK");

        // What was there when the pump began, and the rest.
        Assert.InRange((await Task.WhenAll(sends)).Select(a => a.Id.Batch).Distinct().Count(), 1, 2);
    }

    [Fact]
    public async Task A_crowd_is_cut_into_batches_of_bounded_size()
    {
        await using var intake = Intake(maxWaiting: 40_000);
        using var held = Hold();
        var sends = Enumerable.Range(0, 12_000).Select(i => Send(intake, Chat, i)).ToArray();
        held.Execute("ROLLBACK");

        var batches = (await Task.WhenAll(sends)).GroupBy(a => a.Id.Batch).Select(b => b.Count()).ToList();
        Assert.InRange(batches.Count, 3, 4);
        Assert.All(batches, size => Assert.InRange(size, 1, ReportBatch.MaxReports));
        Assert.Equal(12_000, await CountAsync(_store, Chat));
    }

    [Fact]
    public async Task A_batch_holds_reports_of_one_key()
    {
        await using var intake = Intake();

        var chat = Enumerable.Range(0, 300).Select(i => Send(intake, Chat, i)).ToArray();
        var claude = Enumerable.Range(0, 300).Select(i => Send(intake, Claude, i)).ToArray();

        var chatBatches = (await Task.WhenAll(chat)).Select(a => a.Id.Batch).ToHashSet();
        Assert.DoesNotContain(await Task.WhenAll(claude), a => chatBatches.Contains(a.Id.Batch));
        Assert.Equal(300, await CountAsync(_store, Chat));
        Assert.Equal(300, await CountAsync(_store, Claude));
    }

    [Fact]
    public async Task A_full_intake_refuses_at_once_and_one_key_leaves_half_of_the_places_to_others()
    {
        await using var intake = Intake(maxWaiting: 100);
        using var held = Hold();

        var hot = Enumerable.Range(0, 80).Select(i => Send(intake, Chat, i)).ToArray();
        Assert.Equal(50, hot.Count(t => !t.IsCompleted));
        var other = Enumerable.Range(0, 80).Select(i => Send(intake, Claude, i)).ToArray();
        Assert.Equal(50, other.Count(t => !t.IsCompleted));
        Assert.Equal(100, intake.Waiting);
        foreach (var refused in hot.Concat(other).Where(t => t.IsCompleted))
            await Assert.ThrowsAsync<IntakeFullException>(() => refused);

        held.Execute("ROLLBACK");
        await Task.WhenAll(hot.Concat(other).Where(t => !t.IsFaulted));
        Assert.Equal(50, await CountAsync(_store, Chat));
        Assert.Equal(ReportOutcome.Counted, (await Send(intake, Chat, 1_000)).Receipt.Outcome);
    }

    [Fact]
    public async Task A_key_that_fails_fails_alone_and_can_be_reported_again_once_mended()
    {
        await using var intake = Intake();
        await Send(intake, Chat, 1);
        await _store.ReadReportedSinceAsync(NoonAnd(-100), s_none);
        await _storage.DisposeAsync();
        using (var shell = _folder.Shell())
        {
            shell.Execute("CREATE TABLE aside AS SELECT cells FROM hours");
            shell.Execute("UPDATE hours SET cells = x'FFFFFFFFFF7F'");
        }
        await InitializeAsync();
        await using var again = Intake();

        var chat = Enumerable.Range(10, 50).Select(i => Send(again, Chat, i)).ToArray();
        var claude = Enumerable.Range(10, 50).Select(i => Send(again, Claude, i)).ToArray();

        await Task.WhenAll(claude);
        foreach (var send in chat)
            await Assert.ThrowsAsync<StoreUnavailableException>(() => send);
        using (var shell = _folder.Shell())
            shell.Execute("UPDATE hours SET cells = (SELECT cells FROM aside) WHERE service = 'chatgpt'");
        Assert.Equal(ReportOutcome.Counted, (await Send(again, Chat, 10)).Receipt.Outcome);
        Assert.Equal(2, await CountAsync(_store, Chat));
    }

    [Fact]
    public async Task A_batch_that_was_stored_though_its_answer_was_lost_is_counted_once()
    {
        await using var intake = new ReportIntake(new LosingWatches(_store, losses: 1), s_clock, new IntakeSettings()) { Soon = TimeSpan.MaxValue };

        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(i => Send(intake, Chat, i)));

        Assert.All(answers, a => Assert.Equal(ReportOutcome.Counted, a.Receipt.Outcome));
        Assert.Equal(100, await CountAsync(_store, Chat));
    }

    [Fact]
    public async Task A_batch_that_fails_twice_is_answered_with_the_failure()
    {
        await using var intake = new ReportIntake(new LosingWatches(_store, losses: 2), s_clock, new IntakeSettings()) { Soon = TimeSpan.MaxValue };

        await Assert.ThrowsAsync<StoreUnavailableException>(() => Send(intake, Chat, 1));
        await intake.UntilWaitingAsync(0);

        Assert.Equal(ReportOutcome.Counted, (await Send(intake, Chat, 2)).Receipt.Outcome);
    }

    [Fact]
    public async Task Stopping_finishes_what_was_taken_in_and_refuses_more()
    {
        var intake = Intake();
        using var held = Hold();
        var sends = Enumerable.Range(0, 200).Select(i => Send(intake, i % 2 == 0 ? Chat : Claude, i)).ToArray();

        var stop = intake.StopAsync(s_none);
        Assert.False(stop.IsCompleted);
        await Assert.ThrowsAsync<IntakeFullException>(() => Send(intake, Chat, 1_000));
        held.Execute("ROLLBACK");
        await stop;

        Assert.All(sends, s => Assert.True(s.IsCompletedSuccessfully || !s.IsCompleted));
        Assert.All(await Task.WhenAll(sends), a => Assert.Equal(ReportOutcome.Counted, a.Receipt.Outcome));
        Assert.Equal(200, await CountAsync(_store, Chat) + await CountAsync(_store, Claude));
        await intake.DisposeAsync();
    }

    [Fact]
    public async Task A_store_that_hangs_does_not_keep_the_process_and_what_may_be_lost_is_said()
    {
        var log = new KeptLog<ReportIntake>();
        var intake = new ReportIntake(new StoringWatches(_store), s_clock, new IntakeSettings(), log) { Patience = TimeSpan.FromMilliseconds(50) };
        var answered = await Send(intake, Chat, 0);
        using var held = Hold();
        var sends = Enumerable.Range(1, 30).Select(i => Send(intake, Chat, i)).ToArray();

        await intake.DisposeAsync();

        Assert.Equal(ReportOutcome.Counted, answered.Receipt.Outcome);
        Assert.All(sends, s => Assert.False(s.IsCompleted));
        Assert.Contains("30 reports may not have been written", Assert.Single(log.Lines), StringComparison.Ordinal);
        Assert.Equal(1, await CountAsync(_store, Chat));
        // Those who come after all are told the truth.
        held.Execute("ROLLBACK");
        Assert.All(await Task.WhenAll(sends), a => Assert.Equal(ReportOutcome.Counted, a.Receipt.Outcome));
        Assert.Equal(31, await CountAsync(_store, Chat));
    }

    [Fact]
    public async Task Who_stops_it_and_has_no_more_time_is_not_kept_and_told_once_what_may_be_lost()
    {
        var log = new KeptLog<ReportIntake>();
        var intake = new ReportIntake(new StoringWatches(_store), s_clock, new IntakeSettings(), log);
        using var held = Hold();
        var sends = Enumerable.Range(1, 3).Select(i => Send(intake, Chat, i)).ToArray();
        using var noMoreTime = new CancellationTokenSource();

        var stop = intake.StopAsync(noMoreTime.Token);
        Assert.False(stop.IsCompleted);
        await noMoreTime.CancelAsync();
        await stop;
        await intake.DisposeAsync();

        Assert.Contains("3 reports may not have been written", Assert.Single(log.Lines), StringComparison.Ordinal);
        held.Execute("ROLLBACK");
        Assert.All(await Task.WhenAll(sends), a => Assert.Equal(ReportOutcome.Counted, a.Receipt.Outcome));
    }

    [Fact]
    public async Task A_report_cancelled_before_it_was_handed_in_is_not_stored()
    {
        await using var intake = Intake();
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await intake.RecordAsync(Chat, Down(1), cancelled.Token));
        Assert.Equal(0, await CountAsync(_store, Chat));
    }

    [Fact]
    public void Batch_ids_are_in_order_of_time_and_never_the_same()
    {
        var ids = Enumerable.Range(0, 1000).Select(i => ReportIntake.NewBatchId(Noon.AddMilliseconds(i / 10), Chat.Service)).ToList();

        Assert.Equal(1000, ids.Distinct().Count());
        Assert.Equal(ids.Select(i => i.Value >> 80).Order(), ids.Select(i => i.Value >> 80));
        Assert.All(ids, id => Assert.Equal(BatchId.HashOf(Chat.Service), id.ServiceHash));
    }

    private static Task<IntakeAnswer> Send(ReportIntake intake, WatchKey key, int person) =>
        intake.RecordAsync(key, Down(person), s_none).AsTask();

    private ReportIntake Intake(int maxWaiting = 20_000) =>
        new(new StoringWatches(_store), s_clock, new IntakeSettings { MaxWaiting = maxWaiting });

    private Connection Hold()
    {
        var shell = _folder.Shell();
        shell.Execute("BEGIN IMMEDIATE");
        return shell;
    }

    /// <summary>The least that makes watches: every batch goes to the store.</summary>
    private class StoringWatches(ICountStore store) : IWatches
    {
        public TimeSpan Spacing => TimeSpan.Zero;

        public virtual Task<BatchReceipt> RecordAsync(ReportBatch batch, CancellationToken cancellation) =>
            store.AppendAsync(batch, cancellation);

        public async Task<bool> WithdrawAsync(ReportId id, CancellationToken cancellation) =>
            await store.WithdrawAsync(id, cancellation) is not null;

        public Task<Amendment?> AmendAsync(ReportId id, ReportDetails details, CancellationToken cancellation) => store.AmendAsync(id, details, cancellation);
    }

    /// <summary>Stores, and loses its first answers on the way back.</summary>
    private sealed class LosingWatches(ICountStore store, int losses) : StoringWatches(store)
    {
        private int _losses = losses;

        public override async Task<BatchReceipt> RecordAsync(ReportBatch batch, CancellationToken cancellation)
        {
            var receipts = await base.RecordAsync(batch, cancellation);
            return Interlocked.Decrement(ref _losses) >= 0 ? throw new StoreUnavailableException("The answer was lost.") : receipts;
        }
    }
}
