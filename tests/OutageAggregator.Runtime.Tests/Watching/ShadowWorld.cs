using Microsoft.Extensions.Logging;
using OutageAggregator.Contracts;
using OutageAggregator.Runtime.Watching;
using OutageAggregator.Storage;
using OutageAggregator.Storage.Memory;
using OutageAggregator.TestKit;
using OutageAggregator.TestKit.Watching;

namespace OutageAggregator.Runtime.Tests.Watching;

/// <summary>One service and its crowd, watched by the live detector and, where it is wanted, by a candidate.</summary>
internal sealed class ShadowWorld(ICountStore counts, IIncidentLog log, IShadowLog shadow)
{
    internal static readonly DateTimeOffset Start = new(2024, 11, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly WatchKey s_key = new(ServiceSlug.Parse("chatgpt"), Region.Parse("IT"));
    private static readonly Catalog s_catalog = new(
        [new Category("ai", "AI")], [new Service(s_key.Service, "ChatGPT", "ai", [], null, "America/Los_Angeles", null)]);

    private readonly KeptLog<CandidateRun> _log = new();
    private ObjectWatches? _watches;
    private WatchHost? _host;
    private int _people;

    internal ShadowWorld()
        : this(new MemoryCountStore(), new MemoryIncidentLog(), new MemoryShadowLog())
    {
    }

    internal ManualClock Clock { get; private init; } = new(Start);

    internal IShadowLog Shadow => shadow;

    internal ICountStore Counts => counts;

    /// <summary>Whether each minute waits for the candidate's round. Where it does not, the round is whenever it is.</summary>
    internal bool IsAwaited { get; set; } = true;

    internal IReadOnlyCollection<(LogLevel Level, string Text)> Logged => _log.Logged;

    /// <summary>The same time and people over stores that were opened anew.</summary>
    internal ShadowWorld Over(ICountStore newCounts, IIncidentLog newLog, IShadowLog newShadow) =>
        new(newCounts, newLog, newShadow) { Clock = Clock, _people = _people };

    /// <summary>Starts a server over the stores; the former one is forgotten.</summary>
    internal async Task StartAsync(string? candidate)
    {
        _watches = candidate is null
            ? ObjectWatches.Over(counts, log, s_catalog, Clock)
            : ObjectWatches.Over(counts, log, s_catalog, Clock, candidate, shadow, _log);
        _host = await _watches.StartAsync(counts, log, isCandidateAwaited: () => IsAwaited);
    }

    /// <summary>Waits for the candidate's round that goes on.</summary>
    internal Task SettleAsync() => _watches!.CandidateRound;

    /// <summary>So many people report in each minute.</summary>
    internal async Task PassAsync(IEnumerable<int> crowd, bool takeBack = false)
    {
        foreach (var people in crowd)
        {
            var now = Clock.GetUtcNow();
            var cell = ReportCell.Of(ReportKind.Down, Problem.Unavailable, Surface.Web);
            var batch = new ReportBatch(
                new BatchId((UInt128)(uint)(_people + 1) << 64), s_key, now,
                [.. Enumerable.Range(0, people).Select(_ => new Report(new Reporter(1, (ulong)++_people), cell, Minute.Of(now)))]);
            _ = await _host!.Watches.RecordAsync(batch, CancellationToken.None);
            for (var place = 0; takeBack && place < people; place++)
                Assert.True(await _host.Watches.WithdrawAsync(new ReportId(batch.Id, place), CancellationToken.None));
            Clock.Advance(TimeSpan.FromMinutes(1));
            await _host.TickAsync();
        }
    }

    internal Task<List<IncidentEvent>> EventsAsync() => EventsOfAsync(log);

    internal Task<List<IncidentEvent>> ShadowEventsAsync() => EventsOfAsync(shadow.Incidents);

    internal Task<IReadOnlyList<Incident>> IncidentsAsync() => log.FindAsync(new IncidentQuery(), CancellationToken.None);

    internal Task<IReadOnlyList<Incident>> ShadowIncidentsAsync() => shadow.Incidents.FindAsync(new IncidentQuery(), CancellationToken.None);

    private static async Task<List<IncidentEvent>> EventsOfAsync(IIncidentLog read) =>
        [.. (await read.ReadAsync(0, 1_000, CancellationToken.None)).Select(e => e.Event)];
}
