using OutageAggregator.Storage.Sqlite.Database;

namespace OutageAggregator.Storage.Sqlite.Tables;

/// <summary>A row of counts: a service, a region, and the hour (or quarter of an hour) it covers, numbered from 1970.</summary>
internal readonly record struct RowKey(WatchKey Watch, int Span);

/// <summary>The statements of a table of packed rows. One that packs into nothing is not kept.</summary>
/// <param name="table">The table.</param>
/// <param name="span">Its column of hours or quarters.</param>
/// <param name="packed">Its column of bytes.</param>
/// <param name="unpack">Reads the bytes.</param>
/// <param name="pack">Writes them; valid until the next call.</param>
internal sealed class PackedTable<TRow>(
    string table, string span, string packed, Func<ReadOnlySpan<byte>, TRow> unpack, Func<TRow, ReadOnlySpan<byte>> pack)
    where TRow : class, new()
{
    private const string OfKey = "service = ? AND region = ?";

    private readonly string _one = $"SELECT {packed} FROM {table} WHERE {span} = ? AND {OfKey}";
    private readonly string _delete = $"DELETE FROM {table} WHERE {span} = ? AND {OfKey}";
    private readonly string _put = $"INSERT INTO {table} VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET {packed} = excluded.{packed}";
    private readonly string _ofAll = $"SELECT service, region, {span}, {packed} FROM {table} WHERE {span} >= ? AND {span} < ?";
    private readonly string _ofService = OfService(table, span, packed);
    private readonly string _ofRegion = OfService(table, span, packed) + " AND region = ?4";

    /// <summary>A row; an empty one where there is none.</summary>
    public TRow Load(Connection connection, RowKey key) =>
        With(connection.Prepare(_one), key).First(row => unpack(row.Blob(0))) ?? new TRow();

    public void Store(Connection connection, RowKey key, TRow row)
    {
        var bytes = pack(row);
        if (bytes.IsEmpty)
            With(connection.Prepare(_delete), key).Run();
        else
            With(connection.Prepare(_put), key).With(bytes).Run();
    }

    /// <summary>Visits the rows over [first, end) of one region, of all of a service, or (null) of all services.</summary>
    public void Visit(Connection connection, WatchKey? key, int first, int end, Action<RowKey, TRow> visit, Func<RowKey, bool> isWanted)
    {
        using var rows = Select(connection, key, first, end);
        while (rows.Step())
        {
            var row = new RowKey(rows.Key(0), (int)rows.Integer(2));
            if (isWanted(row))
                visit(row, unpack(rows.Blob(3)));
        }
    }

    // Rows lie by time first. The spans of a stretch are counted off, within what there is, and each looked up.
    private static string OfService(string table, string span, string packed) => $"""
        WITH RECURSIVE asked (span) AS (
            SELECT max(?2, (SELECT min({span}) FROM {table}))
            UNION ALL
            SELECT span + 1 FROM asked WHERE span + 1 < min(?3, (SELECT max({span}) + 1 FROM {table})))
        SELECT service, region, t.{span}, {packed}
        FROM asked CROSS JOIN {table} t ON t.{span} = asked.span AND t.{span} < ?3 AND service = ?1
        """;

    private Statement Select(Connection connection, WatchKey? key, int first, int end)
    {
        if (key is not { } watch)
            return connection.Prepare(_ofAll).With(first).With(end);
        var isAllRegions = watch.Region == Region.World;
        var rows = connection.Prepare(isAllRegions ? _ofService : _ofRegion).With(watch.Service.ToString()).With(first).With(end);
        return isAllRegions ? rows : rows.With(watch.Region.ToString());
    }

    private static Statement With(Statement statement, RowKey key) =>
        statement.With(key.Span).With(key.Watch.Service.ToString()).With(key.Watch.Region.ToString());
}
