using Microsoft.Extensions.DependencyInjection;
using OutageAggregator.Runtime.Reading;
using OutageAggregator.Storage;
using static OutageAggregator.Contracts.Story;

namespace OutageAggregator.Runtime.Tests.Reading;

public sealed class IncidentReaderTests
{
    private static async Task<IncidentView> View(ReadingWorld world, Incident incident)
    {
        await world.LogAsync(incident.Service.ToString(), IncidentEventKind.Opened, ServiceStatus.Outage, incident);
        return (await world.Get<IncidentReader>().ReadAsync(incident.Id, default))!;
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_incident_counts_what_was_reported_from_its_onset_to_its_end(bool onDisk)
    {
        await using var world = new ReadingWorld(onDisk);
        await world.CountAsync("chatgpt", Italy, At(22, 59, -1), 1_000);
        await world.CountAsync("chatgpt", Italy, At(23, 0, -1), 6, Problem.Login, Surface.Ios);
        await world.CountAsync("chatgpt", Spain, At(23, 29, -1), 2);
        await world.CountAsync("chatgpt", Spain, At(23, 29, -1), 70, late: true);
        await world.CountAsync("chatgpt", Italy, At(23, 30, -1), 1_000);

        var view = await View(world, Incident(At(23, 0, -1), At(23, 30, -1)));

        Assert.Equal((8, 8), (view.Reports, view.Reporters));
        Assert.Equal([new Share<Problem>(Problem.Login, 6, 0.75), new Share<Problem>(Problem.Unavailable, 2, 0.25)], view.Problems);
        Assert.Equal([new Share<Surface>(Surface.Ios, 6, 0.75), new Share<Surface>(Surface.Web, 2, 0.25)], view.Surfaces);
        Assert.Equal([new Share<Region>(Italy, 6, 0.75), new Share<Region>(Spain, 2, 0.25)], view.Regions);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 2)]
    [InlineData(3, 9)]
    [InlineData(0, 9)]
    public async Task Of_minutes_that_are_the_worst_alike_the_peak_is_the_first_as_on_the_chart(int first, int logged)
    {
        await using var world = new ReadingWorld();
        await world.LiveThroughAMonthAsync("chatgpt", Italy, 3);
        for (var minute = 0; minute < 10; minute++)
            await world.CountAsync("chatgpt", Italy, At(0, 5) + minute, minute >= first ? 40 : 12);
        var incident = Incident(At(0, 5)) with { Peak = new Peak(At(0, 5) + logged, 40) };
        await world.LogAsync("chatgpt", IncidentEventKind.Opened, ServiceStatus.Outage, incident);

        var read = (await world.Get<IncidentReader>().ReadAsync(incident.Id, default))!;

        Assert.Equal(new Peak(At(0, 5) + first, 40), read.Incident.Peak);
        Assert.InRange(read.Excess!.Value.Reports, 1, read.Reports);
    }

    [Fact]
    public async Task An_open_incident_counts_up_to_now_and_grows()
    {
        await using var world = new ReadingWorld();
        await world.CountAsync("chatgpt", Italy, world.Now, 5);
        Assert.Equal(5, (await View(world, Incident(At(0, 6)))).Reports);
        world.Clock.Advance(TimeSpan.FromMinutes(1));
        await world.CountAsync("chatgpt", Italy, world.Now, 7);
        Assert.Equal(12, (await world.Get<IncidentReader>().ReadAsync(Incident(At(0, 6)).Id, default))!.Reports);
    }

    [Fact]
    public async Task The_worst_minute_of_an_open_incident_is_known_before_the_log_tells_it()
    {
        await using var world = new ReadingWorld();
        await world.CountAsync("chatgpt", Italy, At(0, 17), 3_000);
        var open = await View(world, Incident(At(0, 6), peak: 1_234));
        Assert.Equal(new Peak(At(0, 17), 3_000), open.Incident.Peak);
        var over = Incident(At(0, 6), At(0, 18), peak: 1_234);
        await world.LogAsync("chatgpt", IncidentEventKind.Resolved, ServiceStatus.Normal, over);
        var resolved = (await world.Get<IncidentReader>().ReadAsync(over.Id, default))!;
        Assert.Equal(open.Incident.Peak, resolved.Incident.Peak);
    }

    [Fact]
    public async Task What_was_logged_before_reports_were_withdrawn_stands()
    {
        await using var world = new ReadingWorld();
        await world.CountAsync("chatgpt", Italy, At(0, 17), 3_000);
        var open = await View(world, Incident(At(0, 6), peak: 1_234));
        world.Clock.Advance(TimeSpan.FromSeconds(1));
        await world.CountAsync("chatgpt", Italy, At(0, 17), 5);
        Assert.Equal(1_234, (await world.Get<IncidentReader>().ReadAsync(open.Incident.Id, default))!.Incident.Peak.ReportsPerMinute);
    }

    [Fact]
    public async Task Reporters_are_counted_once_although_they_reported_twice()
    {
        await using var world = new ReadingWorld();
        for (ulong batch = 0; batch < 2; batch++)
        {
            var at = At(22, 0, -1) + ((int)batch * 45);
            var reports = Enumerable.Range(1, 10)
                .Select(r => new Report(new Reporter((ulong)r * 0x9E3779B97F4A7C15, (ulong)r), ReportCell.Of(ReportKind.Down, Problem.Slow, Surface.Web), at));
            await world.Counts.AppendAsync(
                new ReportBatch(new BatchId(batch + 1), new WatchKey(world.ChatGpt.Slug, Italy), at.Start, [.. reports]), default);
        }
        var view = await View(world, Incident(At(22, 0, -1), At(23, 0, -1)));
        Assert.Equal((20, 10), (view.Reports, view.Reporters));
    }

    [Fact]
    public async Task An_incident_that_is_not_there_is_null_and_has_no_events()
    {
        await using var world = new ReadingWorld();
        var id = Incident(At(0, 6)).Id;
        Assert.Null(await world.Get<IncidentReader>().ReadAsync(id, default));
        Assert.Empty(await world.Get<IncidentReader>().EventsAsync(id, default));
    }

    [Fact]
    public async Task An_incident_of_a_service_that_left_the_catalog_is_still_told()
    {
        await using var world = new ReadingWorld();
        var view = await View(world, Incident(At(23, 0, -1), At(23, 30, -1), "vanished"));
        Assert.Equal("vanished", view.Service.Name);
    }

    [Fact]
    public async Task Incidents_are_found_latest_first_with_their_counts()
    {
        await using var world = new ReadingWorld();
        await world.CountAsync("claude", Italy, At(0, 10), 3);
        await world.LogAsync("chatgpt", IncidentEventKind.Resolved, ServiceStatus.Normal, Incident(At(20, 0, -1), At(21, 0, -1)));
        await world.LogAsync("claude", IncidentEventKind.Opened, ServiceStatus.Outage, Incident(At(0, 6), service: "claude"));
        var found = await world.Get<IncidentReader>().FindAsync(new IncidentQuery(), default);
        Assert.Equal([("claude-1", 3), ("chatgpt-1", 0)], found.Select(v => (v.Incident.Id.ToString(), v.Reports)));
    }
}
