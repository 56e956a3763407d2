using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using OutageAggregator.Storage.Redis.Client;
using OutageAggregator.Storage.Redis.Counts;
using OutageAggregator.Storage.Redis.Incidents;
using OutageAggregator.TestKit.Redis;
using static OutageAggregator.Storage.Tests.Redis.Example;

namespace OutageAggregator.Storage.Tests.Redis;

/// <summary>Redis that is slow, over a real connection that takes its time.</summary>
public sealed class RedisSlownessTests
{
    [Fact]
    public void Redis_may_be_silent_for_150_ms_where_nothing_else_is_set() => Assert.Equal(150, new RedisSettings().WriteMilliseconds);

    [Fact]
    public async Task Slow_but_in_time_is_no_trouble()
    {
        await using var server = await RedisServer.StartAsync();
        await using var slow = new SlowRedis(server);
        await using var open = new OpenRedis(Settings(slow, writeMilliseconds: 60_000));
        await open.Counts.AppendAsync(Batch(ChatItaly, Noon, Down(0)), None);

        slow.Delay = TimeSpan.FromMilliseconds(300);
        var startedAt = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(1, 20).Select(i => open.Counts.AppendAsync(Batch(ChatItaly, Noon, Down(i)), None)));

        Assert.True(Stopwatch.GetElapsedTime(startedAt) >= TimeSpan.FromMilliseconds(250));
        Assert.Equal(21, await CountAsync(open.Counts, ChatItaly));
        Assert.Empty(open.Told);
    }

    [Fact]
    public async Task Who_waits_longer_than_that_is_answered_where_others_are_meanwhile()
    {
        await using var server = await RedisServer.StartAsync();
        await using var slow = new SlowRedis(server);
        var settings = Settings(slow, writeMilliseconds: 60_000);
        await using var open = new OpenRedis(settings);
        await open.Counts.AppendAsync(Batch(ChatItaly, Noon, Down(0)), None);

        // What is sent while an answer is held up waits for the next one, too: up to twice the delay.
        settings.WriteMilliseconds = 2_400;
        slow.Delay = TimeSpan.FromMilliseconds(1_500);
        var longest = TimeSpan.Zero;
        var calls = new List<Task>();
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (longest <= TimeSpan.FromMilliseconds(settings.WriteMilliseconds) && calls.Count < 3_000)
        {
            calls.Add(AppendAsync(Batch(ChatItaly, Noon, Down(calls.Count + 1))));
            _ = await pace.WaitForNextTickAsync();
        }
        await Task.WhenAll(calls);

        Assert.True(longest > TimeSpan.FromMilliseconds(settings.WriteMilliseconds));
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
        var settings = Settings(slow, writeMilliseconds: 300);
        await using var open = new OpenRedis(settings);
        settings.WriteMilliseconds = 60_000;
        await open.Counts.AppendAsync(Batch(ChatItaly, Noon, Down(0)), None);

        settings.WriteMilliseconds = 300;
        slow.Delay = TimeSpan.FromMinutes(1);
        var batch = Batch(ChatItaly, Noon, Down(1), Down(2));
        var failure = await Assert.ThrowsAsync<StoreUnavailableException>(() => open.Counts.AppendAsync(batch, None));
        Assert.Equal($"Redis at {slow.Address} did not answer within 300 ms.", failure.Message);
        // Nobody else waits for it.
        await Assert.ThrowsAsync<StoreUnavailableException>(() => open.Counts.LastObservedAsync(None));
        Assert.Equal([failure.Message], open.Told);

        slow.Delay = TimeSpan.Zero;
        settings.WriteMilliseconds = 60_000;
        await UntilAsync(() => open.Counts.AppendAsync(batch, None));
        Assert.Equal(3, await CountAsync(open.Counts, ChatItaly));
        Assert.Equal([failure.Message, null], open.Told);
    }

    [Fact]
    public async Task A_connection_that_is_silent_is_made_anew_where_Redis_answers_on_another_one()
    {
        await using var server = await RedisServer.StartAsync();
        await using var slow = new SlowRedis(server);
        var settings = Settings(slow, writeMilliseconds: 60_000);
        settings.SilenceMilliseconds = 600;
        await using var open = new OpenRedis(settings);
        await open.Counts.AppendAsync(Batch(ChatItaly, Noon, Down(0)), None);

        slow.Forget();
        settings.WriteMilliseconds = 300;
        var batch = Batch(ChatItaly, Noon, Down(1), Down(2));
        var failure = await Assert.ThrowsAsync<StoreUnavailableException>(() => open.Counts.AppendAsync(batch, None));
        Assert.Equal($"Redis at {slow.Address} did not answer within 300 ms.", failure.Message);

        settings.WriteMilliseconds = 2_000;
        await UntilAsync(() => open.Counts.AppendAsync(batch, None));
        Assert.Equal(3, await CountAsync(open.Counts, ChatItaly));
        Assert.Equal(failure.Message, open.Told[0]);
        Assert.Null(open.Told[^1]);
    }

    [Fact]
    public async Task What_could_not_be_sent_on_a_silent_connection_holds_nobody_up_on_the_next_one()
    {
        await using var server = await RedisServer.StartAsync();
        await using var slow = new SlowRedis(server);
        await using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var meters = services.GetRequiredService<IMeterFactory>();
        var settings = Settings(slow, writeMilliseconds: 60_000);
        settings.SilenceMilliseconds = int.MaxValue;
        await using var link = new RedisLink(settings, meters: meters);
        var megabyte = new byte[1 << 20];
        Assert.False(await WriteAsync("first"));

        slow.Forget(areDeaf: true);
        // More than the sockets on the way take.
        var calls = Enumerable.Range(0, 64).Select(i => WriteAsync($"lost-{i}")).ToList();
        settings.WriteMilliseconds = 300;
        foreach (var call in calls)
            await Assert.ThrowsAsync<StoreUnavailableException>(() => call);
        Assert.True(Read(meters)["outage.redis.waiting"] >= calls.Count);

        (settings.WriteMilliseconds, settings.SilenceMilliseconds) = (2_000, 600);
        await UntilAsync(() => WriteAsync("next"));
        Assert.InRange(Read(meters)["outage.redis.waiting"], 0, 1);
        Assert.Equal(0, Read(meters)["outage.redis.breaker.open"]);

        Task<bool> WriteAsync(string key) => link.AskAtOnceAsync(d => d.StringSetAsync($"{settings.Prefix}:{key}", megabyte, null, StackExchange.Redis.When.Exists), None);
    }

    [Fact]
    public async Task A_first_connection_counts_once_it_has_answered()
    {
        await using var server = await RedisServer.StartAsync();
        await using var slow = new SlowRedis(server);
        var options = RedisConnection.OptionsOf(Settings(slow, writeMilliseconds: 60_000), "test");
        options.ConnectTimeout = 5_000;
        slow.ForgetOnceSaid("PING");
        var renewals = 0;
        await using var client = new RedisClient(options, "probe", () => renewals++);

        Assert.True((await client.ProbeAsync().WaitAsync(TimeSpan.FromMinutes(1))).IsNull);

        Assert.Equal(1, slow.Forgotten);
        Assert.Equal((0, 0), (renewals, client.Generation));
    }

    [Fact]
    public async Task Who_waits_for_something_else_is_told_with_the_first_that_ran_out_of_time()
    {
        await using var server = await RedisServer.StartAsync();
        var settings = new RedisSettings { Connection = server.Address, WriteMilliseconds = 60_000, ReadMilliseconds = 60_000 };
        await using var open = new OpenRedis(settings);
        await open.Counts.AppendAsync(Batch(ChatItaly, Noon, Down(0)), None);

        await server.SignalAsync("STOP");
        var read = open.Counts.LastObservedAsync(None);
        settings.WriteMilliseconds = 300;
        await Assert.ThrowsAsync<StoreUnavailableException>(() => open.Counts.AppendAsync(Batch(ChatItaly, Noon, Down(1)), None));
        // Its own minute is not over.
        Assert.Equal($"Redis at {server.Address} did not answer within 300 ms.", (await Assert.ThrowsAsync<StoreUnavailableException>(() => read)).Message);
        await server.SignalAsync("CONT");
    }

    [Fact]
    public async Task Its_numbers_tell_what_became_of_calls()
    {
        await using var server = await RedisServer.StartAsync();
        await using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var meters = services.GetRequiredService<IMeterFactory>();
        var settings = new RedisSettings { Connection = server.Address, WriteMilliseconds = 60_000, ReadMilliseconds = 60_000 };
        await using var link = new RedisLink(settings, meters: meters);
        var counts = new RedisCountStore(link, new RedisIncidentLog(link));
        await counts.AppendAsync(Batch(ChatItaly, Noon, Down(0)), None);
        var before = Read(meters);
        Assert.True(before["outage.redis.calls answered"] >= 2);
        Assert.Equal(0, before["outage.redis.breaker.open"]);

        await server.SignalAsync("STOP");
        settings.WriteMilliseconds = 300;
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

    private static RedisSettings Settings(SlowRedis slow, int writeMilliseconds) =>
        new() { Connection = RedisServer.Patient(slow.Address), WriteMilliseconds = writeMilliseconds, ReadMilliseconds = 60_000 };

    // A connection comes back when it does; a call that fails until then says nothing.
    private static async Task UntilAsync(Func<Task> succeeds)
    {
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        var patience = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                await succeeds();
                return;
            }
            catch (StoreUnavailableException) when (patience.Elapsed < TimeSpan.FromMinutes(2))
            {
                _ = await look.WaitForNextTickAsync();
            }
        }
    }
}
