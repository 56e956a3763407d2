using OutageAggregator.Contracts;
using OutageAggregator.Storage.Redis;
using OutageAggregator.Storage.Redis.Client;
using OutageAggregator.Storage.Redis.Counts;
using static OutageAggregator.Storage.Tests.Redis.Example;

namespace OutageAggregator.Storage.Tests.Redis;

/// <summary>Repeatable batches in Redis: every process that opens them is another node.</summary>
public sealed class RedisRepeatedBatchesTests(SharedRedis redis) : RepeatedBatchesContract, IAsyncDisposable
{
    private readonly RedisSettings _settings = redis.Settings();
    private readonly List<OpenRedis> _open = [];

    public async ValueTask DisposeAsync()
    {
        foreach (var open in _open)
            await open.DisposeAsync();
    }

    protected override IRepeatedBatches Open()
    {
        _open.Add(new OpenRedis(_settings));
        return new RedisRepeatedBatches(_open[^1].Link);
    }

    [Fact]
    public async Task One_of_two_nodes_sees_a_batch_first_and_both_refuse_its_id_with_another_body()
    {
        var (one, other) = (Open(), Open());

        for (var id = 1; id <= 20; id++)
        {
            var seen = await Task.WhenAll(one.BeginAsync((UInt128)id, 10, Noon, None), other.BeginAsync((UInt128)id, 11, Noon.AddSeconds(1), None));

            var first = Assert.Single(seen.Index(), s => s.Item.IsSameBody).Index;
            Assert.All(seen, s => Assert.Equal(Noon.AddSeconds(first), s.SeenAt));
            Assert.False((await one.BeginAsync((UInt128)id, 12, Noon, None)).IsSameBody);
            Assert.False((await other.BeginAsync((UInt128)id, 12, Noon, None)).IsSameBody);
        }
    }

    [Fact]
    public async Task It_is_remembered_for_a_day_from_when_it_was_first_seen()
    {
        var batches = Open();
        _ = await batches.BeginAsync(0xABC, 10, Noon, None);
        var key = $"{_settings.Prefix}:{{.repeated:{0xABC:x32}}}";
        Assert.InRange(await SecondsAsync(key), 86_000, 86_400);

        // A repetition must not keep it for another day.
        Assert.Equal(":1", await redis.Server.SayAsync($"EXPIRE {key} 1000"));
        _ = await batches.BeginAsync(0xABC, 10, Noon, None);
        Assert.InRange(await SecondsAsync(key), 1, 1_000);
    }

    private async Task<int> SecondsAsync(string key) => int.Parse((await redis.Server.SayAsync($"TTL {key}"))[1..], System.Globalization.CultureInfo.InvariantCulture);
}

/// <summary>What all nodes over one Redis must have in common.</summary>
public sealed class RedisAgreementTests(SharedRedis redis)
{
    [Fact]
    public async Task Everybody_is_told_the_first_value_that_was_agreed()
    {
        var settings = redis.Settings();
        await using var one = new OpenRedis(settings);
        await using var other = new OpenRedis(settings);
        var said = await Task.WhenAll(Enumerable.Range(0, 20).Select(i =>
            new RedisAgreement(i % 2 == 0 ? one.Link : other.Link).AgreeAsync("reporter-key", $"key {i}", None)));

        var first = Assert.Single(said.Distinct());
        Assert.Equal(first, await new RedisAgreement(other.Link).AgreeAsync("reporter-key", "another one", None));
        Assert.Equal(":-1", await redis.Server.SayAsync($"TTL {settings.Prefix}:{{.agreed}}:reporter-key"));
    }

    [Fact]
    public async Task Each_name_is_agreed_on_by_itself_and_each_prefix_has_its_own()
    {
        var settings = redis.Settings();
        await using var open = new OpenRedis(settings);
        await using var elsewhere = new OpenRedis(redis.Settings());

        Assert.Equal("a", await new RedisAgreement(open.Link).AgreeAsync("one", "a", None));
        Assert.Equal("b", await new RedisAgreement(open.Link).AgreeAsync("other", "b", None));
        Assert.Equal("c", await new RedisAgreement(elsewhere.Link).AgreeAsync("one", "c", None));
    }
}
