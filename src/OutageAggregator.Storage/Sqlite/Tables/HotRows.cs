namespace OutageAggregator.Storage.Sqlite.Tables;

/// <summary>A row of counts: a service, a region, and the hour (or quarter of an hour) it covers, numbered from 1970.</summary>
internal readonly record struct RowKey(WatchKey Watch, int Span);

/// <summary>
/// A table of packed rows, some of which are newer in memory than in the file, for the writer to change and to fold into the file now and
/// then, and for readers to lay over what they read there. A row that packs into nothing is not kept.
/// <para>
/// Readers copy the rows that are newer first and open their view of the file after that: a row that was folded in between is in the file
/// they see, and a whole row replaces a whole row, so nothing is missed and nothing counted twice, without holding the writer up.
/// </para>
/// Rows that are folded stay as a cache.
/// </summary>
/// <param name="connection">The writer's.</param>
/// <param name="table">The table.</param>
/// <param name="span">Its column of hours or quarters.</param>
/// <param name="packed">Its column of bytes.</param>
/// <param name="unpack">Reads them.</param>
/// <param name="pack">Writes them; valid until the next call.</param>
/// <param name="copy">Makes what a reader keeps of a row.</param>
internal sealed class HotRows<TRow>(
    Connection connection, string table, string span, string packed,
    Func<ReadOnlySpan<byte>, TRow> unpack, Func<TRow, ReadOnlySpan<byte>> pack, Func<TRow, TRow> copy)
    where TRow : class, new()
{
    // When more are held, those that are folded go. Some thousands of watches have a current hour and quarter each; an hour in full outage
    // is 10 KB, a sketch 4 KB.
    private const int Capacity = 8192;

    private const string OfKey = "service = ? AND region = ?";

    private readonly string _one = $"SELECT {packed} FROM {table} WHERE {span} = ? AND {OfKey}";
    private readonly string _delete = $"DELETE FROM {table} WHERE {span} = ? AND {OfKey}";
    private readonly string _put = $"INSERT INTO {table} VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET {packed} = excluded.{packed}";
    private readonly string _ofAll = $"SELECT service, region, {span}, {packed} FROM {table} WHERE {span} >= ? AND {span} < ?";
    private readonly string _ofService = OfService(table, span, packed);
    private readonly string _ofRegion = OfService(table, span, packed) + " AND region = ?4";

    // Changed by the writer's thread only, under the gate; read by it without.
    private readonly Dictionary<RowKey, Hot> _rows = [];
    private readonly Dictionary<ServiceSlug, List<(RowKey Key, TRow Row)>> _newer = [];

    /// <summary>Held by who changes rows: readers see all of it or nothing.</summary>
    public Lock Gate { get; } = new();

    /// <summary>True where there are rows newer than in the file.</summary>
    public bool HasNewer => _newer.Count > 0;

    /// <summary>Makes sure that a row can be changed without touching the file.</summary>
    public void Load(RowKey key)
    {
        if (_rows.ContainsKey(key))
            return;
        var row = Stored(key);
        lock (Gate)
            _rows.Add(key, new Hot(row));
    }

    /// <summary>A loaded row, from now on newer than in the file; only under the gate.</summary>
    public TRow Newer(RowKey key)
    {
        ref var hot = ref CollectionsMarshal.GetValueRefOrNullRef(_rows, key);
        if (!hot.IsNewer)
        {
            hot = hot with { IsNewer = true };
            ref var ofService = ref CollectionsMarshal.GetValueRefOrAddDefault(_newer, key.Watch.Service, out _);
            (ofService ??= []).Add((key, hot.Row));
        }
        return hot.Row;
    }

    /// <summary>Writes all rows that are newer into the file, in the order of its keys.</summary>
    public void Fold()
    {
        // Neighbours one after the other: a page is then found, and changed, once.
        foreach (var (key, row) in _newer.Values.SelectMany(rows => rows)
            .OrderBy(r => r.Key.Span).ThenBy(r => r.Key.Watch.Service).ThenBy(r => r.Key.Watch.Region))
        {
            Store(key, row);
        }
    }

    /// <summary>Changes a row in the file itself; it is not newer here.</summary>
    public void ChangeFolded(RowKey key, Action<TRow> change)
    {
        var row = Stored(key);
        change(row);
        Store(key, row);
    }

    /// <summary>What was folded is durable.</summary>
    public void Folded()
    {
        lock (Gate)
        {
            foreach (var (key, row) in _newer.Values.SelectMany(rows => rows))
                _rows[key] = new Hot(row);
            _newer.Clear();
        }
    }

    /// <summary>Drops rows that are in the file as they are here, when there are too many.</summary>
    public void Trim()
    {
        if (_rows.Count <= Capacity)
            return;
        lock (Gate)
        {
            foreach (var (key, _) in _rows.Where(r => !r.Value.IsNewer))
                _rows.Remove(key);
        }
    }

    /// <summary>Forgets what it holds of a folded row, which was changed in the file.</summary>
    public void Forget(RowKey key)
    {
        lock (Gate)
            _rows.Remove(key);
    }

    /// <summary>
    /// Visits the rows over [first, end), each once, in no order: those that are newer here, and the others in the file; those of one
    /// region, of all of a service, or (null) of all services.
    /// </summary>
    public void Visit(Connection reader, WatchKey? key, int first, int end, Action<RowKey, TRow> visit)
    {
        var newer = new Dictionary<RowKey, TRow>();
        lock (Gate)
        {
            foreach (var (kept, row) in key is { } of ? _newer.GetValueOrDefault(of.Service, []) : _newer.Values.SelectMany(rows => rows))
            {
                if (kept.Span >= first && kept.Span < end && (key is null || key.Value.Region == Region.World || key.Value == kept.Watch))
                    newer.Add(kept, copy(row));
            }
        }
        using var stored = Select(reader, key, first, end);
        while (stored.Step())
        {
            var row = new RowKey(stored.Key(0), (int)stored.Integer(2));
            if (!newer.ContainsKey(row))
                visit(row, unpack(stored.Blob(3)));
        }
        foreach (var (row, held) in newer)
            visit(row, held);
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

    private Statement Select(Connection reader, WatchKey? key, int first, int end)
    {
        if (key is not { } watch)
            return reader.Prepare(_ofAll).With(first).With(end);
        var isAllRegions = watch.Region == Region.World;
        var rows = reader.Prepare(isAllRegions ? _ofService : _ofRegion).With(watch.Service.ToString()).With(first).With(end);
        return isAllRegions ? rows : rows.With(watch.Region.ToString());
    }

    private TRow Stored(RowKey key) => With(_one, key).First(row => unpack(row.Blob(0))) ?? new TRow();

    private void Store(RowKey key, TRow row)
    {
        var bytes = pack(row);
        if (bytes.IsEmpty)
            With(_delete, key).Run();
        else
            With(_put, key).With(bytes).Run();
    }

    private Statement With(string sql, RowKey key) => connection.Prepare(sql).With(key.Span).WithKey(key.Watch);

    private readonly record struct Hot(TRow Row, bool IsNewer = false);
}
