using OutageAggregator.Contracts;
using OutageAggregator.Replay.Explain;
using OutageAggregator.Runtime.Services;
using OutageAggregator.Runtime.Watching;
using OutageAggregator.Storage;
using OutageAggregator.Storage.Sqlite;
using OutageAggregator.TestKit.Watching;

namespace OutageAggregator.Replay.Tests.Explain;

public sealed class ExplainTests : IDisposable
{
    private static readonly CancellationToken s_none = CancellationToken.None;
    private static readonly WatchKey s_key = new(ServiceSlug.Parse("chatgpt"), Region.Parse("IT"));
    private static readonly string s_catalog = Path.Combine(Repository.Root, "data", "catalog.json");

    private readonly ManualClock _clock = new(new DateTimeOffset(2024, 11, 8, 12, 0, 0, TimeSpan.Zero));
    private readonly string _folder = Directory.CreateTempSubdirectory("outages-explain-").FullName;
    private readonly List<ReportId> _reports = [];
    private int _people;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task An_incident_is_judged_again_from_the_stored_minutes_and_comes_out_the_same()
    {
        var said = await LiveThroughAnOutageAsync();

        Assert.Equal(0, await ExplainAsync($"{said.Id}", _folder));
        var again = await AgainAsync(said);
        Assert.Equal(
            (said.StartedAt, said.Evidence.Rule, said.Evidence.Observed, said.Evidence.Region),
            (again!.StartedAt, again.Evidence.Rule, again.Evidence.Observed, again.Evidence.Region));
        Assert.Contains("The stored minutes come to the same verdict.", Explanation.Of(said, again), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_incident_whose_reports_were_taken_back_is_told_as_such()
    {
        var said = await LiveThroughAnOutageAsync();
        await using (var storage = SqliteStorage.Open(_folder, new StorageSettings()))
        {
            foreach (var report in _reports)
                _ = await new SqliteCountStore(storage).WithdrawAsync(report, s_none);
        }

        Assert.Equal(1, await ExplainAsync($"{said.Id}", _folder));
        Assert.Contains("do not open it", Explanation.Of(said, await AgainAsync(said)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("chatgpt", null)]
    [InlineData("chatgpt-9", null)]
    [InlineData("chatgpt-1", "/nowhere")]
    public async Task What_is_not_there_is_an_error(string incident, string? folder)
    {
        _ = await LiveThroughAnOutageAsync();

        Assert.Equal(2, await ExplainAsync(incident, folder ?? _folder));
    }

    private static Task<int> ExplainAsync(string incident, string folder) =>
        ExplainCommand.Create().Parse([incident, "--data", folder, "--catalog", s_catalog]).InvokeAsync(cancellationToken: s_none);

    private async Task<Incident?> AgainAsync(Incident said)
    {
        await using var storage = SqliteStorage.Open(_folder, new StorageSettings());
        return await (await LoaderAsync(storage)).OpenAgainAsync(said, s_none);
    }

    // Three quiet days of history, an hour of life, five minutes of a crowd.
    private async Task<Incident> LiveThroughAnOutageAsync()
    {
        await using var storage = SqliteStorage.Open(_folder, new StorageSettings());
        var (counts, log) = (new SqliteCountStore(storage), new SqliteIncidentLog(storage));
        var now = Minute.Of(_clock.GetUtcNow());
        var cell = ReportCell.Of(ReportKind.Down, Problem.Unavailable, Surface.Web);
        var past = new MinuteRange(now - (3 * Minute.PerDay), now);
        await counts.ObserveAsync(past, s_none);
        await counts.ImportAsync(s_key, [.. Enumerable.Range(0, past.Length).Select(m => new CellCount(past.From + m, cell, 2))], s_none);
        var watches = ObjectWatches.Over(counts, log, await CatalogFile.LoadAsync(s_catalog, s_none), _clock);
        await watches.LookAsync();
        for (var minute = 0; minute < 65; minute++)
        {
            var at = _clock.GetUtcNow();
            var batch = new ReportBatch(
                new BatchId((UInt128)(uint)(minute + 1) << 64), s_key, at,
                [.. Enumerable.Range(0, minute < 60 ? 2 : 40).Select(_ => new Report(new Reporter(1, (ulong)++_people), cell, Minute.Of(at)))]);
            _ = await watches.RecordAsync(batch, s_none);
            if (minute >= 60)
                _reports.AddRange(Enumerable.Range(0, batch.Reports.Count).Select(i => new ReportId(batch.Id, i)));
            _clock.Advance(TimeSpan.FromMinutes(1));
            await watches.LookAsync();
        }
        var logged = await log.ReadIncidentAsync(new IncidentId(s_key.Service, 1), s_none);
        return logged[0].Event.Incident!;
    }

    private static async Task<WatchLoader> LoaderAsync(SqliteStorage storage) => new(
        new SqliteCountStore(storage), new SqliteIncidentLog(storage), await CatalogFile.LoadAsync(s_catalog, s_none), new WatchSettings());
}
