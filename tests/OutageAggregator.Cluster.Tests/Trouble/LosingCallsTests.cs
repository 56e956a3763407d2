using System.Collections.Concurrent;
using OutageAggregator.Storage;
using OutageAggregator.TestKit;

namespace OutageAggregator.Cluster.Tests.Trouble;

/// <summary>Calls that get lost between nodes, or find no Redis: what was sent is counted once, and what is wrong is said.</summary>
public sealed class LosingCallsTests
{
    [Fact]
    public async Task Batches_that_go_while_the_node_of_their_watch_leaves_are_counted_once()
    {
        await using var nodes = await TwoNodes.StartAsync();
        var caller = nodes.One;
        var host = nodes.Other;
        var key = await nodes.WatchOnAsync(host);
        var before = await nodes.CountAsync(caller, key);
        var sent = new ConcurrentBag<ReportBatch>();

        var leaving = nodes.LeaveAsync(host);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ =>
        {
            do
            {
                var batch = nodes.Batch(key, 3);
                sent.Add(batch);
                // Where two calls are lost, the sender comes again.
                Assert.All((await UntilRecordedAsync(caller, batch)).Receipt.Receipts, r => Assert.Equal(ReportOutcome.Counted, r.Outcome));
            }
            while (!leaving.IsCompleted);
        }));
        await leaving;

        Assert.Equal(before + (sent.Count * 3), await nodes.CountAsync(caller, key));
        foreach (var batch in sent.Take(50))
            Assert.True((await caller.Watches.RecordAsync(batch, TwoNodes.None)).IsRepeat);
        Assert.Equal(before + (sent.Count * 3), await nodes.CountAsync(caller, key));
        Assert.Equal(caller.SiloPort, await caller.PortOfAsync(TwoNodes.GrainOf(caller, key)));
    }

    [Fact]
    public async Task A_call_that_no_answer_came_to_in_time_is_made_again_and_its_batch_is_counted_once()
    {
        await using var nodes = await TwoNodes.StartAsync(byAWay: true);
        var key = await nodes.WatchOnAsync(nodes.Other);
        var before = await nodes.CountAsync(nodes.One, key);
        var calls = nodes.One.CountCalls();
        // One after the other in the watch: the last one would be over after far more than a call may take, by however much its end is noticed late.
        nodes.Way!.Delay = GrainWatches.CallTimeout / 3.5;
        var batches = Enumerable.Range(0, 10).Select(_ => nodes.Batch(key, 3)).ToList();

        // Where the machine is so busy that two calls are not enough, their sender comes again.
        var sending = Task.WhenAll(batches.Select(b => UntilRecordedAsync(nodes.One, b)));
        await ClusterNode.UntilAsync(() => Task.FromResult(nodes.One.CountCalls() - calls > batches.Count));
        nodes.Way.Delay = TimeSpan.Zero;
        var sent = await sending;

        Assert.True(nodes.One.CountCalls() - calls > sent.Sum(s => s.Attempts), "No call was made again but by its sender.");
        Assert.Equal(before + (batches.Count * 3), await nodes.CountAsync(nodes.One, key));
    }

    [Fact]
    public async Task A_Redis_that_hangs_is_told_as_that_by_a_watch_here_and_by_one_on_another_node()
    {
        await using var nodes = await TwoNodes.StartAsync();
        WatchKey[] keys = [await nodes.WatchOnAsync(nodes.One), await nodes.WatchOnAsync(nodes.Other)];
        var counted = new Dictionary<WatchKey, int>();
        foreach (var key in keys)
            counted[key] = await nodes.CountAsync(nodes.One, key);
        var batches = keys.ToDictionary(k => k, k => nodes.Batch(k, 3));
        foreach (var node in (InProcessNode[])[nodes.One, nodes.Other])
            node.Redis.HungMilliseconds = 200;

        await nodes.Redis.SignalAsync("STOP");
        foreach (var key in keys)
        {
            var failure = await Assert.ThrowsAsync<StoreUnavailableException>(() => nodes.One.Watches.RecordAsync(batches[key], TwoNodes.None));
            Assert.StartsWith($"Redis at {nodes.Redis.Address} did not answer within ", failure.Message, StringComparison.Ordinal);
        }
        await nodes.Redis.SignalAsync("CONT");
        await UntilFoundAsync(nodes.One, nodes.Other);

        foreach (var key in keys)
        {
            await UntilRecordedAsync(nodes.One, batches[key]);
            Assert.Equal(counted[key] + 3, await nodes.CountAsync(nodes.One, key));
        }
    }

    [Fact]
    public async Task A_watch_that_can_not_be_loaded_is_told_with_the_reason_on_whichever_node_it_would_be()
    {
        await using var nodes = await TwoNodes.StartAsync();
        _ = await nodes.WatchOnAsync(nodes.One);
        foreach (var node in (InProcessNode[])[nodes.One, nodes.Other])
            node.Redis.HungMilliseconds = 200;
        // Countries at the end of the list: no first report was tried with them.
        var batches = Region.Countries.TakeLast(8).Select(r => nodes.Batch(new WatchKey(TwoNodes.Service, r), 3)).ToList();

        await nodes.Redis.SignalAsync("STOP");
        foreach (var batch in batches)
        {
            var failure = await Assert.ThrowsAsync<StoreUnavailableException>(() => nodes.One.Watches.RecordAsync(batch, TwoNodes.None));
            Assert.StartsWith($"Redis at {nodes.Redis.Address} ", failure.Message, StringComparison.Ordinal);
        }
        await nodes.Redis.SignalAsync("CONT");
        await UntilFoundAsync(nodes.One, nodes.Other);

        foreach (var batch in batches)
        {
            await UntilRecordedAsync(nodes.One, batch);
            Assert.Equal(3, await nodes.CountAsync(nodes.One, batch.Key));
        }
    }

    // Each finds out by itself that Redis is back.
    private static async Task UntilFoundAsync(params InProcessNode[] nodes)
    {
        foreach (var node in nodes)
        {
            node.Redis.HungMilliseconds = 60_000;
            await UntilAsync(() => node.Counts.LastObservedAsync(TwoNodes.None));
        }
    }

    private static async Task<(BatchReceipt Receipt, int Attempts)> UntilRecordedAsync(InProcessNode node, ReportBatch batch)
    {
        BatchReceipt? receipt = null;
        var attempts = 0;
        await UntilAsync(async () =>
        {
            attempts++;
            receipt = await node.Watches.RecordAsync(batch, TwoNodes.None);
        });
        return (receipt!, attempts);
    }

    private static Task UntilAsync(Func<Task> succeeds) => ClusterNode.UntilAsync(async () =>
    {
        try
        {
            await succeeds();
            return true;
        }
        catch (StoreUnavailableException)
        {
            return false;
        }
    });
}
