using Microsoft.Extensions.Logging;
using OutageAggregator.Storage;
using OutageAggregator.Storage.Memory;
using OutageAggregator.Storage.Sqlite;
using OutageAggregator.TestKit;
using OutageAggregator.TestKit.Stores;

namespace OutageAggregator.Runtime.Tests.Watching;

/// <summary>Whatever befalls the shadow, the live watches go on: no minute is a gap, no report waits, no start fails.</summary>
public sealed class ShadowTroubleTests : IDisposable
{
    // Quiet, an outage, quiet.
    private static readonly int[] s_crowd = [.. Times(400, 2), 40, 60, 60, 80, .. Times(30, 110), 60, 20, 6, .. Times(90, 2)];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("negative-binomial")]
    [InlineData("ears-c2")]
    public async Task A_shadow_log_that_hangs_holds_nothing_up_and_its_round_catches_up_minute_by_minute(string candidate)
    {
        var steady = new ShadowWorld();
        await steady.StartAsync(candidate);
        await steady.PassAsync(s_crowd);
        var log = new HeldShadowLog(new MemoryShadowLog());
        var world = new ShadowWorld(new MemoryCountStore(), new MemoryIncidentLog(), log);
        await world.StartAsync(candidate);
        await world.PassAsync(s_crowd[..395]);
        log.Hold();
        world.IsAwaited = false;

        // More minutes than a window looks ahead.
        await world.PassAsync(s_crowd[395..480]);

        await log.MetAsync();
        var round = world.SettleAsync();
        await world.PassAsync(s_crowd[480..485]);
        Assert.Same(round, world.SettleAsync());
        Assert.False(round.IsCompleted);
        Assert.Single(await world.IncidentsAsync());
        Assert.Empty(await world.ShadowIncidentsAsync());
        Assert.Equal([new MinuteRange(Minute.Of(ShadowWorld.Start), Minute.Of(world.Clock.GetUtcNow()) + 1)], await ObservedAsync(world));

        log.Release();
        await round;
        world.IsAwaited = true;
        await world.PassAsync(s_crowd[485..]);
        Assert.Equal(Told(await steady.EventsAsync()), Told(await world.EventsAsync()));
        Assert.NotEmpty(await world.ShadowIncidentsAsync());
        Assert.Equal(Told(await steady.ShadowEventsAsync()), Told(await world.ShadowEventsAsync()));
        Assert.DoesNotContain(world.Logged, l => l.Level >= LogLevel.Warning);
    }

    [Fact]
    public async Task A_shadow_that_can_not_even_begin_holds_up_no_start_and_knows_each_report_once_when_it_can()
    {
        var log = new HeldShadowLog(new MemoryShadowLog());
        log.Hold();
        var world = new ShadowWorld(new MemoryCountStore(), new MemoryIncidentLog(), log) { IsAwaited = false };

        await world.StartAsync("negative-binomial");
        await world.PassAsync(s_crowd[..420]);

        await log.MetAsync();
        Assert.Equal(IncidentState.Open, Assert.Single(await world.IncidentsAsync()).State);
        Assert.Equal([new MinuteRange(Minute.Of(ShadowWorld.Start), Minute.Of(world.Clock.GetUtcNow()) + 1)], await ObservedAsync(world));
        log.Release();
        await world.SettleAsync();
        world.IsAwaited = true;
        await world.PassAsync(s_crowd[420..]);

        var (real, would) = (Assert.Single(await world.IncidentsAsync()), Assert.Single(await world.ShadowIncidentsAsync()));
        Assert.Equal((real.StartedAt, real.Peak, real.EndedAt), (would.StartedAt, would.Peak, would.EndedAt));
    }

    [Theory]
    [InlineData("DROP TABLE shadow_events")]
    [InlineData("DROP TABLE shadow_runs")]
    [InlineData(null)]
    public async Task A_damaged_shadow_table_stops_no_start_and_is_told_once(string? damage)
    {
        await using (var storage = _folder.Open())
            _ = await new SqliteShadowLog(storage).Incidents.AppendAsync([Example.Opened(1)], default);
        if (damage is null)
        {
            Overwrite("shadow_events");
        }
        else
        {
            using var shell = _folder.Shell();
            shell.Execute(damage);
        }
        var alone = new ShadowWorld();
        await alone.StartAsync(null);
        await alone.PassAsync(s_crowd);
        var told = new List<string?>();

        await using var again = _folder.Open(tell: told.Add);
        var world = new ShadowWorld(new SqliteCountStore(again), new SqliteIncidentLog(again), new SqliteShadowLog(again));
        await world.StartAsync("robust-z");
        await world.PassAsync(s_crowd);

        Assert.Equal(Told(await alone.EventsAsync()), Told(await world.EventsAsync()));
        Assert.Single(world.Logged, l => l.Level >= LogLevel.Warning);
        Assert.Empty(told);
    }

    [Fact]
    public async Task Damage_elsewhere_stops_the_start_as_before()
    {
        await using (var storage = _folder.Open())
            _ = await new SqliteIncidentLog(storage).AppendAsync([Example.Opened(1)], default);
        Overwrite("shadow_events");
        Overwrite("events");

        Assert.Contains("is damaged", Assert.Throws<StoreUnavailableException>(() => _folder.Open()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_newest_position_of_a_shadow_log_opened_anew_is_read_when_it_is_asked_for()
    {
        await using (var storage = _folder.Open())
            _ = await new SqliteShadowLog(storage).Incidents.AppendAsync([Example.Opened(1), Example.Opened(2)], default);

        await using var again = _folder.Open();
        var log = new SqliteShadowLog(again).Incidents;
        await log.WaitAsync(1, default);
        Assert.Equal(2, await log.LastPositionAsync(default));
        _ = await log.AppendAsync([Example.Opened(3)], default);
        Assert.Equal(3, await log.LastPositionAsync(default));
    }

    // The first page of a table.
    private void Overwrite(string table)
    {
        long page, size;
        using (var shell = _folder.Shell())
        {
            page = shell.ReadNumber(FormattableString.Invariant($"SELECT rootpage FROM sqlite_schema WHERE name = '{table}'"));
            size = shell.ReadNumber("PRAGMA page_size");
        }
        using var file = File.OpenWrite(_folder.Database);
        file.Position = (page - 1) * size;
        file.Write(Enumerable.Repeat((byte)0xEE, (int)size).ToArray());
    }

    private static Task<IReadOnlyList<MinuteRange>> ObservedAsync(ShadowWorld world) =>
        world.Counts.ReadObservedAsync(Minute.Of(ShadowWorld.Start), Minute.Of(world.Clock.GetUtcNow()) + 1, default);

    private static IEnumerable<int> Times(int minutes, int people) => Enumerable.Repeat(people, minutes);

    private static IEnumerable<string> Told(IEnumerable<IncidentEvent> events) => events.Select(e =>
        $"{e.Id} {e.Kind} {e.At:HH:mm} {e.Status} {e.Incident?.Id} {e.Incident?.StartedAt.Number} {e.Incident?.DetectedAt:HH:mm} {e.Incident?.Peak} {e.Incident?.EndedAt?.Number} {string.Join(',', e.Incident?.Phases ?? [])}");
}
