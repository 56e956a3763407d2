using Microsoft.Extensions.DependencyInjection;
using OutageAggregator.Runtime.Spooling;
using OutageAggregator.Storage;
using OutageAggregator.Storage.Spool;
using OutageAggregator.TestKit;
using static OutageAggregator.TestKit.Stores.Example;

namespace OutageAggregator.Runtime.Tests.Spooling;

/// <summary>What a spool does not do: grow without end, take what it was not asked to, or hide that it can't.</summary>
public sealed class SpoolBoundsTests
{
    private static readonly CancellationToken s_none = CancellationToken.None;

    [Fact]
    public async Task A_full_spool_takes_no_more_and_takes_again_when_it_was_emptied()
    {
        await using var world = new SpoolWorld(new SpoolSettings { Enabled = true, MaxReports = 3 });
        world.Door.IsAway = true;
        _ = await world.Watches.RecordAsync(Batch(Chat, Noon, Down(1), Down(2)), s_none);

        var failure = await Assert.ThrowsAsync<StoreUnavailableException>(() => world.Watches.RecordAsync(Batch(Claude, Noon, Down(3), Down(4)), s_none));
        Assert.Equal("The store is away.", failure.Message);
        Assert.True(world.Spool.IsTaking);
        _ = await world.Watches.RecordAsync(Batch(Claude, Noon, Down(3)), s_none);
        Assert.False(world.Spool.IsTaking);
        await Assert.ThrowsAsync<StoreUnavailableException>(() => world.Watches.RecordAsync(Batch(Chat, Noon, Down(5)), s_none));

        world.Door.IsAway = false;
        await world.DrainAsync();
        Assert.True(world.Spool.IsTaking);
        Assert.Equal(3, await CountAsync(world.Store, Chat) + await CountAsync(world.Store, Claude));
    }

    [Fact]
    public async Task Its_file_is_bounded_and_small_again_when_it_is_empty()
    {
        await using var world = new SpoolWorld(new SpoolSettings { Enabled = true, MaxMegabytes = 1 });
        world.Door.IsAway = true;
        var taken = 0;
        await Assert.ThrowsAsync<StoreUnavailableException>(async () =>
        {
            for (; ; taken++)
                _ = await world.Watches.RecordAsync(Batch(Chat, Noon, [.. Enumerable.Range(taken * 1_000, 1_000).Select(i => Down(i))]), s_none);
        });
        Assert.InRange(taken, 30, 60);
        Assert.False(world.Spool.IsTaking);

        world.Door.IsAway = false;
        await world.DrainAsync();

        Assert.Equal(taken * 1_000, await CountAsync(world.Store, Chat));
        await world.Spool.DisposeAsync();
        Assert.InRange(new FileInfo(world.File).Length, 0, 100_000);
    }

    [Fact]
    public async Task A_spool_that_was_turned_off_hands_on_what_is_left_and_takes_nothing()
    {
        await using var world = new SpoolWorld();
        world.Door.IsAway = true;
        _ = await world.Watches.RecordAsync(Batch(Chat, Noon, Down(1)), s_none);
        world.Settings.Enabled = false;
        await world.RestartAsync();

        Assert.False(world.Spool.IsTaking);
        await Assert.ThrowsAsync<StoreUnavailableException>(() => world.Watches.RecordAsync(Batch(Claude, Noon, Down(1)), s_none));
        world.Door.IsAway = false;
        // It would overtake.
        await Assert.ThrowsAsync<StoreUnavailableException>(() => world.Watches.RecordAsync(Batch(Chat, Noon, Down(2)), s_none));
        await world.DrainAsync();

        _ = await world.Watches.RecordAsync(Batch(Chat, Noon, Down(2)), s_none);
        Assert.Equal(2, await CountAsync(world.Store, Chat));
    }

    [Fact]
    public void A_damaged_file_stops_the_start_and_says_what_it_means()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(Path.Combine(folder.Path, SpoolFile.FileName), new string('x', 10_000));

        var failure = Assert.Throws<StoreUnavailableException>(() => new Spool(folder.Path, new SpoolSettings { Enabled = true }, Microsoft.Extensions.Logging.Abstractions.NullLogger<Spool>.Instance));

        Assert.StartsWith("The spool '", failure.Message, StringComparison.Ordinal);
        Assert.Contains("Move it away", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_spool_nothing_stands_in_front_of_the_watches()
    {
        using var folder = new TemporaryFolder();
        var services = new ServiceCollection();

        _ = services.AddSpool(folder.Path);

        Assert.DoesNotContain(services, s => s.ServiceType == typeof(Spool));
        _ = services.AddSingleton(new SpoolSettings { Enabled = true });
        Assert.Throws<InvalidOperationException>(() => services.AddSpool(folder.Path));
    }

    [Fact]
    public void A_spool_stands_in_for_a_store_that_goes_and_not_for_one_that_never_came()
    {
        var (readiness, isThere) = (new Readiness(), true);
        readiness.HasStandIn = () => isThere;
        Assert.Equal(["the store is not open yet", "the watches are not restored yet"], readiness.WhatIsMissing());

        readiness.Ready(ReadyPart.Store);
        readiness.Ready(ReadyPart.Watches);
        readiness.Missing(ReadyPart.Store, "it hangs");
        Assert.Empty(readiness.WhatIsMissing());
        Assert.True(readiness.HasStandIn());

        isThere = false;
        Assert.Equal(["it hangs"], readiness.WhatIsMissing());
    }
}
