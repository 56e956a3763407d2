using OutageAggregator.Core.Reports;
using OutageAggregator.Core.Series;
using OutageAggregator.Core.Services;

namespace OutageAggregator.Runtime.Watching;

/// <summary>
/// What the live watches and the shadow's round have in common of one service: counts that were stored and wait for the candidate's watches,
/// and these watches, which are touched by the round only. The live side notes and goes on; it waits for nothing.
/// <para>
/// Neither missed nor doubled. The watches are made from the store while reports go on being stored, so what was read must be told from
/// what is to be fed. It is told by the minute that a report speaks of:
/// <code>
///   ... minutes up to the cut: from the store ...]|[... minutes after the cut: from what waits here ...
/// </code>
/// <b>After the cut</b> all there is waits here, and the store is not read. For the cut is never before (1) the last minute of which the store
/// could hold reports when the place came into being: it does so before the service's first report is stored in this process, and a
/// report is at most <see cref="ReportRules.TooEarlyBefore"/> ahead; (2) the last minute of which something was given to watches that were lost.
/// <b>Up to the cut</b> what waited when the reading began was stored before, so it is read and not fed. Only what is being stored
/// <i>while</i> is read may be in it or not. Such a reading is given up and done again in a later round: one does not begin while a batch with
/// a report up to the cut, or any withdrawal (its minute is not known before), is under way, and does not count if one began or ended meanwhile.
/// That hardly ever happens: the cut is so long ago, where (1) and (2) let it, that a report of such a minute would be late
/// (<see cref="ReportRules.LateAfter"/>), and late ones are not watched. So it comes true within minutes however many report.
/// </para>
/// <para>
/// A batch of which it was unknown whether it is stored, and which proves to be when it is repeated, was read if the watches were made since it
/// failed; its reports up to the cut are left out then.
/// </para>
/// </summary>
internal sealed class ShadowPlace(DateTimeOffset now)
{
    // Regions times minutes: hours of all regions. More waits only where the round hangs; then it is forgotten, and read from the store when it goes on.
    private const int MostWaiting = 50_000;

    // One more than it takes to be late, for the way to the store.
    private static readonly int s_lateMinutes = (int)ReportRules.LateAfter.TotalMinutes + 1;
    private static readonly Minute s_never = new(int.MaxValue);

    private readonly Lock _gate = new();
    private readonly Dictionary<(Region Region, Minute Minute), MinuteCounts> _waiting = [];

    // How many batches are being stored, by the earliest minute their reports speak of.
    private readonly Dictionary<Minute, int> _underWay = [];
    private readonly List<(Region Region, Minute Minute, MinuteCounts Counts)> _taken = [];
    private Minute _cut = Minute.Of(now + ReportRules.TooEarlyBefore);
    private Minute _cutIfLost = new(int.MinValue);
    private bool _isDisturbed;
    private WatchGroup? _group;
    private int _loads;

    // When it is to be made anew, in ticks of UTC; 0 where nothing broke.
    private long _retryAt;

    /// <summary>The candidate's watches; null while there are none.</summary>
    internal WatchGroup? Group => Volatile.Read(ref _group);

    /// <summary>When what broke is to be made anew, in ticks of UTC; 0 where nothing broke.</summary>
    internal long RetryAt => Volatile.Read(ref _retryAt);

    /// <summary>Notes that a batch is about to be stored. To be followed by <see cref="End"/> whatever comes of it.</summary>
    /// <returns>What <see cref="End"/> is to be given.</returns>
    internal Minute Begin(ReportBatch batch)
    {
        var oldest = s_never;
        for (var i = 0; i < batch.Reports.Count; i++)
        {
            if (!batch.Reports[i].Cell.IsLate)
                oldest = Minute.Min(oldest, batch.Reports[i].At);
        }
        lock (_gate)
        {
            _underWay[oldest] = _underWay.GetValueOrDefault(oldest) + 1;
            _isDisturbed |= oldest <= _cut;
        }
        return oldest;
    }

    /// <summary>Notes that a batch is stored or failed.</summary>
    /// <returns>How often the watches were made until now.</returns>
    internal int End(Minute oldest)
    {
        lock (_gate)
        {
            if (--_underWay[oldest] == 0)
                _ = _underWay.Remove(oldest);
            return _loads;
        }
    }

