using OutageAggregator.Contracts;
using OutageAggregator.Storage.Memory;
using OutageAggregator.TestKit.Watching;

namespace OutageAggregator.Runtime.Tests.Watching;

/// <summary>Two servers see the same people; one of them is restarted now and then. Nobody may be able to tell which.</summary>
public sealed class WatchRestartTests
{
    private static readonly DateTimeOffset s_start = new(2024, 11, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task An_incident_with_restarts_is_the_incident_without()
    {
        // A single tall minute in the onset: five times the peak says nothing about five minutes.
        int[] crowd = [.. Quiet(400), 40, 60, 60, 400, 60, 60, 70, 80, 80, 80, 80, 90, 100, 110, 120, 110, 100, .. Repeat(60, 20), 20, 10, 6, .. Quiet(3), .. Repeat(90, 12), .. Quiet(200)];
        var steady = await LiveAsync(crowd, restartBefore: _ => false);
        var restarted = await LiveAsync(crowd, restartBefore: minute => minute > 400 && minute % 3 == 0);

        Assert.Equal(steady.Select(Told), restarted.Select(Told));
        Assert.Equal([IncidentEventKind.Recovering, IncidentEventKind.Recurred], steady.Select(e => e.Kind).Where(k => k is IncidentEventKind.Recovering or IncidentEventKind.Recurred).Take(2));
        Assert.Equal(steady[^1].Incident!.Severity, restarted[^1].Incident!.Severity, 0.021);

        static (IncidentEventKind, DateTimeOffset, Peak?, string) Told(IncidentEvent e) =>
            (e.Kind, e.At, e.Incident?.Peak, string.Join(", ", e.Incident?.Phases.Select(p => p.ToString()) ?? []));
    }

    [Fact]
    public async Task What_a_restarted_watch_takes_for_chance_is_what_the_other_does()
    {
        // Reports of this service come in bursts: a watch that has seen them for days asks for more than one that has not.
        var random = new Random(8);
        var burst = 1.0;
        int[] days = [.. Enumerable.Range(0, 9 * Minute.PerDay).Select(minute =>
        {
            if (minute % 10 == 0)
                burst = random.Next(5) == 0 ? 2 : 0.75;
            return (int)Math.Round(6 * burst * (0.5 + random.NextDouble()));
        })];
        int[] crowd = [.. days, .. Repeat(150, 5)];
        var steady = (await LiveAsync(crowd, restartBefore: _ => false)).Last(e => e.Kind == IncidentEventKind.Opened).Incident!.Evidence;
        var restarted = (await LiveAsync(crowd, restartBefore: minute => minute == days.Length - 5)).Last(e => e.Kind == IncidentEventKind.Opened).Incident!.Evidence;

        Assert.Equal((steady.Rule, steady.Observed), (restarted.Rule, restarted.Observed));
        Assert.Equal(steady.Expected, restarted.Expected, steady.Expected * 0.02);
        Assert.Equal(steady.Upper, restarted.Upper, steady.Upper * 0.03);
    }

    private static IEnumerable<int> Quiet(int minutes) => Repeat(2, minutes);

    private static IEnumerable<int> Repeat(int people, int minutes) => Enumerable.Repeat(people, minutes);

    /// <summary>The events of a service to which so many people report each minute.</summary>
    private static async Task<List<IncidentEvent>> LiveAsync(int[] crowd, Func<int, bool> restartBefore)
    {
        var clock = new ManualClock(s_start);
        var (counts, log) = (new MemoryCountStore(), new MemoryIncidentLog());
        var slug = ServiceSlug.Parse("chatgpt");
        var catalog = new Catalog([new Category("ai", "AI")], [new Service(slug, "ChatGPT", "ai", [], null, "America/Los_Angeles", null)]);
        var host = await ObjectWatches.Over(counts, log, catalog, clock).StartAsync(counts, log);
        var people = 0;
        for (var minute = 0; minute < crowd.Length; minute++)
        {
            if (restartBefore(minute))
                host = await ObjectWatches.Over(counts, log, catalog, clock).StartAsync(counts, log);
            var now = clock.GetUtcNow();
            if (crowd[minute] > 0)
            {
                var reports = Enumerable.Range(0, crowd[minute])
                    .Select(_ => new Report(new Reporter(1, (ulong)++people), ReportCell.Of(ReportKind.Down, Problem.Unavailable, Surface.Web), Minute.Of(now)));
                _ = await host.Watches.RecordAsync(
                    new ReportBatch(new BatchId((UInt128)(uint)(minute + 1) << 64), new WatchKey(slug, Region.Parse("IT")), now, [.. reports]), CancellationToken.None);
            }
            clock.Advance(TimeSpan.FromMinutes(1));
            await host.TickAsync();
        }
        return [.. (await log.ReadAsync(0, 1_000, CancellationToken.None)).Select(e => e.Event)];
    }
}
