using OutageAggregator.Runtime.Intake;
using OutageAggregator.Storage;

namespace OutageAggregator.Contracts;

/// <summary>
/// What every host of watches promises, objects in a process or grains in a cluster. A host is done when a subclass that only says how to
/// start one over its stores passes unchanged.
/// </summary>
public abstract class WatchHostContract
{
    private static readonly DateTimeOffset s_start = new(2024, 11, 8, 23, 50, 0, TimeSpan.Zero);
    private static readonly ServiceSlug s_service = ServiceSlug.Parse("chatgpt");
    private static readonly CancellationToken s_none = CancellationToken.None;

    private int _people;
    private int _batches;

    protected ManualClock Clock { get; } = new(s_start);

    /// <summary>The catalog the hosts know.</summary>
    protected static Catalog Catalog { get; } = new(
        [new Category("ai", "AI")],
        [new Service(s_service, "ChatGPT", "ai", [], null, "America/Los_Angeles", null)]);

    /// <summary>Starts a host; the second time over what the first one left, as after a crash.</summary>
    protected abstract Task<WatchHost> StartAsync();

    [Fact]
    public async Task A_crowd_opens_one_incident_which_names_when_it_began_and_ends_when_the_crowd_goes_home()
    {
        await using var host = await StartAsync();
        await PassAsync(host, 30, perMinute: 0);
        var began = Minute.Of(Clock.GetUtcNow());
        await PassAsync(host, 20, perMinute: 120);
        var open = Assert.Single(await IncidentsAsync(host));
        Assert.Equal(IncidentState.Open, open.State);
        Assert.InRange(open.StartedAt - began, -1, 1);
        Assert.InRange((open.DetectedAt - began.Start).TotalMinutes, 1, 2);

        await PassAsync(host, 60, perMinute: 0);
        var ended = Assert.Single(await IncidentsAsync(host));
        Assert.Equal(IncidentState.Resolved, ended.State);
        Assert.InRange(ended.EndedAt!.Value - began, 20, 35);
    }

    [Fact]
    public async Task A_restart_in_the_middle_of_an_incident_goes_on_with_it()
    {
        await using (var first = await StartAsync())
        {
            await PassAsync(first, 30, perMinute: 0);
            await PassAsync(first, 15, perMinute: 120);
            Assert.Equal(IncidentState.Open, Assert.Single(await IncidentsAsync(first)).State);
        }
        await using var second = await StartAsync();
        await PassAsync(second, 10, perMinute: 120);
        Assert.Equal(IncidentState.Open, Assert.Single(await IncidentsAsync(second)).State);

        await PassAsync(second, 60, perMinute: 0);
        var ended = Assert.Single(await IncidentsAsync(second));
        Assert.Equal(IncidentState.Resolved, ended.State);
        var events = await second.Log.ReadAsync(0, 1_000, s_none);
        Assert.Equal(events.Count, events.Select(e => e.Event.Id).Distinct().Count());
        Assert.Single(events, e => e.Event.Kind == IncidentEventKind.Opened);
    }

    [Fact]
    public async Task A_restart_in_quiet_times_raises_nothing()
    {
        await using (var first = await StartAsync())
            await PassAsync(first, 120, perMinute: 2);
        await using var second = await StartAsync();
        await PassAsync(second, 120, perMinute: 2);

        Assert.Empty(await IncidentsAsync(second));
    }

    [Fact]
    public async Task A_batch_sent_again_and_again_counts_once_in_the_store_and_once_in_the_window()
    {
        await using var host = await StartAsync();
        await PassAsync(host, 30, perMinute: 0);
        for (var minute = 0; minute < 6; minute++)
        {
            // Two people a minute are no crowd; the same two told twenty times would be one.
            var batch = Batch(2);
            var first = await host.Watches.RecordAsync(batch, s_none);
            for (var again = 0; again < 20; again++)
                Assert.Equal(first.Receipts, (await host.Watches.RecordAsync(batch, s_none)).Receipts);
            await TickAfterAMinuteAsync(host);
        }

        Assert.Equal(12, await CountAsync(host));
        Assert.Empty(await IncidentsAsync(host));
    }

