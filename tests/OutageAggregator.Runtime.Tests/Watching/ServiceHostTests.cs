using OutageAggregator.Core.Watching;
using OutageAggregator.Core.Windows;
using OutageAggregator.Runtime.Watching;
using OutageAggregator.Storage;

namespace OutageAggregator.Runtime.Tests.Watching;

/// <summary>A service's watch apart from its regions': it waits for them a little, and not for ever.</summary>
public sealed class ServiceHostTests
{
    private readonly HostWorld _world = new();

    [Fact]
    public async Task It_goes_on_without_a_region_that_does_not_answer_after_its_patience_and_not_before()
    {
        var service = await _world.LoadServiceAsync();
        var began = service.Join(HostWorld.Key.Region).End;

        _world.PassMinutes(1);
        await _world.TickAsync(service, Silent, HostWorld.None);
        Assert.Equal(began, End(service));
        _world.Clock.Advance(TimeSpan.FromSeconds(14.999));
        await _world.TickAsync(service, Silent, HostWorld.None);
        Assert.Equal(began, End(service));
        Assert.Empty(service.Missing);

        _world.Clock.Advance(TimeSpan.FromMilliseconds(1));
        await _world.TickAsync(service, Silent, HostWorld.None);
        Assert.Equal(began + 1, End(service));
        Assert.Equal([HostWorld.Key.Region], service.Missing);
    }

    [Fact]
    public async Task A_region_that_answers_late_tells_the_minutes_it_missed()
    {
        var service = await _world.LoadServiceAsync();
        var region = await _world.LoadRegionAsync(service);
        await PassAsync(service, region, 30, people: 0);
        var began = _world.Now;
        // Past its patience in every minute.
        _world.Clock.Advance(TimeSpan.FromSeconds(20));
        for (var minute = 0; minute < 3; minute++)
        {
            _ = await region.RecordAsync(_world.Batch(100), HostWorld.None);
            _world.PassMinutes(1);
            await _world.TickAsync(service, Silent, HostWorld.None);
        }
        Assert.Equal(began + 3, End(service));
        Assert.Empty(await _world.Log.FindAsync(new IncidentQuery(), HostWorld.None));

        await PassAsync(service, region, 1, people: 100);

        var incident = Assert.Single(await _world.Log.FindAsync(new IncidentQuery(), HostWorld.None));
        Assert.Equal(began, incident.StartedAt);
        Assert.Equal([HostWorld.Key.Region], incident.Regions);
    }

    [Fact]
    public async Task A_region_whose_answer_was_lost_is_asked_again_and_nothing_is_missed()
    {
        var service = await _world.LoadServiceAsync();
        var region = await _world.LoadRegionAsync(service);
        await PassAsync(service, region, 30, people: 0);
        var began = _world.Now;
        for (var minute = 0; minute < 3; minute++)
        {
            _ = await region.RecordAsync(_world.Batch(100), HostWorld.None);
            _world.PassMinutes(1);
            // It closes the minute, and its service does not hear of it.
            await _world.TickAsync(service,
                async (asked, minutes) =>
                {
                    _ = await region.CloseAsync(minutes, HostWorld.None);
                    return null;
                },
                HostWorld.None);
            Assert.Equal(began + minute, End(service));
            await _world.TickAsync(service, Of(region), HostWorld.None);
            Assert.Equal(began + minute + 1, End(service));
        }

        var incident = Assert.Single(await _world.Log.FindAsync(new IncidentQuery(), HostWorld.None));
        Assert.Equal((began, 100), (incident.StartedAt, incident.Peak.ReportsPerMinute));
    }

