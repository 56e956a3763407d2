using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using OutageAggregator.Runtime.Following;
using OutageAggregator.Runtime.Tests.Reading;
using OutageAggregator.Storage;
using OutageAggregator.TestKit;

namespace OutageAggregator.Runtime.Tests.Following;

/// <summary>Consumers of the incident log: each is handed every event in order, and goes on where it was.</summary>
public sealed class LogFollowerTests : IAsyncLifetime
{
    private readonly ReadingWorld _world = new(onDisk: true);
    private readonly CancellationTokenSource _stopping = new();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _stopping.Dispose();
        await _world.DisposeAsync();
    }

    [Fact]
    public async Task A_new_consumer_is_told_nothing_of_the_past_and_then_everything_in_order()
    {
        await LogAsync(3);
        var webhooks = new Recorder("webhooks");
        _ = FollowAsync(webhooks, _stopping.Token);
        Assert.Equal(3, await webhooks.Began.Task);
        await LogAsync(300);

        for (var position = 4; position <= 303; position++)
            Assert.Equal(position, await webhooks.NextAsync());
    }

    [Fact]
    public async Task After_a_restart_it_goes_on_after_what_it_took_and_misses_nothing()
    {
        using (var first = new CancellationTokenSource())
        {
            var before = new Recorder("webhooks");
            var following = FollowAsync(before, first.Token);
            await before.Began.Task;
            await LogAsync(2);
            Assert.Equal((1, 2), (await before.NextAsync(), await before.NextAsync()));
            // Its position is saved before it is handed the next one.
            await LogAsync(1);
            Assert.Equal(3, await before.NextAsync());
            await first.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => following);
        }
        await LogAsync(2);

        var after = new Recorder("webhooks");
        _ = FollowAsync(after, _stopping.Token);

        // The last one it took may be handed over again: its position may not have been saved.
        Assert.InRange(await after.Began.Task, 2, 3);
        long position;
        while ((position = await after.NextAsync()) < 4)
            Assert.Equal(3, position);
        Assert.Equal((4, 5), (position, await after.NextAsync()));
    }

    [Fact]
    public async Task What_was_not_taken_is_handed_over_again_also_after_a_restart()
    {
        var failing = new Recorder("webhooks") { Fault = static _ => new InvalidOperationException("The receiver says no.") };
        using (var first = new CancellationTokenSource())
        {
            var following = FollowAsync(failing, first.Token);
            await failing.Began.Task;
            await LogAsync(1);
            Assert.Equal((1, 1), (await failing.NextAsync(), await failing.NextAsync()));
            await first.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => following);
        }

        var after = new Recorder("webhooks");
        _ = FollowAsync(after, _stopping.Token);

        Assert.Equal(0, await after.Began.Task);
        Assert.Equal(1, await after.NextAsync());
    }

    [Fact]
    public async Task What_fails_again_and_again_is_told_once()
    {
        var failing = new Recorder("webhooks") { Fault = static _ => new InvalidOperationException("The receiver says no.") };
        var log = new KeptLog<LogFollower>();
        _ = FollowAsync(failing, _stopping.Token, log: log);
        await failing.Began.Task;
        await LogAsync(1);

        // Each time it is handed over, the failure before that has been told, or not.
        for (var attempt = 0; attempt < 3; attempt++)
            Assert.Equal(1, await failing.NextAsync());

        Assert.Contains("'webhooks' is behind, and tries again every second: The receiver says no.", Assert.Single(log.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_fails_or_takes_for_ever_holds_up_no_other()
    {
        var slow = new Recorder("slow") { Delay = _stopping.Token };
        var failing = new Recorder("failing") { Fault = static _ => new StoreUnavailableException("It is away.") };
        var mail = new Recorder("mail");
        foreach (var consumer in new[] { slow, failing, mail })
        {
            _ = FollowAsync(consumer, _stopping.Token);
            await consumer.Began.Task;
        }
        await LogAsync(20);

        for (var position = 1; position <= 20; position++)
            Assert.Equal(position, await mail.NextAsync());
        Assert.Equal((1, 1), (await slow.NextAsync(), await failing.NextAsync()));
    }

    [Fact]
    public async Task One_that_is_not_saved_begins_at_the_end_with_every_start_and_leaves_nothing_behind()
    {
        for (var start = 1; start <= 2; start++)
        {
            using var running = new CancellationTokenSource();
            var live = new Recorder("live");
            var following = FollowAsync(live, running.Token, isSaved: false);
            Assert.Equal((start - 1) * 2, await live.Began.Task);
            await LogAsync(1);
            Assert.Equal((start * 2) - 1, await live.NextAsync());
            await running.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => following);
            await LogAsync(1);
        }

        Assert.Null(await _world.Get<ICursorStore>().ReadAsync("live", default));
    }

    private Task FollowAsync(Recorder recorder, CancellationToken stopping, bool isSaved = true, ILogger<LogFollower>? log = null) =>
        new LogFollower(_world.Log, _world.Get<ICursorStore>(), log ?? NullLogger<LogFollower>.Instance).FollowAsync(
            new LogConsumer(recorder.Name, recorder.TakeAsync)
            {
                IsSaved = isSaved,
                Begin = (position, _) => Task.FromResult(recorder.Began.TrySetResult(position)),
            },
            stopping);

    private async Task LogAsync(int events)
    {
        for (var i = 0; i < events; i++)
            await _world.LogAsync("chatgpt", IncidentEventKind.Elevated, ServiceStatus.Elevated);
    }

    /// <summary>Notes what it is handed, and then takes it, fails, or waits.</summary>
    private sealed class Recorder(string name)
    {
        private readonly Channel<long> _handed = Channel.CreateUnbounded<long>();

        public string Name => name;

        public TaskCompletionSource<long> Began { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Func<LoggedEvent, Exception?> Fault { get; init; } = static _ => null;

        public CancellationToken Delay { get; init; }

        public Task<long> NextAsync() => _handed.Reader.ReadAsync().AsTask();

        public async Task TakeAsync(LoggedEvent logged, CancellationToken stopping)
        {
            await _handed.Writer.WriteAsync(logged.Position, stopping);
            if (Fault(logged) is { } fault)
                throw fault;
            if (Delay.CanBeCanceled)
                await new TaskCompletionSource().Task.WaitAsync(Delay);
        }
    }
}
