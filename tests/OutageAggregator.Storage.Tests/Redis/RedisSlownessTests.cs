using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using OutageAggregator.Storage.Redis.Client;
using OutageAggregator.Storage.Redis.Counts;
using OutageAggregator.Storage.Redis.Incidents;
using OutageAggregator.TestKit.Redis;
using StackExchange.Redis;
using static OutageAggregator.Storage.Tests.Redis.Example;

namespace OutageAggregator.Storage.Tests.Redis;

/// <summary>Redis that is slow, and connections on which nothing comes back.</summary>
public sealed class RedisSlownessTests
{
    [Fact]
    public void Redis_hangs_after_900_ms_of_silence_where_nothing_else_is_set() => Assert.Equal(900, new RedisSettings().HungMilliseconds);

    [Fact]
    public async Task A_Redis_that_stands_still_for_half_a_second_again_and_again_fails_nobody()
    {
        await using var server = await RedisServer.StartAsync("--enable-debug-command", "yes");
        await using var open = new OpenRedis(new RedisSettings { Connection = server.Address });
        await open.Counts.AppendAsync(Batch(ChatItaly, Noon, Down(0)), None);

        // As an fsync does that takes long: who comes during one is answered after the next.
        var standing = Task.Run(async () =>
        {
            for (var i = 0; i < 6; i++)
                Assert.Equal("+OK", await server.SayAsync("DEBUG SLEEP 0.5"));
        });
        var calls = new List<Task>();
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while (!standing.IsCompleted)
        {
            calls.Add(open.Counts.AppendAsync(Batch(ChatItaly, Noon, Down(calls.Count + 1)), None));
            _ = await pace.WaitForNextTickAsync();
        }
        await standing;
        await Task.WhenAll(calls);

        Assert.Equal(calls.Count + 1, await CountAsync(open.Counts, ChatItaly));
        Assert.Empty(open.Told);
    }

    [Fact]
    public async Task Who_waits_longer_than_that_is_answered_where_others_are_meanwhile()
    {
        await using var server = await RedisServer.StartAsync();
        await using var slow = new SlowRedis(server);
        var settings = Settings(slow, hungMilliseconds: 60_000);
        await using var open = new OpenRedis(settings);
        await open.Counts.AppendAsync(Batch(ChatItaly, Noon, Down(0)), None);

        settings.HungMilliseconds = 2_400;
        var longest = TimeSpan.Zero;
        var calls = new List<Task>();
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (longest <= TimeSpan.FromMilliseconds(settings.HungMilliseconds) && calls.Count < 3_000)
        {
            // It grows half as fast as time passes, so that answers go on coming.
            slow.Delay = TimeSpan.FromMilliseconds(10 * calls.Count);
            calls.Add(AppendAsync(Batch(ChatItaly, Noon, Down(calls.Count + 1))));
            _ = await pace.WaitForNextTickAsync();
        }
        await Task.WhenAll(calls);

        Assert.True(longest > TimeSpan.FromMilliseconds(settings.HungMilliseconds));
        slow.Delay = TimeSpan.Zero;
        Assert.Equal(calls.Count + 1, await CountAsync(open.Counts, ChatItaly));
        Assert.Empty(open.Told);

        async Task AppendAsync(Core.Reports.ReportBatch batch)
        {
            var startedAt = Stopwatch.GetTimestamp();
            await open.Counts.AppendAsync(batch, None);
            longest = new[] { longest, Stopwatch.GetElapsedTime(startedAt) }.Max();
        }
    }

    [Fact]
    public async Task Too_slow_is_told_and_what_arrived_all_the_same_is_counted_once()
    {
        await using var server = await RedisServer.StartAsync();
        await using var slow = new SlowRedis(server);
        var settings = Settings(slow, hungMilliseconds: 60_000);
        await using var open = new OpenRedis(settings);
        await open.Counts.AppendAsync(Batch(ChatItaly, Noon, Down(0)), None);

        settings.HungMilliseconds = 300;
        slow.Delay = TimeSpan.FromMinutes(1);
        var batch = Batch(ChatItaly, Noon, Down(1), Down(2));
        var failure = await Assert.ThrowsAsync<StoreUnavailableException>(() => open.Counts.AppendAsync(batch, None));
        Assert.Equal($"Redis at {slow.Address} did not answer within 300 ms.", failure.Message);
        // Nobody else waits for it.
        await Assert.ThrowsAsync<StoreUnavailableException>(() => open.Counts.LastObservedAsync(None));
        Assert.Equal([failure.Message], open.Told);

        slow.Delay = TimeSpan.Zero;
        settings.HungMilliseconds = 60_000;
        await UntilAsync(() => open.Counts.AppendAsync(batch, None));
        Assert.Equal(3, await CountAsync(open.Counts, ChatItaly));
        Assert.Equal([failure.Message, null], open.Told);
    }

