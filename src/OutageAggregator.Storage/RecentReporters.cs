namespace OutageAggregator.Storage;

/// <summary>
/// Who was counted for which service and kind in the last 30 minutes: the memory behind "one report per reporter".
/// <para>
/// Two generations of at most 30 minutes each: an entry is written to the young one, found in both, and forgotten with its
/// whole generation between 30 and 60 minutes later. That expires a crowd of millions without a queue beside the table,
/// a timer or a sweep, at 40 bytes an entry. Times are milliseconds since 1970, as told by the batches, so that a simulated
/// clock works; one that jumps back by over 30 minutes starts afresh, and reports less than 30 minutes apart exclude each other in
/// whichever order they come.
/// </para>
/// A generation that is full ends early: under a flood of over four million reporters in half an hour, 2,200 a second, turns are
/// remembered for less than 30 minutes, instead of memory growing until the process dies.
/// <para>
/// Changes since <see cref="Accept"/> can be undone: what a failed transaction decided must not be remembered.
/// </para>
/// Not safe for concurrent use: its store's writer owns it.
/// </summary>
/// <param name="capacity">The most entries in a generation.</param>
internal sealed class RecentReporters(int capacity = 4_000_000)
{
    private static readonly long s_oncePer = (long)ReportRules.OncePer.TotalMilliseconds;

    private readonly Dictionary<ServiceSlug, int> _services = [];
    private readonly Stack<Change> _changes = new();
    private Dictionary<Entry, long> _young = [];
    private Dictionary<Entry, long> _old = [];
    private long _youngSince;

    /// <summary>How many entries are held, expired ones included.</summary>
    public int Count => _young.Count + _old.Count;

    /// <summary>The short name under which a service's reporters are held.</summary>
    public int NumberOf(ServiceSlug service)
    {
        ref var number = ref CollectionsMarshal.GetValueRefOrAddDefault(_services, service, out var exists);
        if (!exists)
            number = _services.Count;
        return number;
    }

    /// <summary>Takes the reporter's turn of a kind, where the report counts, and says until when it is taken.</summary>
    public bool TryTake(int service, ReportKind kind, Reporter reporter, long at, out long until)
    {
        Turn(at);
        var entry = new Entry(reporter, (service * 2) + (int)kind);
        ref var young = ref CollectionsMarshal.GetValueRefOrAddDefault(_young, entry, out var exists);
        if (exists && IsRecent(young, at))
        {
            until = young + s_oncePer;
            return false;
        }
        if (!exists && _old.TryGetValue(entry, out var old) && IsRecent(old, at))
        {
            _young.Remove(entry);
            until = old + s_oncePer;
            return false;
        }
        _changes.Push(new Change(entry, exists ? young : null));
        young = at;
        until = at + s_oncePer;
        return true;
    }

    /// <summary>Gives the turn taken at an instant back; nothing where another one was taken since.</summary>
    public void Release(int service, ReportKind kind, Reporter reporter, long takenAt)
    {
        var entry = new Entry(reporter, (service * 2) + (int)kind);
        // Undone by taking it again, into the young generation: an old one may live longer there, and means the same.
        if (Remove(_young) || Remove(_old))
            _changes.Push(new Change(entry, takenAt));

        bool Remove(Dictionary<Entry, long> generation) =>
            generation.TryGetValue(entry, out var at) && at == takenAt && generation.Remove(entry);
    }

    /// <summary>What was taken and released since the last time stays.</summary>
    public void Accept() => _changes.Clear();

    /// <summary>Undoes what was taken and released since the last <see cref="Accept"/>.</summary>
    public void Undo()
    {
        while (_changes.TryPop(out var change))
        {
            _old.Remove(change.Entry);
            if (change.Before is { } before)
                _young[change.Entry] = before;
            else
                _young.Remove(change.Entry);
        }
    }

    private static bool IsRecent(long taken, long at) => Math.Abs(at - taken) < s_oncePer;

    private void Turn(long at)
    {
        if (IsRecent(_youngSince, at) && _young.Count < capacity)
            return;
        // After a pause of two generations, or a jump back, neither can matter.
        (_old, _young) = (_young, _old);
        _young.Clear();
        if (_young.Capacity > 4096)
            _young = [];
        if (Math.Abs(at - _youngSince) >= 2 * s_oncePer)
            _old = [];
        _youngSince = at;
    }

    private readonly record struct Entry(Reporter Reporter, int ServiceAndKind);

    private readonly record struct Change(Entry Entry, long? Before);
}
