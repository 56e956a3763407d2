using OutageAggregator.Storage.Redis.Incidents;
using static OutageAggregator.Storage.Tests.Redis.Example;

namespace OutageAggregator.Storage.Tests.Redis;

/// <summary>Two processes on one Redis.</summary>
public sealed class RedisSharingTests(SharedRedis redis)
{
    [Fact]
    public async Task A_batch_sent_to_two_nodes_is_counted_once()
    {
        var settings = redis.Settings();
        await using var one = new OpenRedis(settings);
        await using var other = new OpenRedis(settings);
        var batch = Batch(ChatItaly, Noon, Down(1), Down(2));

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => (i % 2 == 0 ? one : other).Counts.AppendAsync(batch, None)));

        Assert.Single(answers, a => !a.IsRepeat);
        Assert.Equal(2, await CountAsync(other.Counts, ChatItaly));
    }

    [Fact]
    public async Task A_reporter_counts_once_whichever_node_is_asked()
    {
        var settings = redis.Settings();
        await using var one = new OpenRedis(settings);
        await using var other = new OpenRedis(settings);
        await one.Counts.AppendAsync(Batch(ChatItaly, Noon, Down(1)), None);

        var (receipts, _, _) = await other.Counts.AppendAsync(Batch(ChatSpain, Noon.AddMinutes(29), Down(1), Down(2)), None);

        Assert.Equal([ReportOutcome.Duplicate, ReportOutcome.Counted], receipts.Select(r => r.Outcome));
    }

    [Fact]
    public async Task A_report_is_taken_back_on_another_node_than_it_came_to()
    {
        var settings = redis.Settings();
        await using var one = new OpenRedis(settings);
        await using var other = new OpenRedis(settings);
        var batch = Batch(ChatItaly, Noon, Down(1), Down(2));
        await one.Counts.AppendAsync(batch, None);

        var withdrawal = await other.Counts.WithdrawAsync(new ReportId(batch.Id, 1), None);

        Assert.Equal(new Withdrawal(ChatItaly, batch.Reports[1], First: true), withdrawal);
        Assert.Equal(1, await CountAsync(one.Counts, ChatItaly));
        Assert.Equal(1, await one.Counts.CountReportersAsync(ChatItaly, Minute.Of(Noon), Minute.Of(Noon) + 1, None));
    }

    [Fact]
    public async Task Who_waits_hears_of_what_another_node_appends()
    {
        var settings = redis.Settings();
        await using var one = new OpenRedis(settings);
        await using var other = new OpenRedis(settings);
        var waits = Enumerable.Range(0, 20).Select(_ => one.Log.WaitAsync(0, None)).ToArray();

        await other.Log.AppendAsync([Opened(1)], None);
        await Task.WhenAll(waits);

        Assert.Equal("chatgpt#1", Assert.Single(await one.Log.ReadAsync(0, 10, None)).Event.Id);
        Assert.Equal("chatgpt-1", Assert.Single(await one.Log.FindAsync(new IncidentQuery(), None)).Id.ToString());
    }

    [Fact]
    public async Task Logs_of_different_names_share_nothing()
    {
        await using var open = new OpenRedis(redis.Settings());
        using var shadow = new RedisIncidentLog(open.Link, "shadow");

        await shadow.AppendAsync([Opened(1)], None);

        Assert.Equal(0, await open.Log.LastPositionAsync(None));
        Assert.Equal(1, await shadow.LastPositionAsync(None));
        Assert.Equal(1, (await open.Log.AppendAsync([Opened(1)], None)).Events[0].Position);
        Assert.Throws<ArgumentException>(() => new RedisIncidentLog(open.Link, "no name}"));
    }

    [Fact]
    public async Task Installations_with_different_prefixes_share_nothing()
    {
        await using var one = new OpenRedis(redis.Settings());
        await using var other = new OpenRedis(redis.Settings());
        await one.Counts.AppendAsync(Batch(ChatItaly, Noon, Down(1)), None);

        Assert.Empty(await other.Counts.ReadServicesAsync(Minute.Of(Noon), Minute.Of(Noon) + 1, None));
    }
}
