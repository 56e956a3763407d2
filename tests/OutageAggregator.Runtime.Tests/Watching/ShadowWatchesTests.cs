using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using OutageAggregator.Contracts;
using OutageAggregator.Runtime.Watching;
using OutageAggregator.Storage;
using OutageAggregator.Storage.Memory;
using OutageAggregator.Storage.Sqlite;
using OutageAggregator.TestKit;
using OutageAggregator.TestKit.Watching;

namespace OutageAggregator.Runtime.Tests.Watching;

/// <summary>With a candidate beside them the watches keep every promise.</summary>
public sealed class ShadowedWatchesInMemoryTests : WatchHostContract
{
    private readonly MemoryCountStore _counts = new();
    private readonly MemoryIncidentLog _log = new();
    private readonly MemoryShadowLog _shadow = new();

    protected override Task<WatchHost> StartAsync() =>
        ObjectWatches.Over(_counts, _log, Catalog, Clock, "ears-c2", _shadow, NullLogger<CandidateRun>.Instance).StartAsync(_counts, _log);
}

/// <summary>A candidate detector runs beside the live one: recorded apart, and without a trace in what is public.</summary>
public sealed class ShadowWatchesTests : IDisposable
{
    // Quiet, an outage with a false recovery, quiet, a blip.
    private static readonly int[] s_crowd =
        [.. Times(400, 2), 40, 60, 60, 80, .. Times(30, 110), 60, 20, 6, .. Times(4, 2), .. Times(15, 90), .. Times(200, 2), .. Times(6, 40), .. Times(90, 2)];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("robust-z")]
    [InlineData("ears-c2")]
    public async Task Both_find_an_outage_and_the_public_log_is_what_it_is_without_the_candidate(string candidate)
    {
        var alone = new ShadowWorld();
        await alone.StartAsync(null);
        await alone.PassAsync(s_crowd);
        var beside = new ShadowWorld();
        await beside.StartAsync(candidate);
        await beside.PassAsync(s_crowd);

        Assert.Equal(Told(await alone.EventsAsync()), Told(await beside.EventsAsync()));
        Assert.All(await beside.IncidentsAsync(), i => Assert.Equal("negative-binomial", i.Evidence.Detector));
        Assert.Empty(await alone.ShadowEventsAsync());
        var would = await beside.ShadowIncidentsAsync();
        Assert.NotEmpty(would);
        Assert.All(would, i => Assert.Equal((candidate, IncidentState.Resolved), (i.Evidence.Detector, i.State)));
        Assert.True(DetectorComparison.Of(await beside.IncidentsAsync(), would, ShadowWorld.Start).Both > 0);
    }

    [Theory]
    [InlineData("robust-z")]
    [InlineData("ears-c2")]
    public async Task A_restart_in_the_middle_changes_nothing_in_either_log(string candidate)
    {
        var steady = new ShadowWorld();
        await steady.StartAsync(candidate);
        await steady.PassAsync(s_crowd);

        var storage = _folder.Open();
        var restarted = new ShadowWorld(new SqliteCountStore(storage), new SqliteIncidentLog(storage), new SqliteShadowLog(storage));
        await restarted.StartAsync(candidate);
        await restarted.PassAsync(s_crowd[..420]);
        Assert.Equal(IncidentState.Open, Assert.Single(await restarted.ShadowIncidentsAsync()).State);
        await storage.DisposeAsync();
        await using var again = _folder.Open();
        restarted = restarted.Over(new SqliteCountStore(again), new SqliteIncidentLog(again), new SqliteShadowLog(again));
        await restarted.StartAsync(candidate);
        await restarted.PassAsync(s_crowd[420..]);

        Assert.Equal(Told(await steady.EventsAsync()), Told(await restarted.EventsAsync()));
        Assert.Equal(Told(await steady.ShadowEventsAsync()), Told(await restarted.ShadowEventsAsync()));
        Assert.Equal(new ShadowRun(candidate, ShadowWorld.Start), await restarted.Shadow.ReadRunAsync(default));
    }

    [Fact]
    public async Task A_report_taken_back_is_taken_back_from_both()
    {
        var world = new ShadowWorld();
        await world.StartAsync("negative-binomial");
        await world.PassAsync([.. Times(60, 2)]);
        await world.PassAsync([.. Times(3, 60)], takeBack: true);
        await world.PassAsync([.. Times(30, 2)]);

        Assert.Empty(await world.IncidentsAsync());
        Assert.Empty(await world.ShadowIncidentsAsync());
    }

    [Fact]
    public async Task Beside_itself_a_detector_says_the_same()
    {
        var world = new ShadowWorld();
        await world.StartAsync("negative-binomial");
        await world.PassAsync(s_crowd);

        var events = await world.EventsAsync();
        Assert.Contains(events, e => e.Kind == IncidentEventKind.Resolved);
        Assert.Equal(Told(events), Told(await world.ShadowEventsAsync()));
    }

    [Fact]
    public async Task When_the_candidate_changes_an_open_incident_of_the_former_goes_on_and_the_new_one_raises_the_next()
    {
        var world = new ShadowWorld();
        await world.StartAsync("ears-c2");
        await world.PassAsync(s_crowd[..420]);
        var changed = world.Clock.GetUtcNow();
        await world.StartAsync("robust-z");
        await world.PassAsync([.. s_crowd[420..], .. Times(240, 2), .. Times(20, 80), .. Times(90, 2)]);

        var would = (await world.ShadowIncidentsAsync()).OrderBy(i => i.StartedAt).ToList();
        Assert.Equal(("ears-c2", IncidentState.Resolved), (would[0].Evidence.Detector, would[0].State));
        Assert.True(would.Count > 1);
        Assert.All(would.Skip(1), i => Assert.Equal("robust-z", i.Evidence.Detector));
        Assert.Equal(new ShadowRun("robust-z", changed), await world.Shadow.ReadRunAsync(default));
        // The outage under way at the change is nobody's merit.
        var compared = DetectorComparison.Of(await world.IncidentsAsync(), would, changed);
        Assert.DoesNotContain(compared.Outages, o => o.StartedAt < Minute.Of(changed));
        Assert.True(compared.Both > 0);
    }

    [Fact]
    public async Task A_candidate_that_begins_later_has_not_learnt_from_the_outages_before_it()
    {
        var world = new ShadowWorld();
        await world.StartAsync(null);
        // Three hours of outage, and one more at that time of day with the candidate there.
        await world.PassAsync([.. Times(600, 4), .. Times(180, 40), .. Times(1_350, 4)]);

        await world.StartAsync("negative-binomial");
        await world.PassAsync([.. Times(20, 60), .. Times(60, 4)]);

        var would = Assert.Single(await world.ShadowIncidentsAsync());
        Assert.InRange(would.Evidence.Expected / would.Evidence.WindowMinutes, 2, 6);
    }

    [Fact]
    public async Task A_shadow_log_that_can_not_be_written_harms_nothing_and_is_told_once()
    {
        var alone = new ShadowWorld();
        await alone.StartAsync(null);
        await alone.PassAsync(s_crowd);
        await using var storage = _folder.Open();
        var world = new ShadowWorld(new SqliteCountStore(storage), new SqliteIncidentLog(storage), new SqliteShadowLog(storage));
        await world.StartAsync("robust-z");
        await world.PassAsync(s_crowd[..390]);
        using (var shell = _folder.Shell())
            shell.Execute("ALTER TABLE shadow_events RENAME TO gone");

        await world.PassAsync(s_crowd[390..450]);
        Assert.Single(world.Logged, l => l.Level >= LogLevel.Warning);
        using (var shell = _folder.Shell())
            shell.Execute("ALTER TABLE gone RENAME TO shadow_events");
        await world.PassAsync(s_crowd[450..]);

        Assert.Equal(Told(await alone.EventsAsync()), Told(await world.EventsAsync()));
        // What it would have said meanwhile is written when it can be.
        var steady = new ShadowWorld();
        await steady.StartAsync("robust-z");
        await steady.PassAsync(s_crowd);
        Assert.Equal(
            (await steady.ShadowIncidentsAsync()).Select(i => (i.Id, i.StartedAt, i.DetectedAt)), (await world.ShadowIncidentsAsync()).Select(i => (i.Id, i.StartedAt, i.DetectedAt)));
        Assert.Single(world.Logged, l => l.Level >= LogLevel.Warning);
        Assert.Contains(world.Logged, l => l.Text.Contains("runs again", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Watches_that_can_not_be_made_are_made_when_they_can_be()
    {
        await using var storage = _folder.Open();
        var world = new ShadowWorld(new SqliteCountStore(storage), new SqliteIncidentLog(storage), new SqliteShadowLog(storage));
        await world.StartAsync("ears-c2");
        await world.PassAsync(s_crowd[..420]);
        using (var shell = _folder.Shell())
            shell.Execute("UPDATE shadow_events SET body = 'x' || body");
        await world.StartAsync("ears-c2");
        await world.PassAsync(s_crowd[420..425]);
        Assert.Single(world.Logged, l => l.Level >= LogLevel.Warning);
        Assert.Equal(IncidentState.Open, Assert.Single(await world.IncidentsAsync()).State);
        using (var shell = _folder.Shell())
            shell.Execute("UPDATE shadow_events SET body = substr(body, 2)");

        await world.PassAsync(s_crowd[425..]);

        Assert.All(await world.ShadowIncidentsAsync(), i => Assert.Equal(IncidentState.Resolved, i.State));
        Assert.Contains(world.Logged, l => l.Text.Contains("runs again", StringComparison.Ordinal));
    }

    private static IEnumerable<int> Times(int minutes, int people) => Enumerable.Repeat(people, minutes);

    private static IEnumerable<string> Told(IEnumerable<IncidentEvent> events) => events.Select(e =>
        $"{e.Id} {e.Kind} {e.At:HH:mm} {e.Status} {e.Incident?.Id} {e.Incident?.StartedAt.Number} {e.Incident?.DetectedAt:HH:mm} {e.Incident?.Peak} {e.Incident?.EndedAt?.Number} {string.Join(',', e.Incident?.Phases ?? [])}");
}
