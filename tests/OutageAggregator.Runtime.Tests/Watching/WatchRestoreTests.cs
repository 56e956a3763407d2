using OutageAggregator.Contracts;
using OutageAggregator.Runtime.Watching;
using OutageAggregator.Storage;
using OutageAggregator.Storage.Memory;
using OutageAggregator.Storage.Sqlite;
using OutageAggregator.TestKit;
using OutageAggregator.TestKit.Watching;

namespace OutageAggregator.Runtime.Tests.Watching;

/// <summary>What a start brings back, and what may happen while it does.</summary>
public sealed class WatchRestoreTests
{
    private static readonly CancellationToken s_none = CancellationToken.None;
    private static readonly WatchKey s_key = new(ServiceSlug.Parse("chatgpt"), Region.Parse("IT"));
    private static readonly Catalog s_catalog = new(
        [new Category("ai", "AI")], [new Service(s_key.Service, "ChatGPT", "ai", [], null, "America/Los_Angeles", null)]);

    private readonly ManualClock _clock = new(new DateTimeOffset(2024, 11, 8, 12, 0, 0, TimeSpan.Zero));
    private int _people;

    [Fact]
    public async Task An_incident_that_was_open_when_the_server_was_switched_off_for_months_ends()
    {
        var (counts, log) = (new MemoryCountStore(), new MemoryIncidentLog());
        var before = Watches(counts, log);
        await before.LookAsync();
        await PassAsync(before, 30, 0);
        await PassAsync(before, 15, 100);
        Assert.Equal(IncidentState.Open, Assert.Single(await log.FindAsync(new IncidentQuery(), s_none)).State);
        _clock.Advance(TimeSpan.FromDays(70));

        var after = Watches(counts, log);
        await after.LookAsync();
        await PassAsync(after, 60, 0);

        Assert.Equal(IncidentState.Resolved, Assert.Single(await log.FindAsync(new IncidentQuery(), s_none)).State);
    }

    [Fact]
    public async Task Reports_accepted_before_the_first_look_count_once_and_are_judged()
    {
        var (counts, log) = (new MemoryCountStore(), new MemoryIncidentLog());
        await counts.ObserveAsync(new MinuteRange(Minute.Of(_clock.GetUtcNow()) - 120, Minute.Of(_clock.GetUtcNow())), s_none);
        var watches = Watches(counts, log);
        var began = Minute.Of(_clock.GetUtcNow());

        for (var minute = 0; minute < 3; minute++)
        {
            // Some before it begins, some while it goes on.
            _ = await watches.RecordAsync(Batch(50), s_none);
            var restoring = watches.LookAsync();
            _ = await watches.RecordAsync(Batch(50), s_none);
            await restoring;
            _clock.Advance(TimeSpan.FromMinutes(1));
        }
        await watches.LookAsync();

        var incident = Assert.Single(await log.FindAsync(new IncidentQuery(), s_none));
        Assert.Equal((began, 100), (incident.StartedAt, incident.Peak.ReportsPerMinute));
        Assert.Equal(300, (await counts.ReadSeriesAsync(s_key, began, began + 10, 10, default, s_none)).Sum(p => p.Counts.Reports));
    }

    [Fact]
    public async Task A_service_may_have_a_detector_of_its_own_and_change_it_at_a_restart()
    {
        var (counts, log) = (new MemoryCountStore(), new MemoryIncidentLog());
        var before = Watches(counts, log);
        await before.LookAsync();
        await PassAsync(before, 600, 1);

        var after = Watches(counts, log, new WatchSettings { Detectors = [new DetectorChoice(s_key.Service, "ears-c2")] });
        await after.LookAsync();
        await PassAsync(after, 10, 100);

        // Judged by what was counted before the change: nothing starts anew.
        var incident = Assert.Single(await log.FindAsync(new IncidentQuery(), s_none));
        Assert.Equal("ears-c2", incident.Evidence.Detector);
        Assert.InRange(incident.Evidence.Expected, 1, 20);
    }

    [Fact]
    public async Task Time_in_which_nobody_looked_is_a_gap()
    {
        var (counts, log) = (new MemoryCountStore(), new MemoryIncidentLog());
        var watches = Watches(counts, log);
        var began = Minute.Of(_clock.GetUtcNow());
        await watches.LookAsync();
        await PassAsync(watches, 3, 1);

        // A machine that sleeps through an hour.
        _clock.Advance(TimeSpan.FromHours(1));
        await watches.LookAsync();

        Assert.Equal(
            [new MinuteRange(began, began + 4), new MinuteRange(began + 63, began + 64)], await counts.ReadObservedAsync(began - 60, began + 90, s_none));
    }

    [Fact]
    public async Task Time_in_which_the_store_took_nothing_is_a_gap()
    {
        using var folder = new TemporaryFolder();
        await using var storage = folder.Open(new StorageSettings { BusyMilliseconds = 0 });
        var counts = new SqliteCountStore(storage);
        var watches = Watches(counts, new SqliteIncidentLog(storage));
        var began = Minute.Of(_clock.GetUtcNow());
        await watches.LookAsync();
        await PassAsync(watches, 3, 1);
        using (var shell = folder.Shell())
        {
            shell.Execute("BEGIN IMMEDIATE");
            for (var minute = 0; minute < 10; minute++)
            {
                _clock.Advance(TimeSpan.FromMinutes(1));
                _ = await Assert.ThrowsAsync<StoreUnavailableException>(() => watches.LookAsync());
            }
            shell.Execute("ROLLBACK");
        }

        await PassAsync(watches, 1, 1);

        Assert.Equal(
            [new MinuteRange(began, began + 4), new MinuteRange(began + 14, began + 15)], await counts.ReadObservedAsync(began - 60, began + 60, s_none));
    }

    private ObjectWatches Watches(ICountStore counts, IIncidentLog log, WatchSettings? settings = null) => ObjectWatches.Over(counts, log, s_catalog, _clock, settings);

    private async Task PassAsync(ObjectWatches watches, int minutes, int people)
    {
        for (var minute = 0; minute < minutes; minute++)
        {
            if (people > 0)
                _ = await watches.RecordAsync(Batch(people), s_none);
            _clock.Advance(TimeSpan.FromMinutes(1));
            await watches.LookAsync();
        }
    }

    private ReportBatch Batch(int people)
    {
        var now = _clock.GetUtcNow();
        var cell = ReportCell.Of(ReportKind.Down, Problem.Unavailable, Surface.Web);
        return new ReportBatch(
            new BatchId((UInt128)(uint)(_people + 1) << 64), s_key, now,
            [.. Enumerable.Range(0, people).Select(_ => new Report(new Reporter(1, (ulong)++_people), cell, Minute.Of(now)))]);
    }
}
