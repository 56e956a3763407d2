using OutageAggregator.Storage.Redis.Client;
using OutageAggregator.TestKit;
using OutageAggregator.TestKit.Redis;
using static OutageAggregator.Storage.Tests.Redis.Example;

namespace OutageAggregator.Storage.Tests.Redis;

/// <summary>Everything that Redis can suffer from: each is said in a line, and nothing accepted is lost or counted twice.</summary>
public sealed class RedisTroubleTests
{
    [Fact]
    public async Task Scripts_that_were_flushed_are_loaded_again()
    {
        await using var server = await RedisServer.StartAsync();
        await using var open = new OpenRedis(Settings(server));
        await open.Counts.AppendAsync(Batch(ChatItaly, Noon, Down(1)), None);

        Assert.Equal("+OK", await server.SayAsync("SCRIPT FLUSH"));
        await Task.WhenAll(Enumerable.Range(2, 50).Select(i => open.Counts.AppendAsync(Batch(ChatItaly, Noon, Down(i)), None)));

        Assert.Equal(51, await CountAsync(open.Counts, ChatItaly));
        Assert.Empty(open.Told);
    }

    [Fact]
    public async Task A_Redis_that_hangs_is_told_and_what_was_sent_again_is_counted_once()
    {
        await using var server = await RedisServer.StartAsync();
        var settings = Settings(server);
        await using var open = new OpenRedis(settings);
        await open.Counts.AppendAsync(Batch(ChatItaly, Noon, Down(0)), None);
        var batches = Enumerable.Range(1, 2_000).Select(i => Batch(ChatItaly, Noon, Down(i))).ToList();

        settings.HungMilliseconds = 200;
        await server.SignalAsync("STOP");
        var failures = await Task.WhenAll(batches.Select(async b => await Assert.ThrowsAsync<StoreUnavailableException>(() => open.Counts.AppendAsync(b, None))));
        Assert.All(failures, f => Assert.Equal($"Redis at {server.Address} did not answer within 200 ms.", f.Message));
        Assert.Equal(failures[0].Message, Assert.Single(open.Told));
        Assert.InRange(ThreadPool.ThreadCount, 0, 100);

        await server.SignalAsync("CONT");
        settings.HungMilliseconds = 60_000;
        await UntilAsync(() => open.Counts.AppendAsync(batches[0], None));
        foreach (var batch in batches)
            await open.Counts.AppendAsync(batch, None);
        Assert.Equal(2_001, await CountAsync(open.Counts, ChatItaly));
        Assert.Equal([failures[0].Message, null], open.Told);
    }

    [Fact]
    public async Task Calls_that_wait_are_bounded()
    {
        await using var server = await RedisServer.StartAsync();
        var settings = Settings(server);
        settings.MaxWaiting = 100;
        await using var open = new OpenRedis(settings);
        await open.Counts.AppendAsync(Batch(ChatItaly, Noon, Down(0)), None);

        await server.SignalAsync("STOP");
        var calls = Enumerable.Range(1, 300).Select(i => open.Counts.AppendAsync(Batch(ChatItaly, Noon, Down(i)), None)).ToList();
        var refused = calls.Where(c => c.IsFaulted).ToList();
        await server.SignalAsync("CONT");

        Assert.Equal(200, refused.Count);
        foreach (var call in refused)
            Assert.Equal($"Redis at {server.Address} has too many calls to answer.", (await Assert.ThrowsAsync<StoreUnavailableException>(() => call)).Message);
        await Task.WhenAll(calls.Except(refused));
        Assert.Equal(101, await CountAsync(open.Counts, ChatItaly));
    }

