using OutageAggregator.Contracts;
using OutageAggregator.Storage.Sqlite;
using OutageAggregator.TestKit;

namespace OutageAggregator.Storage.Tests.Sqlite;

public sealed class SqliteCountStoreTests : CountStoreContract
{
    private readonly TemporaryFolder _folder = new();
    private SqliteStorage? _storage;

    public override async ValueTask DisposeAsync()
    {
        await _storage!.DisposeAsync();
        _folder.Dispose();
        await base.DisposeAsync();
    }

    protected override ValueTask<ICountStore> OpenAsync()
    {
        _storage = _folder.Open();
        return new(new SqliteCountStore(_storage));
    }
}

public sealed class SqliteIncidentLogTests : IncidentLogContract
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
        return new(new SqliteIncidentLog(_storage));
    }
}