    [Fact]
    public async Task A_single_call_that_takes_too_long_fails_alone()
    {
        await using var server = await RedisServer.StartAsync();
        await using var open = new OpenRedis(new RedisSettings { Connection = server.Address + ",asyncTimeout=500", HungMilliseconds = 60_000 });

        // Redis answers others while this one waits for an element that never comes.
        var waiting = open.Link.AskAsync(d => d.ExecuteAsync("WAIT", "1", "0"), None);
        var failure = await Assert.ThrowsAsync<StoreUnavailableException>(() => waiting);

        Assert.Equal($"Redis at {server.Address} did not answer within 500 ms.", failure.Message);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_connection_on_which_nothing_comes_back_is_replaced_and_holds_nobody_up(bool isDeaf)
    {
        await using var server = await RedisServer.StartAsync();
        await using var slow = new SlowRedis(server);
        await using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var meters = services.GetRequiredService<IMeterFactory>();
        var settings = new RedisSettings { Connection = $"{slow.Address},asyncTimeout=500", HungMilliseconds = 60_000 };
        var told = new List<string?>();
        await using var link = new RedisLink(settings, told.Add, meters);
        var megabyte = new byte[1 << 20];
        Assert.False(await WriteAsync("first"));

        slow.Forget(isDeaf);
        // More than the sockets on the way take.
        var calls = Enumerable.Range(0, 64).Select(i => WriteAsync($"lost-{i}")).ToList();
        settings.HungMilliseconds = 300;
        foreach (var call in calls)
            await Assert.ThrowsAsync<StoreUnavailableException>(() => call);
        Assert.StartsWith($"Redis at {slow.Address} did not answer within", told[0], StringComparison.Ordinal);

        settings.HungMilliseconds = 2_000;
        await UntilAsync(() => WriteAsync("next"));
        Assert.InRange(Read(meters)["outage.redis.waiting"], 0, 1);
        Assert.Equal(0, Read(meters)["outage.redis.breaker.open"]);
        Assert.Null(told[^1]);

        Task<bool> WriteAsync(string key) => link.AskAsync(d => d.StringSetAsync($"{settings.Prefix}:{key}", megabyte, when: When.Exists), None);
    }

    [Theory]
    [InlineData("HELLO")]
    [InlineData("CLIENT")]
    [InlineData("INFO")]
    [InlineData("PING")]
    public async Task A_connection_that_is_forgotten_while_it_is_made_is_made_again(string said)
    {
        await using var server = await RedisServer.StartAsync();
        await using var slow = new SlowRedis(server);
        await using var open = new OpenRedis(new RedisSettings { Connection = $"{slow.Address},asyncTimeout=500,connectTimeout=500" });
        slow.ForgetOnceSaid(said);

        await UntilAsync(() => open.Counts.AppendAsync(Batch(ChatItaly, Noon, Down(1)), None));

        Assert.Equal(1, await CountAsync(open.Counts, ChatItaly));
    }

    [Fact]
    public async Task Who_waits_for_something_else_is_told_with_the_first_that_ran_out_of_time()
    {
        await using var server = await RedisServer.StartAsync();
        var settings = new RedisSettings { Connection = RedisServer.Patient(server.Address), HungMilliseconds = 60_000 };
        await using var open = new OpenRedis(settings);
        await open.Counts.AppendAsync(Batch(ChatItaly, Noon, Down(0)), None);

        await server.SignalAsync("STOP");
        var read = open.Counts.LastObservedAsync(None);
        settings.HungMilliseconds = 300;
        await Assert.ThrowsAsync<StoreUnavailableException>(() => open.Counts.AppendAsync(Batch(ChatItaly, Noon, Down(1)), None));
        Assert.Equal($"Redis at {server.Address} did not answer within 300 ms.", (await Assert.ThrowsAsync<StoreUnavailableException>(() => read)).Message);
        await server.SignalAsync("CONT");
    }

    [Fact]
    public async Task Its_numbers_tell_what_became_of_calls()
    {
        await using var server = await RedisServer.StartAsync();
        await using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var meters = services.GetRequiredService<IMeterFactory>();
        var settings = new RedisSettings { Connection = RedisServer.Patient(server.Address), HungMilliseconds = 60_000 };
        await using var link = new RedisLink(settings, meters: meters);
        var counts = new RedisCountStore(link, new RedisIncidentLog(link));
        await counts.AppendAsync(Batch(ChatItaly, Noon, Down(0)), None);
        var before = Read(meters);
        Assert.True(before["outage.redis.calls answered"] >= 2);
        Assert.Equal(0, before["outage.redis.breaker.open"]);

        await server.SignalAsync("STOP");
        settings.HungMilliseconds = 300;
        await Assert.ThrowsAsync<StoreUnavailableException>(() => counts.AppendAsync(Batch(ChatItaly, Noon, Down(1)), None));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => counts.AppendAsync(Batch(ChatItaly, Noon, Down(1)), None));
        var during = Read(meters);
        await server.SignalAsync("CONT");

        Assert.Equal(1, during["outage.redis.breaker.open"]);
        Assert.Equal((1, 1, 0), (during["outage.redis.calls late"], during["outage.redis.calls spared"], during["outage.redis.calls failed"]));
        Assert.True(during["outage.redis.waiting"] >= 1);
    }

    private static Dictionary<string, long> Read(IMeterFactory meters)
    {
        var read = new Dictionary<string, long>(StringComparer.Ordinal);
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, l) =>
        {
            if (ReferenceEquals(instrument.Meter.Scope, meters))
                l.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, labels, _) => read[labels.IsEmpty ? instrument.Name : $"{instrument.Name} {labels[0].Value}"] = value);
        listener.SetMeasurementEventCallback<int>((instrument, value, _, _) => read[instrument.Name] = value);
        listener.Start();
        listener.RecordObservableInstruments();
        return read;
    }

    private static RedisSettings Settings(SlowRedis slow, int hungMilliseconds) =>
        new() { Connection = RedisServer.Patient(slow.Address), HungMilliseconds = hungMilliseconds };
}
