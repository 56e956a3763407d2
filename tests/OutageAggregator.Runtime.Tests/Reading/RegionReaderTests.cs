using OutageAggregator.Runtime.Reading;
using static OutageAggregator.Contracts.Story;

namespace OutageAggregator.Runtime.Tests.Reading;

/// <summary>The regions of a service beside each other.</summary>
public sealed class RegionReaderTests
{
    private static readonly Region s_germany = Region.Parse("DE");

    private static async Task<ImmutableArray<RegionPulse>> ReadAsync(ReadingWorld world) =>
        await world.Get<RegionReader>().ReadAsync(world.ChatGpt, default);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Each_is_compared_with_its_own_usual_the_worst_first(bool onDisk)
    {
        await using var world = new ReadingWorld(onDisk);
        // 30 a quarter of an hour are usual in Italy and 2 in Spain; of Germany nothing was ever reported.
        await world.LiveThroughAMonthAsync("chatgpt", Italy, 30);
        await world.LiveThroughAMonthAsync("chatgpt", Spain, 2);
        await world.CountAsync("chatgpt", Italy, At(0, 18), 60);
        await world.CountAsync("chatgpt", Spain, At(0, 19), 40);
        await world.CountAsync("chatgpt", s_germany, At(0, 19), 55);

        var regions = await ReadAsync(world);

        Assert.Equal([Spain, Italy, s_germany], regions.Select(r => r.Region));
        Assert.InRange(regions[0].Pulse.Ratio!.Value, 17, 23);
        Assert.InRange(regions[1].Pulse.Ratio!.Value, 1.8, 2.2);
        Assert.Equal((55, null), (regions[2].Pulse.Reports15m, regions[2].Pulse.Ratio));
    }

    [Fact]
    public async Task Where_reports_would_be_usual_silence_is_shown_and_where_they_would_not_it_is_left_out()
    {
        await using var world = new ReadingWorld();
        await world.LiveThroughAMonthAsync("chatgpt", Italy, 30);
        await world.CountAsync("chatgpt", Spain, At(20, 0, -1), 3);

        var only = Assert.Single(await ReadAsync(world));

        Assert.Equal((Italy, 0, 0d), (only.Region, only.Pulse.Reports15m, only.Pulse.Ratio));
    }

    [Fact]
    public async Task While_nothing_is_known_of_the_usual_there_are_counts_and_no_ratios()
    {
        await using var world = new ReadingWorld();
        await world.Counts.ObserveAsync(new MinuteRange(world.Now - 60, world.Now + 1), default);
        await world.Counts.ObserveAsync(world.Clock.GetUtcNow(), default);
        await world.CountAsync("chatgpt", Italy, At(0, 18), 60);
        await world.CountAsync("chatgpt", Spain, At(0, 18), 90);

        Assert.Equal([(Spain, 90), (Italy, 60)], (await ReadAsync(world)).Select(r => (r.Region, r.Pulse.Reports15m)));
        Assert.All(await ReadAsync(world), r => Assert.Equal((null, null), (r.Pulse.Ratio, r.Pulse.Expected15m)));
    }

    [Fact]
    public async Task There_are_thirty_at_most_those_with_the_most_reports_and_none_that_nobody_named()
    {
        await using var world = new ReadingWorld();
        await world.ObserveAsync();
        foreach (var (index, region) in Region.Countries.Take(40).Index())
            await world.CountAsync("chatgpt", region, At(0, 18), 100 + index);
        await world.CountAsync("chatgpt", Region.Unknown, At(0, 18), 9_000);

        var regions = await ReadAsync(world);

        Assert.Equal(Enumerable.Range(0, RegionReader.MostRegions).Select(i => 139 - i), regions.Select(r => r.Pulse.Reports15m));
    }
}