    [Fact]
    public async Task Minutes_in_which_nobody_looked_are_a_gap()
    {
        var service = await _world.LoadServiceAsync();
        var asked = new List<ClosingMinutes>();
        _ = service.Join(HostWorld.Key.Region);
        _world.PassMinutes(1);
        await _world.TickAsync(service, Keep, HostWorld.None);
        _world.PassMinutes(10);
        await _world.TickAsync(service, Keep, HostWorld.None);

        // The minute of the first look was observed, the one before it and the nine after it were not.
        Assert.Equal(Enumerable.Range(asked[0].From.Number, 11), asked.Select(a => a.From.Number));
        Assert.Equal([false, true, .. Enumerable.Repeat(false, 9)], asked.Select(a => a.IsObserved(a.From)));

        Task<IReadOnlyList<RegionReading>?> Keep(Region region, ClosingMinutes minutes)
        {
            asked.Add(minutes);
            return Task.FromResult<IReadOnlyList<RegionReading>?>([]);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(31)]
    [InlineData(120)]
    [InlineData(239)]
    [InlineData(300)]
    public async Task What_happened_does_not_depend_on_how_many_minutes_are_closed_at_once(int gap)
    {
        var each = await StoryAsync(atOnce: 1);
        Assert.Equal(IncidentEventKind.Resolved, each[^1].Kind);
        Assert.Single(each, e => e.Kind == IncidentEventKind.Opened);

        foreach (var atOnce in new[] { 4, 13, 40 })
            Assert.Equal(each, await StoryAsync(atOnce));

        // Ten minutes of a slow and a fast outage each, a gap, and a quiet hour.
        async Task<List<(IncidentEventKind Kind, DateTimeOffset At, Minute? From, Minute? To)>> StoryAsync(int atOnce)
        {
            var world = new HostWorld();
            var service = await world.LoadServiceAsync();
            var region = await world.LoadRegionAsync(service);
            for (var minute = 0; minute < 260; minute++)
            {
                if (minute == 200)
                    world.PassMinutes(gap);
                var people = minute is >= 180 and < 200 ? (minute < 190 ? 4 : 40) : minute % 2;
                if (people > 0)
                    _ = await region.RecordAsync(world.Batch(people), HostWorld.None);
                world.PassMinutes(1);
                await world.Parts.Observer.LookAsync(HostWorld.None);
                if (minute < 200 || minute % atOnce == 0 || minute == 259)
                    await service.TickAsync(Of(region), HostWorld.None);
            }
            return [.. (await world.Log.ReadAsync(0, 100, HostWorld.None)).Select(
                e => (e.Event.Kind, e.Event.At, e.Event.Incident?.StartedAt, e.Event.Incident?.EndedAt))];
        }
    }

    [Fact]
    public async Task It_is_idle_when_no_window_holds_a_report_any_more()
    {
        var service = await _world.LoadServiceAsync();
        var region = await _world.LoadRegionAsync(service);
        await PassAsync(service, region, 100, people: 0);
        await PassAsync(service, region, 1, people: 1);
        await PassAsync(service, region, Window.Reach - 1, people: 0);
        Assert.False(service.IsIdle);

        // A reading tells of the minutes before it, too.
        await PassAsync(service, region, RegionReading.Minutes, people: 0);

        Assert.True(service.IsIdle);
    }

    [Fact]
    public async Task It_is_not_idle_while_an_incident_is_open()
    {
        var service = await _world.LoadServiceAsync();
        var region = await _world.LoadRegionAsync(service);
        await PassAsync(service, region, 30, people: 0);
        await PassAsync(service, region, 5, people: 100);

        // Nobody looks: minutes that were not observed end no incident.
        _world.PassMinutes(Window.Reach * 2);
        await _world.TickAsync(service, Of(region), HostWorld.None);

        Assert.Equal(IncidentState.Open, Assert.Single(await _world.Log.FindAsync(new IncidentQuery(), HostWorld.None)).State);
        Assert.False(service.IsIdle);
        await PassAsync(service, region, 60, people: 0);
        Assert.Equal(IncidentState.Resolved, Assert.Single(await _world.Log.FindAsync(new IncidentQuery(), HostWorld.None)).State);
        Assert.True(service.IsIdle);
    }

    [Fact]
    public async Task A_watch_that_another_one_was_ahead_of_is_refused_by_the_log_and_goes_on_once_it_is_loaded_again()
    {
        var service = await _world.LoadServiceAsync();
        var held = await _world.LoadServiceAsync();
        var region = await _world.LoadRegionAsync(service);
        _ = held.Join(HostWorld.Key.Region);
        await PassAsync(service, region, 30, people: 0);
        await PassAsync(service, region, 5, people: 100);
        var logged = await _world.Log.LastPositionAsync(HostWorld.None);

        // It wakes up minutes later, with a story of its own.
        await PassAsync(held, region, 1, people: 100);
        Assert.True(held.IsStale);
        await PassAsync(held, region, 60, people: 0);
        Assert.Equal(logged, await _world.Log.LastPositionAsync(HostWorld.None));

        Assert.False(service.IsStale);
        var again = await _world.LoadServiceAsync();
        await PassAsync(again, region, 60, people: 0);
        Assert.False(again.IsStale);
        Assert.Equal(IncidentState.Resolved, Assert.Single(await _world.Log.FindAsync(new IncidentQuery(), HostWorld.None)).State);
    }

    private async Task PassAsync(ServiceHost service, RegionHost region, int minutes, int people)
    {
        for (var minute = 0; minute < minutes; minute++)
        {
            if (people > 0)
                _ = await region.RecordAsync(_world.Batch(people), HostWorld.None);
            _world.PassMinutes(1);
            await _world.TickAsync(service, Of(region), HostWorld.None);
        }
    }

    private static Minute End(ServiceHost service) => service.Join(HostWorld.Key.Region).End;

    private static AskRegion Of(RegionHost region) => async (_, minutes) => await region.CloseAsync(minutes, HostWorld.None);

    private static Task<IReadOnlyList<RegionReading>?> Silent(Region region, ClosingMinutes minutes) => Task.FromResult<IReadOnlyList<RegionReading>?>(null);
}
