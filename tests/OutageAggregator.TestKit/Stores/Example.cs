using OutageAggregator.Core.Verdicts;
using OutageAggregator.Storage;

namespace OutageAggregator.TestKit.Stores;

/// <summary>Values that tests of stores are written with.</summary>
internal static class Example
{
    public static readonly DateTimeOffset Noon = new(2024, 11, 8, 12, 0, 0, TimeSpan.Zero);
    public static readonly WatchKey Chat = new(ServiceSlug.Parse("chatgpt"), Region.Parse("IT"));
    public static readonly WatchKey Claude = new(ServiceSlug.Parse("claude"), Region.Parse("ES"));

    private static int s_batches;

    public static Minute NoonAnd(int minutes) => Minute.Of(Noon) + minutes;

    public static Report Down(int person, int minute = 0, Remark? remark = null) => new(
        new Reporter(0xA11CE, (ulong)person), ReportCell.Of(ReportKind.Down, Problem.Login, Surface.Web), NoonAnd(minute), remark);

    public static ReportBatch Batch(WatchKey key, DateTimeOffset receivedAt, params Report[] reports) =>
        new(new BatchId(((UInt128)(uint)Interlocked.Increment(ref s_batches) << 64) | 9), key, receivedAt, reports);

    public static async Task<int> CountAsync(ICountStore store, WatchKey key) =>
        (await store.ReadSeriesAsync(key, NoonAnd(-100_000), NoonAnd(100_000), 1440, default, CancellationToken.None)).Sum(p => p.Counts.Reports);

    public static IncidentEvent Opened(int number) => new(
        Chat.Service,
        number,
        IncidentEventKind.Opened,
        Noon.AddMinutes(number),
        ServiceStatus.Outage,
        new Incident(
            new IncidentId(Chat.Service, number), IncidentState.Open, NoonAnd(number), Noon.AddMinutes(number), new Peak(NoonAnd(number), 10), null, null, 2,
            ImmutableArray<Phase>.Empty, [Chat.Region], new Evidence("d", "r", Region.World, 5, 20, 1, 5, -9, 20, 8)));
}
