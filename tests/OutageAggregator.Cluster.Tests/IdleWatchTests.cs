using OutageAggregator.Core.Watching;
using OutageAggregator.Core.Windows;
using OutageAggregator.Storage;
using OutageAggregator.Storage.Memory;
using OutageAggregator.TestKit;
using OutageAggregator.TestKit.Watching;

namespace OutageAggregator.Cluster.Tests;

/// <summary>A service to which nobody reports needs no watch, and forgets nothing without one.</summary>
public sealed class IdleWatchTests
{
    private const int Quiet = Window.Reach + RegionReading.Minutes;

    private static readonly WatchKey s_key = new(TwoNodes.Service, Region.Parse("IT"));

    [Fact]
    public async Task A_watch_goes_when_no_report_came_for_hours_and_comes_back_with_the_next_one_knowing_what_is_usual()
    {
        await using var nodes = await TwoNodes.StartAsync();
        await LiveThroughAMonthAsync(nodes.One.Counts, nodes.Now);
        var watch = TwoNodes.GrainOf(nodes.One, TwoNodes.Service);
        await nodes.PassAsync(nodes.One, 1, people: 5);
        Assert.NotNull(await nodes.One.PortOfAsync(watch));
        var quiet = 0;
        // A tick of the watch itself would only bring it back. The other node may do so once: it looks while the log still says that not all is normal.
        await ClusterNode.UntilAsync(async () =>
        {
            await nodes.PassQuietlyAsync(nodes.One, Quiet);
            quiet += Quiet;
            await nodes.LookAsync();
            return await nodes.One.PortOfAsync(watch) is null;
        });
        Assert.InRange(quiet, Quiet, 3 * Quiet);

        await nodes.PassAsync(nodes.One, 5, people: 200);

        Assert.NotNull(await nodes.One.PortOfAsync(watch));
        var (steady, woken) = ((await SteadyAsync(quiet)).Evidence, (await TwoNodes.OnlyIncidentAsync(nodes.One)).Evidence);
        Assert.Equal((steady.Detector, steady.Rule, steady.Region, steady.Observed), (woken.Detector, woken.Rule, woken.Region, woken.Observed));
        // A month of twenty reports in a quarter of an hour, and not the guess for a service that nobody knows.
        Assert.InRange(steady.Expected / steady.WindowMinutes, 0.7, 2);
        Assert.Equal(steady.Expected, woken.Expected, steady.Expected * 0.02);
        Assert.Equal(steady.Upper, woken.Upper, steady.Upper * 0.03);
    }

    [Fact]
    public async Task A_watch_with_an_open_incident_stays()
    {
        await using var nodes = await TwoNodes.StartAsync();
        await nodes.PassAsync(nodes.One, 30, people: 0);
        await nodes.PassAsync(nodes.One, 5, people: 100);
        // Nobody looks, so that nothing is observed which could end it.
        nodes.Clock.Advance(TimeSpan.FromMinutes(Quiet * 2));
        await nodes.One.TickAsync(TwoNodes.Service.ToString());

        Assert.Equal(IncidentState.Open, (await TwoNodes.OnlyIncidentAsync(nodes.One)).State);
        Assert.NotNull(await nodes.One.PortOfAsync(TwoNodes.GrainOf(nodes.One, TwoNodes.Service)));
    }

    /// <summary>The incident of a watch that was there all the time.</summary>
    private static async Task<Incident> SteadyAsync(int quiet)
    {
        await using var nodes = new TwoNodes();
        var (counts, log) = (new MemoryCountStore(), new MemoryIncidentLog());
        await LiveThroughAMonthAsync(counts, nodes.Now);
        var watches = ObjectWatches.Over(counts, log, TwoNodes.Catalog, nodes.Clock);
        await watches.LookAsync();
        await PassAsync(1, 5);
        await PassAsync(quiet, 0);
        await PassAsync(5, 200);
        return Assert.Single(await log.FindAsync(new IncidentQuery(), TwoNodes.None));

        async Task PassAsync(int minutes, int people)
        {
            for (var i = 0; i < minutes; i++)
            {
                if (people > 0)
                    _ = await watches.RecordAsync(nodes.Batch(s_key, people), TwoNodes.None);
                nodes.Clock.Advance(TimeSpan.FromMinutes(1));
                await watches.LookAsync();
            }
        }
    }

    private static async Task LiveThroughAMonthAsync(ICountStore counts, Minute now)
    {
        var from = now - (28 * Minute.PerDay);
        var cell = ReportCell.Of(ReportKind.Down, Problem.Unavailable, Surface.Web);
        await counts.ObserveAsync(new MinuteRange(from, now + 1), TwoNodes.None);
        await counts.ImportAsync(s_key, [.. Enumerable.Range(0, 28 * 96).Select(q => new CellCount(from + (q * 15) + 7, cell, 20))], TwoNodes.None);
    }
}