    [Fact]
    public async Task A_Redis_that_comes_back_empty_is_used_again()
    {
        var server = await RedisServer.StartAsync();
        await using var open = new OpenRedis(Settings(server));
        await open.Counts.AppendAsync(Batch(ChatItaly, Noon, Down(1)), None);
        await server.DisposeAsync();

        var failure = await Assert.ThrowsAsync<StoreUnavailableException>(() => open.Counts.AppendAsync(Batch(ChatItaly, Noon, Down(2)), None));
        Assert.Equal($"Redis at {server.Address} can't be reached.", failure.Message);

        await using var again = await RedisServer.StartAsync(server.Port);
        await UntilAsync(() => open.Counts.AppendAsync(Batch(ChatItaly, Noon, Down(3)), None));
        Assert.Equal(1, Assert.Single(await open.Counts.ReadServicesAsync(Minute.Of(Noon), Minute.Of(Noon) + 1, None)).Counts.Reports);
        Assert.Equal([failure.Message, null], open.Told);
    }

    [Fact]
    public async Task A_Redis_that_is_not_there_yet_is_waited_for()
    {
        int port;
        await using (var first = await RedisServer.StartAsync())
            port = first.Port;
        await using var open = new OpenRedis(Settings(string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}")));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => open.Counts.LastObservedAsync(None));

        await using var server = await RedisServer.StartAsync(port);
        await UntilAsync(() => open.Counts.AppendAsync(Batch(ChatItaly, Noon, Down(1)), None));

        Assert.Equal([$"Redis at 127.0.0.1:{port} can't be reached.", null], open.Told);
    }

    [Fact]
    public async Task A_Redis_that_was_killed_and_comes_back_with_its_data_goes_on()
    {
        using var folder = new TemporaryFolder();
        string[] durable = ["--dir", folder.Path, "--appendonly", "yes", "--appendfsync", "always"];
        var server = await RedisServer.StartAsync(durable);
        await using var open = new OpenRedis(Settings(server));
        var batch = Batch(ChatItaly, Noon, Down(1), Down(2));
        await open.Counts.AppendAsync(batch, None);
        await server.DisposeAsync();

        await using var again = await RedisServer.StartAsync(server.Port, durable);
        await UntilAsync(() => open.Counts.AppendAsync(Batch(ChatItaly, Noon, Down(2), Down(3)), None));

        Assert.True((await open.Counts.AppendAsync(batch, None)).IsRepeat);
        Assert.Equal(3, await CountAsync(open.Counts, ChatItaly));
    }

    [Fact]
    public async Task A_full_Redis_refuses_a_batch_whole_and_takes_it_when_there_is_room()
    {
        await using var server = await RedisServer.StartAsync("--maxmemory-policy", "noeviction");
        await using var open = new OpenRedis(Settings(server));
        await open.Counts.AppendAsync(Batch(ChatItaly, Noon, Down(1)), None);
        var batch = Batch(ChatItaly, Noon, Down(1), Down(2));

        Assert.Equal("+OK", await server.SayAsync("CONFIG SET maxmemory 1mb"));
        var failure = await Assert.ThrowsAsync<StoreUnavailableException>(() => open.Counts.AppendAsync(batch, None));
        Assert.Equal($"Redis at {server.Address} is full (maxmemory reached): raise maxmemory, or shorten Redis:MinuteDays.", failure.Message);
        // A minute in which nothing could be stored was not observed; what is there can be read.
        await Assert.ThrowsAsync<StoreUnavailableException>(() => open.Counts.ObserveAsync(Noon, None));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => open.Log.AppendAsync([Opened(1)], None));
        Assert.Empty(await open.Counts.ReadObservedAsync(Minute.Of(Noon), Minute.Of(Noon) + 1, None));
        Assert.Equal(1, await CountAsync(open.Counts, ChatItaly));

        Assert.Equal("+OK", await server.SayAsync("CONFIG SET maxmemory 0"));
        var (receipts, isRepeat, _) = await open.Counts.AppendAsync(batch, None);
        Assert.False(isRepeat);
        Assert.Equal([ReportOutcome.Duplicate, ReportOutcome.Counted], receipts.Select(r => r.Outcome));
        Assert.Equal(2, await CountAsync(open.Counts, ChatItaly));
    }

