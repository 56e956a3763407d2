using System.Diagnostics;
using OutageAggregator.Contracts;
using OutageAggregator.Runtime.Intake;
using OutageAggregator.Storage;
using OutageAggregator.Storage.Memory;
using static OutageAggregator.TestKit.Stores.Example;

namespace OutageAggregator.Runtime.Tests.Intake;

/// <summary>An intake that leaves some time between two batches of a key, as a node does whose watches are elsewhere.</summary>
public sealed class IntakeSpacingTests
{
    private const int Senders = 16;
    private const int Each = 10;
    private const int AnHour = 3_600_000;

    private readonly MemoryCountStore _store = new();

    [Fact]
    public async Task Many_reports_of_a_key_in_a_row_make_a_batch_each_so_often_and_no_more()
    {
        const int Spacing = 30;
        await using var intake = Intake(Spacing);
        var since = Stopwatch.GetTimestamp();

        var answers = (await Task.WhenAll(Enumerable.Range(0, Senders).Select(SendInARowAsync))).SelectMany(a => a).ToList();

        // However slow the machine is, that many have begun since then. Timers may be early by a millisecond or two.
        var most = (Stopwatch.GetElapsedTime(since).TotalMilliseconds / (Spacing - 2)) + 1;
        Assert.InRange(answers.Select(a => a.Id.Batch).Distinct().Count(), Each, most);
        Assert.Equal(Senders * Each, answers.Select(a => a.Id).Distinct().Count());
        Assert.All(answers, a => Assert.Equal(ReportOutcome.Counted, a.Receipt.Outcome));
        Assert.Equal(Senders * Each, await CountAsync(_store, Chat));
        await intake.UntilWaitingAsync(0);

        async Task<List<IntakeAnswer>> SendInARowAsync(int sender)
        {
            var answered = new List<IntakeAnswer>();
            for (var i = 0; i < Each; i++)
                answered.Add(await Send(intake, Chat, (sender * Each) + i));
            return answered;
        }
    }

    [Fact]
    public async Task A_report_that_comes_alone_waits_for_nothing()
    {
        // If it waited, it would be for an hour.
        await using var intake = Intake(AnHour);

        Assert.Equal(ReportOutcome.Counted, (await Send(intake, Chat, 1)).Receipt.Outcome);
        Assert.Equal(ReportOutcome.Counted, (await Send(intake, Claude, 2)).Receipt.Outcome);
    }

    [Fact]
    public async Task What_is_set_goes_before_what_the_watches_want()
    {
        await using var intake = Intake(spacing: 0, ofWatches: AnHour);

        Assert.Equal(ReportOutcome.Counted, (await Send(intake, Chat, 1)).Receipt.Outcome);
        Assert.Equal(ReportOutcome.Counted, (await Send(intake, Chat, 2)).Receipt.Outcome);
    }

    [Theory]
    [InlineData(AnHour, 0)]
    [InlineData(null, AnHour)]
    public async Task What_comes_before_the_time_is_over_gathers_and_leaves_other_keys_alone(int? set, int ofWatches)
    {
        var intake = Intake(set, ofWatches);
        await Send(intake, Chat, 0);

        var waiting = Enumerable.Range(1, 100).Select(i => Send(intake, Chat, i)).ToArray();
        await Send(intake, Claude, 0);

        await intake.UntilWaitingAsync(100);
        Assert.DoesNotContain(waiting, w => w.IsCompleted);
        Assert.Equal(1, await CountAsync(_store, Chat));
        await intake.DisposeAsync();
    }

    private ReportIntake Intake(int? spacing, int ofWatches = 0) => new(new StoringWatches(_store, TimeSpan.FromMilliseconds(ofWatches)), new ManualClock(Noon), new IntakeSettings { SpacingMilliseconds = spacing })
    {
        Patience = TimeSpan.FromMilliseconds(50),
    };

    private static Task<IntakeAnswer> Send(ReportIntake intake, WatchKey key, int person) => intake.RecordAsync(key, Down(person), CancellationToken.None).AsTask();

    /// <summary>The least that makes watches: every batch goes to the store.</summary>
    private sealed class StoringWatches(ICountStore store, TimeSpan spacing) : IWatches
    {
        public TimeSpan Spacing => spacing;

        public Task<BatchReceipt> RecordAsync(ReportBatch batch, CancellationToken cancellation) => store.AppendAsync(batch, cancellation);

        public async Task<bool> WithdrawAsync(ReportId id, CancellationToken cancellation) => await store.WithdrawAsync(id, cancellation) is not null;

        public Task<Amendment?> AmendAsync(ReportId id, ReportDetails details, CancellationToken cancellation) => store.AmendAsync(id, details, cancellation);
    }
}
