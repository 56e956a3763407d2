using OutageAggregator.Contracts;
using OutageAggregator.Runtime.Watching;
using OutageAggregator.Storage.Memory;
using OutageAggregator.TestKit.Watching;

namespace OutageAggregator.Runtime.Tests.Watching;

/// <summary>One service and one region over memory, on a clock that stands at a whole minute until it is moved.</summary>
internal sealed class HostWorld
{
    internal static readonly CancellationToken None = CancellationToken.None;
    internal static readonly WatchKey Key = new(ServiceSlug.Parse("chatgpt"), Region.Parse("IT"));

    private static readonly Catalog s_catalog = new(
        [new Category("ai", "AI")], [new Service(Key.Service, "ChatGPT", "ai", [], null, "America/Los_Angeles", null)]);

    private int _people;
    private int _batches;

    internal HostWorld()
    {
        Counts = new LosingCountStore(new MemoryCountStore());
        Parts = ObjectWatches.Parts(Counts, Log, s_catalog, Clock);
    }

    internal ManualClock Clock { get; } = new(new DateTimeOffset(2024, 11, 8, 12, 0, 0, TimeSpan.Zero));

    internal LosingCountStore Counts { get; }

    internal MemoryIncidentLog Log { get; } = new();

    internal HostParts Parts { get; }

    internal Minute Now => Minute.Of(Clock.GetUtcNow());

    internal Task<ServiceHost> LoadServiceAsync() => ServiceHost.LoadAsync(Key.Service, Parts, None);

    /// <summary>The region's host, as its service's watch begins with it.</summary>
    internal Task<RegionHost> LoadRegionAsync(ServiceHost? service = null) =>
        RegionHost.LoadAsync(Key, service?.Join(Key.Region) ?? new JoinPoint(Now, WatchMode.Of(null)), Parts, None);

    /// <summary>So many new people report just now.</summary>
    internal ReportBatch Batch(int people)
    {
        var cell = ReportCell.Of(ReportKind.Down, Problem.Unavailable, Surface.Web);
        return new ReportBatch(
            new BatchId((UInt128)(uint)++_batches << 64), Key, Clock.GetUtcNow(),
            [.. Enumerable.Range(0, people).Select(_ => new Report(new Reporter(1, (ulong)++_people), cell, Now))]);
    }

    /// <summary>What closes all minutes from one on to the present one, in which something was observed at any time.</summary>
    internal ClosingMinutes Since(Minute from) => new(from, Now, [new MinuteRange(from, Now)], WatchMode.Of(null));

    /// <summary>Looks at the clock, then has the service's host look.</summary>
    internal async Task TickAsync(ServiceHost service, AskRegion ask, CancellationToken cancellation)
    {
        await Parts.Observer.LookAsync(cancellation);
        await service.TickAsync(ask, cancellation);
    }

    internal void PassMinutes(int minutes) => Clock.Advance(TimeSpan.FromMinutes(minutes));
}