    /// <summary>Takes what was counted of a stored batch. To be called before its <see cref="End"/>.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="receipts">What became of its reports.</param>
    /// <param name="foundAt">What <see cref="End"/> said when it was unknown whether it is stored, where it proved to be; null else.</param>
    internal void Note(ReportBatch batch, IReadOnlyList<Receipt> receipts, int? foundAt)
    {
        lock (_gate)
        {
            for (var i = 0; i < receipts.Count; i++)
            {
                var report = batch.Reports[i];
                if (receipts[i].Outcome == ReportOutcome.Counted && (foundAt is not { } loads || loads == _loads || report.At > _cut))
                    Add(batch.Key.Region, report.At, MinuteCounts.Of(report.Cell));
            }
        }
    }

    /// <summary>Takes what was taken back.</summary>
    internal void Note(Region region, Minute minute, MinuteCounts counts)
    {
        lock (_gate)
        {
            _isDisturbed |= minute <= _cut;
            Add(region, minute, counts);
        }
    }

    /// <summary>Begins a reading of the store.</summary>
    /// <returns>The cut: the last minute of which counts are to be read; null where there can't be one now.</returns>
    internal Minute? BeginLoad(DateTimeOffset at)
    {
        lock (_gate)
        {
            _cut = Minute.Max(_cut, Minute.Of(at) - s_lateMinutes);
            _isDisturbed = false;
            foreach (var oldest in _underWay.Keys)
            {
                if (oldest <= _cut)
                    return null;
            }
            foreach (var key in _waiting.Keys)
            {
                if (key.Minute <= _cut)
                    _ = _waiting.Remove(key);
            }
            return _cut;
        }
    }

    /// <summary>Ends it with the watches that were made.</summary>
    /// <returns>False where something was stored meanwhile that may be in them or not: they are not taken then.</returns>
    internal bool EndLoad(WatchGroup group)
    {
        lock (_gate)
        {
            if (_isDisturbed)
                return false;
            _loads++;
            Volatile.Write(ref _group, group);
            Volatile.Write(ref _retryAt, 0);
            return true;
        }
    }

    /// <summary>Gives the watches what waits of the minutes before <paramref name="end"/>, those of regions that are new made first.</summary>
    /// <param name="group">The watches; nothing is done where they were given up meanwhile.</param>
    /// <param name="end">The first minute that is left waiting.</param>
    /// <returns>What they were given in all.</returns>
    internal async Task<MinuteCounts> FeedAsync(WatchGroup group, Minute end)
    {
        var fed = default(MinuteCounts);
        lock (_gate)
        {
            // Else it is not theirs any more.
            if (_group != group)
                return fed;
            foreach (var (key, counts) in _waiting)
            {
                if (key.Minute >= end)
                    continue;
                _taken.Add((key.Region, key.Minute, counts));
                _ = _waiting.Remove(key);
                _cutIfLost = Minute.Max(_cutIfLost, key.Minute);
            }
        }
        try
        {
            foreach (var (region, minute, counts) in _taken)
            {
                await group.EnsureAsync(region);
                group.Record(region, minute, counts);
                fed += counts;
            }
        }
        finally
        {
            _taken.Clear();
        }
        return fed;
    }

    /// <summary>Gives the watches up; what waits goes on waiting.</summary>
    internal void Break(DateTimeOffset retryAt)
    {
        lock (_gate)
            Lose(retryAt.UtcTicks);
    }

    private void Lose(long retryAt)
    {
        _cut = Minute.Max(_cut, _cutIfLost);
        Volatile.Write(ref _group, null);
        Volatile.Write(ref _retryAt, retryAt);
    }

    private void Add(Region region, Minute minute, MinuteCounts counts)
    {
        if (_waiting.Count >= MostWaiting)
        {
            foreach (var key in _waiting.Keys)
                _cutIfLost = Minute.Max(_cutIfLost, key.Minute);
            _waiting.Clear();
            Lose(retryAt: 1);
            // A reading that goes on counts on what was forgotten.
            _isDisturbed = true;
        }
        _waiting[(region, minute)] = _waiting.GetValueOrDefault((region, minute)) + counts;
    }
}
