using System.Runtime.InteropServices;

namespace OutageAggregator.Storage.Sqlite.Tables;

/// <summary>A row of counts: a service, a region, and the hour (or quarter of an hour) it covers, numbered from 1970.</summary>
internal readonly record struct RowKey(WatchKey Watch, int Span);

/// <summary>
/// Rows of a table that are newer in memory than in the file, for the writer to change and to fold into the file now and then, and for
/// readers to lay over what they read there.
/// <para>
/// Readers copy the rows that are newer first and open their view of the file after that: a row that was folded in between is in the file
/// they see, and a whole row replaces a whole row, so nothing is missed and nothing counted twice, without holding the writer up.
/// </para>
/// Rows that are folded stay as a cache.
/// </summary>
/// <param name="load">Reads a row from the file, or makes an empty one.</param>
/// <param name="store">Writes a row into the file.</param>
/// <param name="copy">Copies a row for a reader.</param>
/// <param name="capacity">When more rows than this are held, those that are folded go.</param>
internal sealed class HotRows<TRow>(Func<RowKey, TRow> load, Action<RowKey, TRow> store, Func<TRow, TRow> copy, int capacity)
    where TRow : class
{
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
        var row = load(key);
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
            store(key, row);
        }
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
        if (_rows.Count <= capacity)
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

    /// <summary>Copies of the rows over [first, end) that are newer than in the file.</summary>
    /// <param name="service">Of one service; null for all.</param>
    /// <param name="region">Of one region; the world for all.</param>
    /// <param name="first">The first hour or quarter.</param>
    /// <param name="end">The one after the last.</param>
    public Dictionary<RowKey, TRow> CopyNewer(ServiceSlug? service, Region region, int first, int end)
    {
        var copies = new Dictionary<RowKey, TRow>();
        lock (_gate)
        {
            if (service is null)
            {
                foreach (var rows in _newer.Values)
                    Copy(rows);
            }
            else if (_newer.TryGetValue(service.Value, out var rows))
                Copy(rows);
        }
        return copies;

        void Copy(List<(RowKey Key, TRow Row)> rows)
        {
            foreach (var (key, row) in rows)
            {
                if (key.Span >= first && key.Span < end && (region == Region.World || key.Watch.Region == region))
                    copies.Add(key, copy(row));
            }
        }
    }

    private readonly record struct Hot(TRow Row, bool IsNewer = false);
}
