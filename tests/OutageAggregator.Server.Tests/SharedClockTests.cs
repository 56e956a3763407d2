using System.Diagnostics;
using OutageAggregator.Runtime;
using OutageAggregator.Runtime.Settings;
using OutageAggregator.Server.Clocks;
using OutageAggregator.Storage.Redis;
using OutageAggregator.Storage.Redis.Client;
using OutageAggregator.TestKit.Redis;

namespace OutageAggregator.Server.Tests;

/// <summary>The simulated clock of several nodes.</summary>
public sealed class SharedClockTests
{
    private const double Speed = 3_600;

    private static readonly DateTimeOffset s_start = new(2024, 11, 8, 23, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Nodes_that_start_apart_show_the_same()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var link = new RedisLink(new RedisSettings { Connection = redis.Address });
        var (first, second) = (Held(s_start, Speed), Held(s_start, Speed));
        var asking = await TimeAsync(() => GoAsync(link, first));
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while (first.GetUtcNow() < s_start.AddHours(1))
            _ = await tick.WaitForNextTickAsync();

        asking += await TimeAsync(() => GoAsync(link, second));

        // Each may be wrong by as long as Redis' answer was under way, and Redis' time is kept in milliseconds.
        var (before, shown, after) = (first.GetUtcNow(), second.GetUtcNow(), first.GetUtcNow());
        var slack = (asking + TimeSpan.FromMilliseconds(2)) * Speed;
        Assert.InRange(shown, before - slack, after + slack);
    }

    [Theory]
    [InlineData(60, 0)]
    [InlineData(3_600, 1)]
    public async Task A_node_with_another_clock_is_told_which_one_is_the_nodes(double speed, int hours)
    {
        await using var redis = await RedisServer.StartAsync();
        await using var link = new RedisLink(new RedisSettings { Connection = redis.Address });
        await GoAsync(link, Held(s_start, Speed));

        var other = Held(s_start.AddHours(hours), speed);
        var refused = await Assert.ThrowsAsync<SettingsException>(() => GoAsync(link, other));

        Assert.Contains("the nodes over this Redis go by 2024-11-08T23:00:00Z@3600", refused.Message);
        Assert.True(other.IsHeld);
    }

    private static SimulatedClock Held(DateTimeOffset start, double speed) => new(start, speed, TimeProvider.System) { IsHeld = true };

    private static async Task<TimeSpan> TimeAsync(Func<Task> act)
    {
        var began = Stopwatch.GetTimestamp();
        await act();
        return Stopwatch.GetElapsedTime(began);
    }

    private static Task GoAsync(RedisLink link, SimulatedClock clock) =>
        new SharedClock(new RedisAgreement(link), clock).GoAsync(TestContext.Current.CancellationToken);
}
