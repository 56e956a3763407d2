using OutageAggregator.Storage.Redis.Client;
using OutageAggregator.TestKit.Redis;
using StackExchange.Redis;
using static OutageAggregator.Storage.Tests.Redis.Example;

namespace OutageAggregator.Storage.Tests.Redis;

/// <summary>The one structure that questions about all services are answered from, on one Redis and on Redis Cluster.</summary>
public sealed class ReportedServicesTests(SharedRedis redis, SharedRedisCluster cluster)
{
    // Whose scripts are refused: nothing is counted, as where the process is killed before.
    private const string Dying = "ACL SETUSER dying on >secret ~* &* +@all -evalsha -eval -script";

    private static readonly Minute s_noon = Minute.Of(Noon);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_service_is_noted_before_anything_of_it_is_counted(bool isCluster)
    {
        await using var open = new OpenRedis(SettingsOf(isCluster));

        var said = await MonitorAsync(open, isCluster, () => open.Counts.AppendAsync(Batch(ChatItaly, Noon, Down(1)), None));

        Assert.InRange(said.FindIndex(l => l.Contains("ZADD", StringComparison.Ordinal)), 0, said.FindIndex(IsScript) - 1);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Who_dies_before_it_counts_leaves_an_entry_too_many_and_never_one_too_few(bool isCluster)
    {
        var settings = SettingsOf(isCluster);
        foreach (var server in ServersOf(isCluster))
            Assert.Equal("+OK", await server.SayAsync(Dying));
        var dying = new RedisSettings
        {
            Connection = settings.Connection + ",user=dying,password=secret",
            Prefix = settings.Prefix,
            HungMilliseconds = 60_000,
        };
        await using (var killed = new OpenRedis(dying))
            await Assert.ThrowsAsync<StoreUnavailableException>(() => killed.Counts.AppendAsync(Batch(ChatItaly, Noon, Down(1)), None));

        await using var open = new OpenRedis(settings);
        Assert.Equal([Chat], await open.Counts.ReadReportedSinceAsync(s_noon, None));
        Assert.Empty(await open.Counts.ReadServicesAsync(s_noon, s_noon + 1, None));
        Assert.Equal(0, await CountAsync(open.Counts, ChatItaly));
    }

    [Fact]
    public async Task A_service_is_noted_once_a_minute()
    {
        await using var open = new OpenRedis(redis.Settings());
        // A region that is new is a reason of its own.
        await open.Counts.AppendAsync(Batch(ChatItaly, Noon.AddMinutes(-1), Down(1, -1)), None);
        await open.Counts.AppendAsync(Batch(ChatSpain, Noon.AddMinutes(-1), Down(2, -1)), None);

        Assert.Equal(1, await NotesAsync(Batch(ChatItaly, Noon, Down(3)), Batch(ChatItaly, Noon.AddSeconds(59), Down(4)), Batch(ChatSpain, Noon, Down(5))));
        Assert.Equal(1, await NotesAsync(Batch(ChatItaly, Noon.AddSeconds(60), Down(6)), Batch(ChatItaly, Noon, Down(7))));
        Assert.Equal(1, await NotesAsync(Batch(ChatItaly, Noon.AddSeconds(61), Down(8, minute: 3))));

        async Task<int> NotesAsync(params ReportBatch[] batches)
        {
            var said = await MonitorAsync(open, isCluster: false, async () =>
            {
                foreach (var batch in batches)
                    await open.Counts.AppendAsync(batch, None);
            });
            return said.Count(l => l.Contains("ZADD", StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Services_of_an_earlier_version_are_found_however_often_the_move_was_cut_short(bool isCluster)
    {
        var settings = SettingsOf(isCluster);
        var keys = new RedisKeys(settings.Prefix);
        await using var before = new OpenRedis(settings);
        await using (var link = new RedisLink(settings))
        {
            // As it left them: a set, and the newest minute of each region of each service.
            for (var i = 0; i < 1_200; i++)
            {
                var service = ServiceSlug.Parse(string.Create(CultureInfo.InvariantCulture, $"service-{i}"));
                _ = await link.AskAsync(d => d.SetAddAsync(keys.FormerServices, service.ToString()), None);
                _ = await link.AskAsync(d => d.HashSetAsync(keys.Regions(service), "IT", s_noon.Number - i), None);
                _ = await link.AskAsync(d => d.HashSetAsync(keys.Regions(service), "ES", s_noon.Number - 5_000), None);
            }
            // Whoever moved these died before they were taken out of the set; one was reported again since.
            _ = await link.AskAsync(d => d.SortedSetAddAsync(keys.Reported, [new("service-0", s_noon.Number), new("service-7", s_noon.Number + 9)]), None);
        }

        Assert.Equal(["service-0", "service-7"], (await before.Counts.ReadReportedSinceAsync(s_noon, None)).Select(s => s.ToString()));
        Assert.Equal(101, (await before.Counts.ReadReportedSinceAsync(s_noon - 100, None)).Count);
        Assert.Equal(1_200, (await before.Counts.ReadReportedSinceAsync(s_noon - 4_000, None)).Count);
        await using var again = new OpenRedis(settings);
        Assert.Equal(1_200, (await again.Counts.ReadReportedSinceAsync(s_noon - 4_000, None)).Count);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_report_is_taken_back_by_as_many_commands_whether_there_is_one_service_or_20_000(bool isCluster)
    {
        var settings = SettingsOf(isCluster);
        await using var open = new OpenRedis(settings);
        await using var other = new OpenRedis(settings);
        var batch = new ReportBatch(BatchId.Of(Noon, 1, Chat), ChatItaly, Noon, [Down(1), Down(2), Down(3)]);
        await open.Counts.AppendAsync(batch, None);
        var alone = await WithdrawAsync(other, 0);

        SortedSetEntry[] crowd = [.. Enumerable.Range(0, 20_000).Select(i => new SortedSetEntry($"service-{i}", s_noon.Number))];
        await using (var link = new RedisLink(settings))
            _ = await link.AskAsync(d => d.SortedSetAddAsync(new RedisKeys(settings.Prefix).Reported, crowd), None);
        await using var third = new OpenRedis(settings);

        Assert.Equal(alone, await WithdrawAsync(third, 1));
        // Who has met the service asks less still.
        Assert.InRange(await WithdrawAsync(third, 2), 2, alone - 1);

        async Task<int> WithdrawAsync(OpenRedis from, int index)
        {
            // The first call of a connection says more than that.
            _ = await from.Counts.LastObservedAsync(None);
            var said = await MonitorAsync(from, isCluster, async () => Assert.True((await from.Counts.WithdrawAsync(new ReportId(batch.Id, index), None))!.First));
            return said.Count(l => !l.Contains(" lua]", StringComparison.Ordinal));
        }
    }

    private static bool IsScript(string said) => said.Contains("\"EVAL", StringComparison.Ordinal);

    private RedisSettings SettingsOf(bool isCluster) => isCluster ? cluster.Settings(redis) : redis.Settings();

    private IReadOnlyList<RedisServer> ServersOf(bool isCluster) => isCluster ? cluster.Masters : [redis.Server];

    // What is said of keys of one installation, in order: the instants are one machine's.
    private async Task<List<string>> MonitorAsync(OpenRedis open, bool isCluster, Func<Task> act)
    {
        var said = new List<string>();
        var all = act;
        foreach (var server in ServersOf(isCluster))
        {
            var inner = all;
            all = async () => said.AddRange(await server.MonitorAsync(inner));
        }
        await all();
        _ = said.RemoveAll(l => !l.Contains($"\"{open.Settings.Prefix}:", StringComparison.Ordinal));
        said.Sort(StringComparer.Ordinal);
        return said;
    }
}
