using System.Collections.Concurrent;
using OutageAggregator.Contracts;
using OutageAggregator.Storage;
using OutageAggregator.Storage.Memory;
using OutageAggregator.TestKit.Watching;
using static OutageAggregator.TestKit.Stores.Example;

namespace OutageAggregator.Runtime.Tests.Spooling;

/// <summary>What can't be handed on for long: the rest of the server lives with it.</summary>
public sealed class SpoolStuckTests
{
    private static readonly CancellationToken s_none = CancellationToken.None;

    private static readonly Catalog s_catalog = new([new Category("ai", "AI")], [new Service(Claude.Service, "Claude", "ai", [], null, "America/Los_Angeles", null)]);

    [Fact]
    public async Task Minutes_wait_once_for_what_is_stuck_and_not_with_every_look()
    {
        await using var world = new SpoolWorld();
        world.Door.IsAway = true;
        _ = await world.Watches.RecordAsync(Batch(Claude, Noon, Down(1)), s_none);
        world.Door.Fault = static b => b.Key == Claude ? new StoreUnavailableException("No node watches it.") : null;
        world.Door.IsAway = false;
        await world.StartDrainingAsync();
        var (log, clock) = (new MemoryIncidentLog(), new ManualClock(Noon));
        var watches = ObjectWatches.Over(world.Store, log, s_catalog, clock, spool: world.Spool);
        watches.Observer.LongestDrain = TimeSpan.FromMilliseconds(50);
        await watches.LookAsync();
        await TickAsync();

        watches.Observer.LongestDrain = Timeout.InfiniteTimeSpan;
        await TickAsync();
        Assert.Equal(1, world.Spool.Reports);

        // Once it is empty, minutes wait again for what comes next.
        world.Door.Fault = static _ => null;
        await world.Spool.WhenEmpty;
        await TickAsync();
        world.Door.IsAway = true;
        _ = await world.Watches.RecordAsync(Batch(Claude, Noon, Down(2)), s_none);
        var looking = TickAsync();
        Assert.False(looking.IsCompleted);
        world.Door.IsAway = false;
        await looking;
        Assert.True(world.Spool.IsEmpty);

        Task TickAsync()
        {
            clock.Advance(TimeSpan.FromMinutes(1));
            return watches.LookAsync().WaitAsync(TimeSpan.FromMinutes(1));
        }
    }

    [Fact]
    public async Task A_key_of_which_nothing_is_stored_gives_up_each_batch_with_its_next_failure_and_not_some_of_them_an_hour()
    {
        await using var world = new SpoolWorld { Patience = TimeSpan.FromMilliseconds(600) };
        world.Door.IsAway = true;
        var batches = Enumerable.Range(1, 200).Select(i => Batch(Chat, Noon, Down(i))).ToList();
        foreach (var batch in batches)
            _ = await world.Watches.RecordAsync(batch, s_none);
        var tries = new ConcurrentDictionary<BatchId, int>();
        world.Door.Fault = b =>
        {
            _ = tries.AddOrUpdate(b.Id, 1, static (_, n) => n + 1);
            return new InvalidOperationException("A fault of ours.");
        };
        world.Door.IsAway = false;

        await world.DrainAsync();

        Assert.Equal(200, world.Spool.File.AsideReports);
        // The first ones were tried again and again meanwhile.
        Assert.True(tries[batches[0].Id] > 1);
        Assert.Equal(1, tries[batches[^1].Id]);
    }
}