    [Fact]
    public async Task Reports_that_were_taken_back_raise_nothing()
    {
        await using var host = await StartAsync();
        await PassAsync(host, 30, perMinute: 0);
        for (var minute = 0; minute < 5; minute++)
        {
            var batch = Batch(100);
            _ = await host.Watches.RecordAsync(batch, s_none);
            for (var i = 0; i < 100; i++)
                Assert.True(await host.Watches.WithdrawAsync(new ReportId(batch.Id, i), s_none));
            await TickAfterAMinuteAsync(host);
        }

        Assert.Equal(0, await CountAsync(host));
        Assert.Empty(await IncidentsAsync(host));
        Assert.False(await host.Watches.WithdrawAsync(new ReportId(new BatchId(UInt128.MaxValue), 0), s_none));
    }

    [Fact]
    public async Task A_crowd_that_tells_its_region_later_is_seen_there_and_counted_once()
    {
        await using var host = await StartAsync();
        await PassAsync(host, 30, perMinute: 0);
        for (var minute = 0; minute < 12; minute++)
        {
            var batch = Batch(60, region: "ZZ");
            _ = await host.Watches.RecordAsync(batch, s_none);
            for (var i = 0; i < 60; i++)
            {
                var told = await host.Watches.AmendAsync(new ReportId(batch.Id, i), new ReportDetails(null, null, Region.Parse("IT"), null), s_none);
                Assert.True(told!.IsMoved);
            }
            await TickAfterAMinuteAsync(host);
        }

        var incident = Assert.Single(await IncidentsAsync(host));
        Assert.Equal([Region.Parse("IT")], incident.Regions);
        Assert.Equal(60, incident.Peak.ReportsPerMinute);
        Assert.Equal(720, await CountAsync(host));
        Assert.Null(await host.Watches.AmendAsync(new ReportId(new BatchId(UInt128.MaxValue), 0), new ReportDetails(Problem.Slow, null, null, null), s_none));
    }

    [Fact]
    public async Task Late_reports_are_stored_and_raise_nothing()
    {
        await using var host = await StartAsync();
        await PassAsync(host, 30, perMinute: 0);
        for (var minute = 0; minute < 10; minute++)
        {
            _ = await host.Watches.RecordAsync(Batch(100, late: true), s_none);
            await TickAfterAMinuteAsync(host);
        }

        Assert.Empty(await IncidentsAsync(host));
        var stored = await host.Counts.ReadSeriesAsync(
            new WatchKey(s_service, Region.World), Minute.Of(s_start) - 60, Minute.Of(s_start) + 600, 1, default, s_none);
        Assert.Equal(1_000, stored.Sum(p => p.Counts.Late));
    }

    private async Task PassAsync(WatchHost host, int minutes, int perMinute)
    {
        for (var i = 0; i < minutes; i++)
        {
            if (perMinute > 0)
                _ = await host.Watches.RecordAsync(Batch(perMinute), s_none);
            await TickAfterAMinuteAsync(host);
        }
    }

    private async Task TickAfterAMinuteAsync(WatchHost host)
    {
        Clock.Advance(TimeSpan.FromMinutes(1));
        await host.TickAsync();
    }

    private ReportBatch Batch(int people, bool late = false, string region = "IT")
    {
        var now = Clock.GetUtcNow();
        var cell = ReportCell.Of(ReportKind.Down, Problem.Unavailable, Surface.Web, late);
        var reports = Enumerable.Range(0, people)
            .Select(_ => new Report(new Reporter(1, (ulong)++_people), cell, Minute.Of(now) - (late ? 20 : 0)))
            .ToImmutableArray();
        return new ReportBatch(new BatchId((UInt128)(uint)++_batches << 64), new WatchKey(s_service, Region.Parse(region)), now, reports);
    }

    private static Task<IReadOnlyList<Incident>> IncidentsAsync(WatchHost host) => host.Log.FindAsync(new IncidentQuery(), s_none);

    private static async Task<int> CountAsync(WatchHost host)
    {
        var facets = await host.Counts.ReadFacetsAsync(
            new WatchKey(s_service, Region.World), Minute.Of(s_start) - 60, Minute.Of(s_start) + 600, s_none);
        return facets.Sum(f => f.Count);
    }
}

/// <summary>A running host and the stores it writes.</summary>
/// <param name="Watches">The host.</param>
/// <param name="Counts">Its counts.</param>
/// <param name="Log">Its incident log.</param>
/// <param name="TickAsync">Lets it look at the clock once.</param>
/// <param name="StopAsync">Ends it without any farewell.</param>
public sealed record WatchHost(
    IWatches Watches, ICountStore Counts, IIncidentLog Log, Func<Task> TickAsync, Func<ValueTask> StopAsync) : IAsyncDisposable
{
    public ValueTask DisposeAsync() => StopAsync();
}
