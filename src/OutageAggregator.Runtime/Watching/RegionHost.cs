using OutageAggregator.Runtime.Intake;

namespace OutageAggregator.Runtime.Watching;

/// <summary>
/// Hosts one region's watch: the sliding window that reports go into. Its service's watch (<see cref="ServiceHost"/>) may be on another
/// node.
/// <para>
/// The store is right, always. Where it is not known what became of a batch, whether by a lost answer, a repetition or another host that
/// was still writing while this one was loaded, the minutes in question are read from the store again; nothing needs to be remembered of
/// batches.
/// </para>
/// Not thread-safe: whoever holds it lets one call in at a time, and the next one when that is over.
/// </summary>
public sealed class RegionHost
{
    // As many as its service's watch may ask for again before it goes on without, where it asks for one at a time.
    private const int LeastTold = 4;

    private readonly RegionWatch _watch;
    private readonly ICountStore _counts;
    private readonly TimeProvider _clock;
    private readonly Queue<RegionReading> _told = new();
    private WatchMode _mode;
    private MinuteRange _unsure;

    private RegionHost(RegionWatch watch, WatchMode mode, ICountStore counts, TimeProvider clock)
    {
        (_watch, _mode, _counts, _clock) = (watch, mode, counts, clock);
        // Another host may still have been writing while this one was loaded.
        Doubt(watch.End - 1, watch.End);
    }

    /// <summary>True where its service's watch has let two minutes pass: it must be woken, or was lost with its node.</summary>
    public bool IsLeftAlone => Minute.Of(_clock.GetUtcNow()) - _watch.End >= 2;

    /// <summary>Restores a region's watch from the stores.</summary>
    /// <param name="key">Which.</param>
    /// <param name="joined">Where it joins its service's watch.</param>
    /// <param name="parts">What hosts are made of.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <exception cref="StoreUnavailableException">The stores can't be read now.</exception>
    public static async Task<RegionHost> LoadAsync(WatchKey key, JoinPoint joined, HostParts parts, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(parts);
        return new RegionHost(await parts.Loader.LoadRegionAsync(key, joined, cancellation), joined.Mode, parts.Counts, parts.Clock);
    }

    /// <summary>Stores a batch and takes it into the window: see <see cref="IWatches.RecordAsync"/>.</summary>
    /// <exception cref="StoreUnavailableException">It is not known whether the batch was stored: send the same batch again.</exception>
    public async Task<BatchReceipt> RecordAsync(ReportBatch batch, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(batch);
        BatchReceipt receipt;
        try
        {
            receipt = await _counts.AppendAsync(batch, cancellation);
        }
        catch (StoreUnavailableException)
        {
            Doubt(batch);
            throw;
        }
        // Read before the next minute is closed, which is soon enough.
        if (receipt.IsRepeat)
            Doubt(batch);
        else
            _watch.Record(batch, receipt.Receipts);
        return receipt;
    }

    /// <summary>
    /// The store's count of a minute changed otherwise: a report was taken back. It is read again before the next minute is closed.
    /// </summary>
    public void Changed(Minute minute) => Doubt(minute, minute);

    /// <summary>Closes minutes.</summary>
    /// <returns>
    /// What was read in each, the oldest first. Of minutes that were closed before it tells the last few again: who asks again got no
    /// answer. Empty where none of them was closed since it was loaded: its service's watch read the same then. Null where the store can't
    /// say now what is in doubt.
    /// </returns>
    public async Task<IReadOnlyList<RegionReading>?> CloseAsync(ClosingMinutes minutes, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(minutes);
        if (!await MakeSureAsync(cancellation))
            return null;
        if (_mode != minutes.Mode)
            _watch.Follow(_mode = minutes.Mode);
        var most = Math.Max(LeastTold, minutes.To - minutes.From);
        // Its service's watch went on without it.
        while (_watch.End < minutes.From)
            Close(observed: true, most);
        while (_watch.End < minutes.To)
            Close(minutes.IsObserved(_watch.End), most);
        return [.. _told.Where(t => t.End > minutes.From)];
    }

    private void Close(bool observed, int mostTold)
    {
        while (_told.Count >= mostTold)
            _ = _told.Dequeue();
        _told.Enqueue(_watch.Close(observed).Copy());
    }

    private void Doubt(ReportBatch batch) => Doubt(batch.Reports.Min(r => r.At), batch.Reports.Max(r => r.At));

    /// <summary>The store's counts of these minutes may have changed.</summary>
    internal void Doubt(Minute first, Minute last) => _unsure = _unsure.Length == 0
        ? new MinuteRange(first, last + 1)
        : new MinuteRange(Minute.Min(_unsure.From, first), Minute.Max(_unsure.To, last + 1));

    // True where nothing is in doubt any more.
    private async Task<bool> MakeSureAsync(CancellationToken cancellation)
    {
        if (_unsure.Length == 0)
            return true;
        var range = new MinuteRange(Minute.Max(_unsure.From, _watch.End - Window.Reach), Minute.Min(_unsure.To, _watch.End + (Window.Capacity - Window.Reach)));
        if (range.From < range.To)
        {
            IReadOnlyList<SeriesPoint> points;
            try
            {
                points = await _counts.ReadSeriesAsync(_watch.Key, range.From, range.To, 1, default, cancellation);
            }
            catch (StoreUnavailableException)
            {
                // The next call tries again.
                return false;
            }
            var stored = points.ToDictionary(p => p.Start, p => p.Counts);
            for (var minute = range.From; minute < range.To; minute++)
                _watch.Replace(minute, stored.GetValueOrDefault(minute));
        }
        _unsure = default;
        return true;
    }
}
