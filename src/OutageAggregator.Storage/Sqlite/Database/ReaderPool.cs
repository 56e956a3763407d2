namespace OutageAggregator.Storage.Sqlite.Database;

/// <summary>
/// Connections that read. Each sees the last commit and neither waits for the writer nor holds it up (write-ahead log). A read runs on its
/// caller's thread: most are served from memory within a fraction of a millisecond, and there are never more at once than connections.
/// </summary>
internal sealed class ReaderPool(string path, StorageSettings settings) : IDisposable
{
    private readonly SemaphoreSlim _free = new(settings.MaxReaders);
    private readonly ConcurrentBag<Connection> _idle = [];
    private volatile bool _closed;

    /// <exception cref="StoreUnavailableException">The database can't be read.</exception>
    public async Task<T> ReadAsync<T>(Func<Connection, T> read, CancellationToken cancellation)
    {
        await _free.WaitAsync(cancellation);
        try
        {
            if (_closed)
                throw new StoreUnavailableException($"The database '{path}' is closed.");
            if (!_idle.TryTake(out var connection))
                connection = Open();
            try
            {
                return read(connection);
            }
            finally
            {
                _idle.Add(connection);
                if (_closed)
                    Dispose();
            }
        }
        catch (Exception exception) when (Connection.IsDamage(exception))
        {
            throw Connection.Damaged(path, exception);
        }
        finally
        {
            _free.Release();
        }
    }

    /// <summary>Closes the connections that are idle now; those in use close when they are given back.</summary>
    public void Dispose()
    {
        _closed = true;
        while (_idle.TryTake(out var connection))
            connection.Dispose();
    }

    private Connection Open()
    {
        var connection = Connection.Open(path, create: false, settings.BusyMilliseconds);
        connection.Execute("PRAGMA query_only = 1");
        return connection;
    }
}
