using System.Runtime.InteropServices;
using OutageAggregator.Storage.Sqlite.Database;

namespace OutageAggregator.Storage.Sqlite.Tables;

/// <summary>
/// Rows of a table that are newer in memory than in the file, for the writer to change and to fold into the file now and then, and for
/// readers to lay over what they read there.
/// <para>
/// Readers copy the rows that are newer first and open their view of the file after that: a row that was folded in between is in the file
/// they see, and a whole row replaces a whole row, so nothing is missed and nothing counted twice, without holding the writer up.
/// </para>
/// Rows that are folded stay as a cache.
/// </summary>
/// <param name="connection">The writer's.</param>
/// <param name="table">The rows in the file.</param>
/// <param name="copy">Copies a row for a reader.</param>
internal sealed class HotRows<TRow>(Connection connection, PackedTable<TRow> table, Func<TRow, TRow> copy)
    where TRow : class, new()
{
    // When more are held, those that are folded go. Some thousands of watches have a current hour and quarter each; an hour in full outage
    // is 10 KB, a sketch 4 KB.
    private const int Capacity = 8192;

    // Changed by the writer's thread only, under the lock; read by it without.
    private readonly Lock _gate = new();
    private readonly Dictionary<RowKey, Hot> _rows = [];
    private readonly Dictionary<ServiceSlug, List<(RowKey Key, TRow Row)>> _newer = [];

    /// <summary>How many rows are newer than in the file.</summary>
    public int NewerCount { get; private set; }

    /// <summary>Makes sure that a row can be changed without touching the file.</summary>
    public void Load(RowKey key)
    {
        if (_rows.ContainsKey(key))
            return;
        var row = table.Load(connection, key);
        lock (_gate)
            _rows.Add(key, new Hot(row));
    }

    /// <summary>Changes loaded rows; readers see all of it or nothing.</summary>
    public void Change<TState>(TState state, Action<TState, HotRows<TRow>> change)
    {
        lock (_gate)
            change(state, this);
    }

    /// <summary>A loaded row, from now on newer than in the file; only inside of <see cref="Change"/>.</summary>
    public TRow Newer(RowKey key)
    {
        ref var hot = ref CollectionsMarshal.GetValueRefOrNullRef(_rows, key);
        if (!hot.IsNewer)
        {
            hot = hot with { IsNewer = true };
            ref var ofService = ref CollectionsMarshal.GetValueRefOrAddDefault(_newer, key.Watch.Service, out _);
            (ofService ??= []).Add((key, hot.Row));
            NewerCount++;
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
            table.Store(connection, key, row);
        }
    }

    /// <summary>Changes a row in the file itself; it is not newer here.</summary>
    public void ChangeFolded(RowKey key, Action<TRow> change)
    {
        var row = table.Load(connection, key);
        change(row);
        table.Store(connection, key, row);
    }

    /// <summary>What was folded is durable.</summary>
    public void Folded()
    {
        lock (_gate)
        {
            foreach (var (key, _) in _newer.Values.SelectMany(rows => rows))
                CollectionsMarshal.GetValueRefOrNullRef(_rows, key) = new Hot(_rows[key].Row);
            _newer.Clear();
            NewerCount = 0;
        }
    }

    /// <summary>Drops rows that are in the file as they are here, when there are too many.</summary>
    public void Trim()
    {
        if (_rows.Count <= Capacity)
            return;
        lock (_gate)
        {
            foreach (var (key, hot) in _rows)
            {
                if (!hot.IsNewer)
                    _rows.Remove(key);
            }
        }
    }

    /// <summary>Forgets what it holds of a folded row, which was changed in the file.</summary>
    public void Forget(RowKey key)
    {
        lock (_gate)
            _rows.Remove(key);
    }

    /// <summary>Visits the rows over [first, end), each once, in no order: those that are newer here, and the others in the file.</summary>
    /// <param name="reader">A connection of the reader's.</param>
    /// <param name="key">Of one region, of all of a service, or (null) of all services.</param>
    /// <param name="first">The first hour or quarter.</param>
    /// <param name="end">The one after the last.</param>
    /// <param name="visit">Told each row.</param>
    public void Visit(Connection reader, WatchKey? key, int first, int end, Action<RowKey, TRow> visit)
    {
        var newer = new Dictionary<RowKey, TRow>();
        lock (_gate)
        {
            foreach (var (kept, row) in key is { } of ? _newer.GetValueOrDefault(of.Service, []) : _newer.Values.SelectMany(rows => rows))
            {
                if (kept.Span >= first && kept.Span < end && (key is null || key.Value.Region == Region.World || key.Value == kept.Watch))
                    newer.Add(kept, copy(row));
            }
        }
        table.Visit(reader, key, first, end, visit, row => !newer.ContainsKey(row));
        foreach (var (row, held) in newer)
            visit(row, held);
    }

    private readonly record struct Hot(TRow Row, bool IsNewer = false);
}
