using OutageAggregator.Storage.Redis.Client;
using static OutageAggregator.Storage.Tests.Redis.Example;

namespace OutageAggregator.Storage.Tests.Redis;

/// <summary>How long keys live, and how large they get.</summary>
public sealed class RedisKeepingTests(SharedRedis redis)
{
    private const int Day = 86_400;

    [Fact]
    public async Task Every_key_lives_as_long_as_it_is_drawn()
    {
        await using var open = new OpenRedis(redis.Settings());
        var batch = Batch(ChatItaly, Noon, Down(1, remark: new Remark("nothing loads", null)));
        await open.Counts.AppendAsync(batch, None);
        await open.Counts.ObserveAsync(Noon, None);
        await open.Log.AppendAsync([Opened(1)], None);
        var (keys, minute) = (new RedisKeys(open.Settings.Prefix), Minute.Of(Noon));

        await LivesAsync(keys.Minutes(ChatItaly, HourCells.HourOf(minute))!, 8 * Day);
        await LivesAsync(keys.Reporters(ChatItaly, minute.Number / 15)!, 8 * Day);
        await LivesAsync(keys.HyperLogLog(ChatItaly, minute.Number / 15)!, 8 * Day);
        await LivesAsync(keys.Spans(ChatItaly, RedisKeys.DayOf(minute))!, 13 * 31 * Day);
        await LivesAsync(keys.Recent(Chat, ReportKind.Down, RedisKeys.RecentOf(Noon.ToUnixTimeMilliseconds()))!, RedisKeys.RecentSeconds);
        await LivesAsync(keys.Batch(Chat, batch.Id)!, 25 * 3600);
        await LivesAsync(keys.Words(Chat, RedisKeys.DayOf(minute))!, 30 * Day);
        foreach (var forEver in (string?[])[keys.Reported, keys.Regions(Chat), keys.Stretches, keys.ObservedAt, keys.Log("incidents"), keys.Ids("incidents")])
            Assert.Equal(":-1", await redis.Server.SayAsync($"TTL {forEver}"));
        Assert.Equal("*13", await redis.Server.SayAsync($"KEYS {open.Settings.Prefix}:*"));
    }

    [Fact]
    public async Task The_minutes_of_an_incident_are_kept_from_an_hour_before_to_an_hour_after()
    {
        await using var open = new OpenRedis(redis.Settings());
        foreach (var hour in Enumerable.Range(-3, 8))
            await open.Counts.AppendAsync(Batch(ChatItaly, Noon.AddHours(hour), Down(hour + 10, 60 * hour)), None);
        await open.Log.AppendAsync([Opened(1, endedAt: 70)], None);
        var keys = new RedisKeys(open.Settings.Prefix);

        await open.Counts.ObserveAsync(Noon.AddHours(5), None);

        foreach (var hour in Enumerable.Range(-3, 8))
        {
            var minute = Minute.Of(Noon) + (60 * hour);
            var isKept = hour is >= -1 and <= 2;
            foreach (var key in (string?[])[keys.Minutes(ChatItaly, HourCells.HourOf(minute)), keys.Reporters(ChatItaly, minute.Number / 15), keys.HyperLogLog(ChatItaly, minute.Number / 15)])
                Assert.Equal(isKept, await redis.Server.SayAsync($"TTL {key}") == ":-1");
        }
        // What comes later does not make them mortal again.
        await open.Counts.AppendAsync(Batch(ChatItaly, Noon.AddHours(5), Down(99, 1)), None);
        Assert.Equal(":-1", await redis.Server.SayAsync($"TTL {(string?)keys.Minutes(ChatItaly, HourCells.HourOf(Minute.Of(Noon)))}"));
    }

    [Fact]
    public async Task A_log_of_cells_is_written_anew_when_it_has_doubled_and_says_the_same()
    {
        await using var open = new OpenRedis(redis.Settings());
        var random = new Random(2);
        var expected = new SortedDictionary<int, int>();
        for (var batch = 0; batch < 3_000; batch++)
        {
            var minute = random.Next(60);
            expected[minute] = expected.GetValueOrDefault(minute) + 1;
            await open.Counts.AppendAsync(Batch(ChatItaly, Noon, Down(batch, minute)), None);
        }

        var length = await redis.Server.SayAsync($"STRLEN {(string?)new RedisKeys(open.Settings.Prefix).Minutes(ChatItaly, HourCells.HourOf(Minute.Of(Noon)))}");
        Assert.InRange(int.Parse(length[1..], System.Globalization.CultureInfo.InvariantCulture), 60 * 6, (2 * 61 * 6) + 4096 + 6);
        var series = await open.Counts.ReadSeriesAsync(ChatItaly, Minute.Of(Noon), Minute.Of(Noon) + 60, 1, default, None);
        Assert.Equal(expected.Select(e => (e.Key, e.Value)), series.Select(p => (p.Start - Minute.Of(Noon), p.Counts.Reports)));
        Assert.Equal(3_000, Assert.Single(await open.Counts.ReadSeriesAsync(ChatItaly, Minute.Of(Noon), Minute.Of(Noon) + 60, 60, default, None)).Counts.Reports);
    }