    [Theory]
    [InlineData("")]
    [InlineData(",password=wrong")]
    public async Task A_wrong_password_is_told(string password)
    {
        await using var server = await RedisServer.StartAsync("--requirepass", "s3cret");
        await using var open = new OpenRedis(Settings(server.Address + password));

        // The client tells of it beside the call, and so perhaps after the first one.
        var expected = $"Redis at {server.Address} refuses the password, or the user may not do what is needed: set password=… in Redis:Connection.";
        await UntilAsync(async () =>
        {
            var failure = await Assert.ThrowsAsync<StoreUnavailableException>(() => open.Counts.AppendAsync(Batch(ChatItaly, Noon, Down(1)), None));
            if (failure.Message != expected)
                throw failure;
        });
        Assert.Contains(expected, open.Told);

        await using var right = new OpenRedis(Settings(server.Address + ",password=s3cret"));
        await right.Counts.AppendAsync(Batch(ChatItaly, Noon, Down(1)), None);
        Assert.Equal(server.Address, right.Link.Name);
    }

    [Fact]
    public async Task A_replica_can_be_read_and_says_that_it_takes_no_writes()
    {
        await using var master = await RedisServer.StartAsync();
        await using var replica = await RedisServer.StartAsync("--replicaof", $"127.0.0.1 {master.Port}");
        await using var open = new OpenRedis(Settings(replica));

        var failure = await Assert.ThrowsAsync<StoreUnavailableException>(() => open.Counts.AppendAsync(Batch(ChatItaly, Noon, Down(1)), None));

        Assert.Equal($"Redis at {replica.Address} is a read-only replica: name the master in Redis:Connection.", failure.Message);
        Assert.Null(await open.Counts.LastObservedAsync(None));
    }

    [Fact]
    public async Task A_replica_that_is_promoted_takes_writes()
    {
        await using var master = await RedisServer.StartAsync();
        await using var replica = await RedisServer.StartAsync("--replicaof", $"127.0.0.1 {master.Port}");
        await using var open = new OpenRedis(Settings(replica));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => open.Counts.AppendAsync(Batch(ChatItaly, Noon, Down(1)), None));

        Assert.Equal("+OK", await replica.SayAsync("REPLICAOF NO ONE"));
        await UntilAsync(() => open.Counts.AppendAsync(Batch(ChatItaly, Noon, Down(1)), None));

        Assert.Equal(1, await CountAsync(open.Counts, ChatItaly));
    }

    [Fact]
    public async Task Where_master_and_replica_are_named_the_one_that_takes_over_is_used()
    {
        var master = await RedisServer.StartAsync();
        await using var replica = await RedisServer.StartAsync("--replicaof", $"127.0.0.1 {master.Port}");
        await using var open = new OpenRedis(Settings($"{master.Address},{replica.Address}"));
        await open.Counts.AppendAsync(Batch(ChatItaly, Noon, Down(1)), None);
        Assert.Equal(":1", await master.SayAsync("WAIT 1 0"));

        await master.DisposeAsync();
        Assert.Equal("+OK", await replica.SayAsync("REPLICAOF NO ONE"));
        await UntilAsync(() => open.Counts.AppendAsync(Batch(ChatItaly, Noon, Down(1), Down(2)), None));

        Assert.Equal(2, await CountAsync(open.Counts, ChatItaly));
    }

    [Theory]
    [InlineData("localhost:6379,nonsense=1")]
    [InlineData("password=secret")]
    public void A_connection_that_can_not_be_read_is_refused_without_showing_it(string connection)
    {
        var failure = Assert.Throws<StoreUnavailableException>(() => new RedisLink(Settings(connection)));

        Assert.StartsWith("Redis:Connection ", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", failure.Message, StringComparison.Ordinal);
    }

    private static RedisSettings Settings(RedisServer server) => Settings(server.Address);

    private static RedisSettings Settings(string connection) => new() { Connection = RedisServer.Patient(connection), HungMilliseconds = 60_000 };
}
