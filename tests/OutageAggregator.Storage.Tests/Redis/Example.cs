using System.Diagnostics;
using OutageAggregator.Core.Verdicts;

namespace OutageAggregator.Storage.Tests.Redis;

/// <summary>Reports, batches and incidents to try things with.</summary>
internal static class Example
{
    public static readonly DateTimeOffset Noon = new(2024, 11, 8, 12, 0, 0, TimeSpan.Zero);
    public static readonly ServiceSlug Chat = ServiceSlug.Parse("chatgpt");
    public static readonly WatchKey ChatItaly = new(Chat, Region.Parse("IT"));
    public static readonly WatchKey ChatSpain = new(Chat, Region.Parse("ES"));
    public static readonly CancellationToken None = CancellationToken.None;

    private static int s_batches;

    public static Report Down(int person, int minute = 0, Remark? remark = null) => new(
        new Reporter(0xA11CE, (ulong)person), ReportCell.Of(ReportKind.Down, Problem.Unavailable, Surface.Unknown), Minute.Of(Noon) + minute, remark);

    public static ReportBatch Batch(WatchKey key, DateTimeOffset receivedAt, params Report[] reports) =>
        new(new BatchId(((UInt128)(uint)Interlocked.Increment(ref s_batches) << 64) | 9), key, receivedAt, reports);

    /// <summary>All reports of a key in the two days around noon.</summary>
    public static async Task<int> CountAsync(ICountStore counts, WatchKey key) =>
        (await counts.ReadSeriesAsync(key, Minute.Of(Noon) - 1440, Minute.Of(Noon) + 1440, 1, default, None)).Sum(p => p.Counts.Reports);

    public static IncidentEvent Opened(int number, int? endedAt = null) => new(
        Chat,
        number,
        IncidentEventKind.Opened,
        Noon.AddMinutes(number),
        ServiceStatus.Outage,
        new Incident(
            new IncidentId(Chat, 1),
            endedAt is null ? IncidentState.Open : IncidentState.Resolved,
            Minute.Of(Noon),
            Noon.AddMinutes(2),
            new Peak(Minute.Of(Noon) + 1, 40),
            endedAt is { } end ? Minute.Of(Noon) + end : null,
            endedAt is { } over ? Noon.AddMinutes(over + 10) : null,
            2.5,
            [new Phase(PhaseKind.Onset, Minute.Of(Noon), null)],
            [],
            new Evidence("negative-binomial", "minutes-5", Region.World, 5, 320, 12.5, 31, -41.75, 300, 8)));

    /// <summary>Tries until it succeeds: a connection comes back when it does, and a call that fails until then says nothing.</summary>
    public static async Task UntilAsync(Func<Task> succeeds)
    {
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        var patience = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                await succeeds();
                return;
            }
            catch (StoreUnavailableException) when (patience.Elapsed < TimeSpan.FromMinutes(2))
            {
                _ = await look.WaitForNextTickAsync();
            }
        }
    }
}
