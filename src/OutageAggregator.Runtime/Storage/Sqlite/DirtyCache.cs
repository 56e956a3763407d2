using System.Runtime.InteropServices;

namespace OutageAggregator.Runtime.Storage.Sqlite;

/// <summary>
/// Unpacked rows that the writer works on: read once, changed by any number of writes of a group, and written once before the commit. A row
/// that was changed in a transaction that failed is forgotten, and read again when it is next needed.
/// </summary>
/// <param name="load">Reads a row, or makes an empty one.</param>
/// <param name="store">Writes a row.</param>
/// <param name="capacity">From so many rows on it starts afresh.</param>
internal sealed class DirtyCache<TKey, TRow>(Func<TKey, TRow> load, Action<TKey, TRow> store, int capacity) : IGroupState
    where TKey : struct, IEquatable<TKey>
    where TRow : class
{
    private readonly Dictionary<TKey, Cached> _rows = [];
    private readonly List<TKey> _dirty = [];

    /// <summary>The row, to be changed.</summary>
    public TRow Change(TKey key)
    {
        ref var cached = ref CollectionsMarshal.GetValueRefOrNullRef(_rows, key);
        if (System.Runtime.CompilerServices.Unsafe.IsNullRef(ref cached))
        {
            // Loading may throw: the row is put in after it.
            var row = load(key);
            _rows.Add(key, new Cached(row, IsDirty: true));
            _dirty.Add(key);
            return row;
        }
        if (!cached.IsDirty)
        {
            cached = cached with { IsDirty = true };
            _dirty.Add(key);
        }
        return cached.Row;
    }

    public void Flush()
    {
        foreach (var key in _dirty)
            store(key, _rows[key].Row);
    }

    public void Accept()
    {
        if (_rows.Count > capacity)
            _rows.Clear();
        else
        {
            foreach (var key in _dirty)
                _rows[key] = _rows[key] with { IsDirty = false };
        }
        _dirty.Clear();
    }

    public void Undo()
    {
        foreach (var key in _dirty)
            _rows.Remove(key);
        _dirty.Clear();
    }

    private readonly record struct Cached(TRow Row, bool IsDirty);
}
