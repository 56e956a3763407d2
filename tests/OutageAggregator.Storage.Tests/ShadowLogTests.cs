using OutageAggregator.Contracts;
using OutageAggregator.Storage.Memory;
using OutageAggregator.Storage.Sqlite;
using OutageAggregator.Storage.Sqlite.Tables;
using OutageAggregator.TestKit;
using static OutageAggregator.TestKit.Stores.Example;

namespace OutageAggregator.Storage.Tests;

public sealed class MemoryShadowIncidentsTests : IncidentLogContract
{
    protected override ValueTask<IIncidentLog> OpenAsync() => new(new MemoryShadowLog().Incidents);
}

public sealed class MemoryShadowLogTests : ShadowLogContract
{
    private readonly (IIncidentLog, IShadowLog) _logs = (new MemoryIncidentLog(), new MemoryShadowLog());

    protected override ValueTask<(IIncidentLog Public, IShadowLog Shadow)> OpenAsync() => new(_logs);
}

public sealed class SqliteShadowIncidentsTests : IncidentLogContract
{
    private readonly TemporaryFolder _folder = new();
    private SqliteStorage? _storage;

    public override async ValueTask DisposeAsync()
    {
        await _storage!.DisposeAsync();
        _folder.Dispose();
        await base.DisposeAsync();
    }

    protected override ValueTask<IIncidentLog> OpenAsync()
    {
        _storage = _folder.Open();
        return new(new SqliteShadowLog(_storage).Incidents);
    }
}

public sealed class SqliteShadowLogTests : ShadowLogContract, IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private SqliteStorage? _storage;

    public async ValueTask DisposeAsync()
    {
        if (_storage is not null)
            await _storage.DisposeAsync();
        _folder.Dispose();
    }

    protected override async ValueTask<(IIncidentLog Public, IShadowLog Shadow)> OpenAsync()
    {
        if (_storage is not null)
            await _storage.DisposeAsync();
        _storage = _folder.Open();
        return (new SqliteIncidentLog(_storage), new SqliteShadowLog(_storage));
    }

    [Fact]
    public async Task A_database_from_before_there_was_a_shadow_is_brought_up_to_date_and_keeps_what_it_holds()
    {
        var (real, _) = await OpenAsync();
        _ = await real.AppendAsync([new IncidentEvent(Chat.Service, 1, IncidentEventKind.Calmed, Noon, ServiceStatus.Normal, null)], default);
        await _storage!.DisposeAsync();
        _storage = null;
        using (var shell = _folder.Shell())
        {
            shell.Execute("DROP TABLE proposals; DROP TABLE proposal_cells; DROP TABLE proposal_turns; DROP TABLE proposal_names; DROP TABLE accepted_services");
            shell.Execute("DROP TABLE shadow_events; DROP TABLE shadow_incidents; DROP TABLE shadow_runs; DROP TABLE repeated_batches; DROP TABLE cursors; DROP TABLE amended; ALTER TABLE remarks DROP COLUMN went_to_worked; PRAGMA user_version = 2");
        }

        (real, var shadow) = await OpenAsync();

        Assert.Equal("chatgpt#1", Assert.Single(await real.ReadAsync(0, 10, default)).Event.Id);
        Assert.Equal("ears-c2", (await shadow.NoteAsync("ears-c2", Noon, default))!.Detector);
        await _storage!.DisposeAsync();
        _storage = null;
        using (var shell = _folder.Shell())
            Assert.Equal(Schema.Version, shell.ReadNumber("PRAGMA user_version"));
    }

    [Fact]
    public async Task A_shadow_incident_keeps_no_counts_alive()
    {
        _ = await OpenAsync();
        var counts = new SqliteCountStore(_storage!);
        var (then, now) = (Minute.Of(Noon), Minute.Of(Noon.AddDays(800)));
        await counts.ImportAsync(Chat, [new CellCount(then, new(3), 5), new CellCount(then + 1440, new(3), 7)], default);
        var shadowed = Story.Incident(then, then + 20, Chat.Service.ToString());
        var real = Story.Incident(then + 1440, then + 1460, Chat.Service.ToString());
        _ = await new SqliteShadowLog(_storage!).Incidents.AppendAsync([Over(shadowed)], default);
        _ = await new SqliteIncidentLog(_storage!).AppendAsync([Over(real)], default);

        for (var i = 0; i < 200; i++)
            await counts.ObserveAsync(now.Start.AddMinutes(i), default);

        var left = await counts.ReadSeriesAsync(Chat, then - 60, then + 3000, 1, default, default);
        Assert.Equal([then + 1440], left.Select(p => p.Start));
    }

    private static IncidentEvent Over(Incident incident) =>
        new(incident.Service, 1, IncidentEventKind.Resolved, incident.ResolvedAt!.Value, ServiceStatus.Normal, incident);
}