    [Fact]
    public async Task Half_hours_outlive_the_minutes()
    {
        await using var open = new OpenRedis(redis.Settings());
        await open.Counts.AppendAsync(Batch(ChatItaly, Noon, Down(1), Down(2, 31)), None);
        var keys = new RedisKeys(open.Settings.Prefix);

        Assert.Equal(":1", await redis.Server.SayAsync($"DEL {(string?)keys.Minutes(ChatItaly, HourCells.HourOf(Minute.Of(Noon)))}"));

        Assert.Equal(2, (await open.Counts.ReadSeriesAsync(ChatItaly, Minute.Of(Noon), Minute.Of(Noon) + 60, 30, default, None)).Count);
        Assert.Equal(2, Assert.Single(await open.Counts.ReadRegionsAsync(Chat, Minute.Of(Noon), Minute.Of(Noon) + 60, None)).Counts.Reports);
        Assert.Empty(await open.Counts.ReadSeriesAsync(ChatItaly, Minute.Of(Noon), Minute.Of(Noon) + 60, 1, default, None));
    }

    [Fact]
    public async Task Where_minutes_and_half_hours_begin_is_said()
    {
        await using var open = new OpenRedis(redis.Settings());
        var now = Minute.Of(Noon) + 20;

        // What began to live in the hour, or on the day, in which the limit lies may be gone.
        Assert.Equal(Minute.Of(Noon) + 60 - (8 * Minute.PerDay), open.Counts.KeptSince(5, now));
        Assert.Equal(now.FloorTo(Minute.PerDay) - (402 * Minute.PerDay), open.Counts.KeptSince(30, now));
        Assert.Equal(open.Counts.KeptSince(30, now), open.Counts.KeptSince(Minute.PerDay, now));
    }

    [Fact]
    public async Task Words_go_with_the_report_that_is_taken_back()
    {
        await using var open = new OpenRedis(redis.Settings());
        var batch = Batch(ChatItaly, Noon, Down(1, remark: new Remark("nothing loads", ServiceSlug.Parse("claude"))), Down(2, remark: new Remark("same here", null)));
        await open.Counts.AppendAsync(batch, None);
        string words = new RedisKeys(open.Settings.Prefix).Words(Chat, RedisKeys.DayOf(Minute.Of(Noon)))!;
        Assert.Contains("IT\tclaude\tnothing loads", await redis.Server.TellAsync($"HGETALL {words}"), StringComparison.Ordinal);

        await open.Counts.WithdrawAsync(new ReportId(batch.Id, 0), None);

        var left = await redis.Server.TellAsync($"HGETALL {words}");
        Assert.DoesNotContain("nothing loads", left, StringComparison.Ordinal);
        Assert.Contains("same here", left, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_told_of_a_report_stands_beside_its_batch_as_long_as_that_and_its_words_are_added()
    {
        await using var open = new OpenRedis(redis.Settings());
        var keys = new RedisKeys(open.Settings.Prefix);
        var batch = Batch(ChatItaly with { Region = Region.Unknown }, Noon, Down(1, remark: new Remark("nothing loads", null)), Down(2));
        await open.Counts.AppendAsync(batch, None);

        await open.Counts.AmendAsync(new ReportId(batch.Id, 0), new ReportDetails(null, null, ChatItaly.Region, new Remark(null, ServiceSlug.Parse("claude"), true)), None);

        Assert.Contains("IT\tclaude\tnothing loads\t1", await redis.Server.TellAsync($"HGETALL {(string?)keys.Words(Chat, RedisKeys.DayOf(Minute.Of(Noon)))}"), StringComparison.Ordinal);
        await LivesAsync(keys.Amended(Chat, batch.Id)!, 25 * 3_600);
        await LivesAsync(keys.Minutes(ChatItaly, HourCells.HourOf(Minute.Of(Noon)))!, open.Settings.MinuteSeconds);
        await LivesAsync(keys.HyperLogLog(ChatItaly, ReceiptRules.QuarterOf(Minute.Of(Noon)))!, open.Settings.MinuteSeconds);
        await LivesAsync(keys.Reporters(ChatItaly, ReceiptRules.QuarterOf(Minute.Of(Noon)))!, open.Settings.MinuteSeconds);
    }

    [Fact]
    public async Task A_service_found_missing_from_the_index_is_put_there_again()
    {
        await using var open = new OpenRedis(redis.Settings());
        await open.Counts.AppendAsync(Batch(ChatItaly, Noon, Down(1)), None);
        var keys = new RedisKeys(open.Settings.Prefix);
        foreach (var key in (string?[])[keys.Reported, keys.Regions(Chat)])
            Assert.Equal(":1", await redis.Server.SayAsync($"DEL {key}"));

        await open.Counts.AppendAsync(Batch(ChatItaly, Noon, Down(2)), None);

        Assert.Equal(2, Assert.Single(await open.Counts.ReadServicesAsync(Minute.Of(Noon), Minute.Of(Noon) + 1, None)).Counts.Reports);
    }

    // A busy machine may take a while to ask.
    private async Task LivesAsync(string key, int seconds)
    {
        var left = await redis.Server.SayAsync($"TTL {key}");
        Assert.InRange(int.Parse(left[1..], System.Globalization.CultureInfo.InvariantCulture), seconds - 600, seconds);
    }
}
