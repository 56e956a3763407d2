using BenchmarkDotNet.Attributes;
using OutageAggregator.Storage;
using OutageAggregator.Storage.Sqlite;

namespace OutageAggregator.Benchmarks;

/// <summary>
/// Durable reports: batches of one watch each, appended together, against one batch at a time, which pays an fsync for each.
/// Time and memory are per report.
/// </summary>
[MemoryDiagnoser]
[BenchmarkCategory("store")]
public class GroupCommitBenchmarks
{
    private const int Reports = 4_096;

    private string _folder = "";
    private SqliteStorage _storage = null!;
    private SqliteCountStore _store = null!;
    private ulong _people;

    /// <summary>Watches the reports are spread over.</summary>
    [Params(1, 64)]
    public int Watches { get; set; }

    [GlobalSetup]
    public void Open()
    {
        _folder = Directory.CreateTempSubdirectory("outages-benchmark-").FullName;
        _storage = SqliteStorage.Open(_folder, new StorageSettings());
        _store = new SqliteCountStore(_storage);
    }

    [GlobalCleanup]
    public async Task CloseAsync()
    {
        await _storage.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Reports)]
    public async Task OneAfterTheOther()
    {
        foreach (var batch in Batches())
            _ = await _store.AppendAsync(batch, CancellationToken.None);
    }

    [Benchmark(OperationsPerInvoke = Reports)]
    public Task Together() => Task.WhenAll(Batches().Select(b => _store.AppendAsync(b, CancellationToken.None)));

    private IEnumerable<ReportBatch> Batches()
    {
        var now = TimeProvider.System.GetUtcNow();
        var cell = ReportCell.Of(ReportKind.Down, Problem.Unavailable, Surface.Web);
        for (var watch = 0; watch < Watches; watch++)
        {
            var key = new WatchKey(ServiceSlug.Parse($"service-{watch}"), Region.Parse("IT"));
            var reports = new Report[Reports / Watches];
            for (var i = 0; i < reports.Length; i++)
                reports[i] = new Report(new Reporter(++_people, _people), cell, Minute.Of(now));
            yield return new ReportBatch(new BatchId(((UInt128)(ulong)now.ToUnixTimeMilliseconds() << 80) | ++_people), key, now, reports);
        }
    }
}
