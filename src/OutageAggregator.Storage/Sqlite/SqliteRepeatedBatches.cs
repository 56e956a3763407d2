namespace OutageAggregator.Storage.Sqlite;

/// <summary>
/// Repeatable batches in SQLite: a row each, noted in the commits of the counts. Each note removes the oldest ones that are over a day
/// old.
/// </summary>
public sealed class SqliteRepeatedBatches(SqliteStorage storage) : IRepeatedBatches
{
    private const string Known = "SELECT seen_at, body, is_of_earlier_version FROM repeated_batches WHERE id = ?";

    private const string Forget = """
        DELETE FROM repeated_batches WHERE number IN (SELECT number FROM repeated_batches ORDER BY number LIMIT 16) AND seen_at <= ?
        """;

    public Task<BatchMemory> BeginAsync(UInt128 id, UInt128 body, DateTimeOffset now, CancellationToken cancellation) =>
        storage.WriteAsync(connection => Begin(connection, id, body, now.ToUniversalTime()), cancellation);

    /// <summary>Moves what an earlier version remembered in a file of the folder into the table.</summary>
    /// <exception cref="StoreUnavailableException">The file can't be read.</exception>
    internal static void TakeOver(Connection connection, string folder)
    {
        connection.Execute("BEGIN IMMEDIATE");
        foreach (var note in RepeatedBatchesRing.Read(folder))
            Note(connection, note.Id, note.Body, note.SeenAt, isOfEarlierVersion: true);
        connection.Execute("COMMIT");
        RepeatedBatchesRing.Delete(folder);
    }

    private static BatchMemory Begin(Connection connection, UInt128 id, UInt128 body, DateTimeOffset now)
    {
        var known = connection.Prepare(Known).WithId(id).First<BatchMemory?>(row =>
            new(new DateTimeOffset(row.Integer(0), TimeSpan.Zero), row.Id(1) == body, row.Integer(2) == 1));
        if (known is { } memory && now - memory.SeenAt < IRepeatedBatches.Lifetime)
            return memory;
        connection.Prepare(Forget).With((now - IRepeatedBatches.Lifetime).UtcTicks).Run();
        Note(connection, id, body, now, isOfEarlierVersion: false);
        return new BatchMemory(now, IsSameBody: true);
    }

    private static void Note(Connection connection, UInt128 id, UInt128 body, DateTimeOffset seenAt, bool isOfEarlierVersion) =>
        connection.Prepare("INSERT OR REPLACE INTO repeated_batches (id, body, seen_at, is_of_earlier_version) VALUES (?, ?, ?, ?)")
            .WithId(id).WithId(body).With(seenAt.UtcTicks).With(isOfEarlierVersion ? 1 : 0).Run();
}
