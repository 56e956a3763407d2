namespace OutageAggregator.Storage.Sqlite;

/// <summary>Cursors in SQLite: a row each; what is saved shares the commits of the counts.</summary>
public sealed class SqliteCursorStore(SqliteStorage storage) : ICursorStore
{
    public Task<long?> ReadAsync(string consumer, CancellationToken cancellation) => storage.ReadAsync<long?>(
        connection =>
        {
            using var row = connection.Prepare("SELECT position FROM cursors WHERE consumer = ?").With(consumer);
            return row.Step() ? row.Integer(0) : null;
        },
        cancellation);

    public Task SaveAsync(string consumer, long position, CancellationToken cancellation) => storage.WriteAsync(
        connection =>
        {
            connection.Prepare("INSERT INTO cursors (consumer, position) VALUES (?1, ?2) ON CONFLICT (consumer) DO UPDATE SET position = max(position, ?2)")
                .With(consumer).With(position).Run();
            return true;
        },
        cancellation);
}
