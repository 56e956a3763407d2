using OutageAggregator.Runtime.Reading;
using static OutageAggregator.Contracts.Story;

namespace OutageAggregator.Runtime.Tests.Reading;

/// <summary>What stands out among all services without being an outage.</summary>
public sealed class SlightlyMoreTests
{
    private static readonly string[] s_slugs = ["chatgpt", "sora", "claude", "gemini", "whatsapp", "telegram"];

    [Fact]
    public async Task What_stands_out_among_all_is_listed_and_what_chance_brings_is_not()
    {
        await using var world = new ReadingWorld();
        foreach (var slug in s_slugs)
            await world.LiveThroughAMonthAsync(slug, Italy, 20);
        await world.CountAsync("claude", Italy, world.Now - 5, 60);
        await world.CountAsync("sora", Italy, world.Now - 5, 33);
        await world.CountAsync("gemini", Italy, world.Now - 5, 17);

        var more = await world.Get<ServiceReader>().SlightlyMoreAsync(5, default);
        Assert.Equal(["claude"], more.Select(s => s.Service.Slug.ToString()));
        Assert.All(more, s => Assert.True(s.Pulse.Reports15m > s.Pulse.Expected15m));
    }

    [Fact]
    public async Task Where_the_usual_is_not_known_nothing_is_slightly_more()
    {
        await using var world = new ReadingWorld();
        await world.Counts.ObserveAsync(new MinuteRange(world.Now - 60, world.Now + 1), default);
        await world.Counts.ObserveAsync(world.Clock.GetUtcNow(), default);
        await world.CountAsync("claude", Italy, world.Now - 5, 60);

        Assert.Empty(await world.Get<ServiceReader>().SlightlyMoreAsync(5, default));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task On_a_quiet_week_it_is_empty_in_95_of_100_minutes(int seed)
    {
        await using var world = new ReadingWorld();
        var random = new Random(seed);
        double[] rates = [0.02, 0.1, 0.3, 1, 2, 5];
        var (from, to) = (world.Now - (28 * Minute.PerDay), world.Now);
        await world.Counts.ObserveAsync(new MinuteRange(from, to + (8 * Minute.PerDay)), default);
        foreach (var (slug, rate) in s_slugs.Zip(rates))
        {
            // A month to learn from, a cell a quarter of an hour, and the week minute by minute.
            await ImportAsync(world, slug, from, to, 15, rate, random);
            await ImportAsync(world, slug, to, to + (7 * Minute.PerDay), 1, rate, random);
        }
        var (looks, empty) = (0, 0);
        for (; looks < 7 * Minute.PerDay / 13; looks++)
        {
            world.Clock.Advance(TimeSpan.FromMinutes(13));
            await world.Counts.ObserveAsync(world.Clock.GetUtcNow(), default);
            empty += (await world.Get<ServiceReader>().SlightlyMoreAsync(5, default)).IsEmpty ? 1 : 0;
        }

        Assert.InRange(empty / (double)looks, 0.95, 1);
    }

    // Overdispersed: the rate of each half hour swings by some fifteen percent.
    private static async Task ImportAsync(ReadingWorld world, string slug, Minute from, Minute to, int step, double rate, Random random)
    {
        var cell = ReportCell.Of(ReportKind.Down, Problem.Unavailable, Surface.Web);
        var cells = new List<CellCount>();
        var swing = 1.0;
        for (var minute = from; minute < to; minute += step)
        {
            if (minute.Number % 30 < step)
                swing = 1 + (0.15 * MathNet.Numerics.Distributions.Normal.Sample(random, 0, 1));
            if (MathNet.Numerics.Distributions.Poisson.Sample(random, Math.Max(0.001, rate * step * swing)) is > 0 and var count)
                cells.Add(new CellCount(minute, cell, count));
        }
        await world.Counts.ImportAsync(new WatchKey(ServiceSlug.Parse(slug), Italy), cells, default);
    }
}
