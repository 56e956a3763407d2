using OutageAggregator.Storage.Spool;

namespace OutageAggregator.Runtime.Spooling;

/// <summary>
/// How a pass stands after a step: perhaps more waits; it is over, and all was handed on; it is over, and what failed waits for the next
/// one; the store takes nothing.
/// </summary>
internal enum SpoolStep { GoesOn, Ends, Rests, Away }

/// <summary>
/// Hands on what waits of one service, first in, first out, once from the oldest to the newest, in waves of batches that go together.
/// <para>
/// The order that counts depend on is kept: a store counts one report per reporter, service and kind in 30 minutes, in whatever region, so
/// a batch starts when all earlier ones that hold a report of one of its reporters are in the store, with what was taken back of them. A
/// wave holds those that have none before them: what is counted of them is the same in any order, as all else that a batch changes are
/// sums, and the store makes them durable together. One after the other, each would wait for an fsync of its own, and a hot service would
/// fill faster than it empties.
/// </para>
/// A batch that fails is left behind for the rest of the pass, with all of its reporters; its region, too, where the fault is the region's.
/// </summary>
internal sealed class SpoolPass(ServiceSlug service, Spool spool, SpoolHandover handover)
{
    // A pass remembers no more reporters than this that have to wait, some 40 MB; then it is over.
    private const int MostBehind = 1_000_000;

    // So many batches of one region fail before it is left alone.
    private const int MostFailures = 8;

    private readonly HashSet<Reporter> _behind = [];
    private readonly Dictionary<Region, int> _failures = [];
    private List<(SpooledBatch Row, ReportBatch Batch)> _left = [];
    private long _after;
    private bool _fails;

    /// <summary>Hands on the next wave.</summary>
    /// <param name="most">How many batches it may hold.</param>
    /// <param name="stopping">The server stops: nothing is given up any more.</param>
    /// <exception cref="StoreUnavailableException">The spool itself can't be used.</exception>
    public async Task<SpoolStep> GoOnAsync(int most, CancellationToken stopping)
    {
        if (_left.Count == 0 && (_behind.Count > MostBehind || !await ReadAsync(most)))
            return _fails ? SpoolStep.Rests : SpoolStep.Ends;
        var wave = TakeWave();
        var fates = await Task.WhenAll(wave.Select(w => handover.HandOnAsync(w.Row, w.Batch, stopping)));
        var tried = wave.Zip(fates, (w, fate) => (w.Row, w.Batch, Fate: fate)).Where(static t => t.Fate != SpoolFate.Aside).ToList();
        // Before they are gone from here: nobody else knows that these minutes were observed. Whether the store is away, or only whoever
        // takes a region's reports, this tells as well.
        if (!await handover.ObserveAsync([.. tried.Where(static t => t.Fate != SpoolFate.Fails).Select(static t => t.Row)]))
            return SpoolStep.Away;
        var gone = await spool.RemoveAsync([.. tried.Where(static t => t.Fate == SpoolFate.Stored).Select(static t => t.Row)]);
        // Where more of a stored one was taken back meanwhile, that comes before its reporters' next reports.
        foreach (var (row, batch, fate) in tried.Where(t => !gone.Contains(t.Row)))
        {
            _behind.UnionWith(Reporters(batch));
            if (fate == SpoolFate.Stored)
                continue;
            _fails = true;
            _failures[batch.Key.Region] = _failures.GetValueOrDefault(batch.Key.Region) + (fate == SpoolFate.Fails ? 1 : MostFailures);
        }
        return SpoolStep.GoesOn;
    }

    private static IEnumerable<Reporter> Reporters(ReportBatch batch) => batch.Reports.Select(static r => r.Reporter);

    private async Task<bool> ReadAsync(int most)
    {
        var rows = await spool.File.WriteAsync(tables => tables.Read(service, _after, most));
        var reports = 0;
        foreach (var row in rows)
        {
            // A partner's batch is as large as hundreds of a crowd's, and live reports wait behind what goes together.
            if (reports >= ReportBatch.MaxReports)
                break;
            (reports, _after) = (reports + row.Reports, row.Place);
            try
            {
                _left.Add((row, row.Unpack()));
            }
            catch (Exception e) when (e is InvalidDataException or ArgumentException)
            {
                _fails |= await handover.SetAsideAsync(row, e) != SpoolFate.Aside;
            }
        }
        return rows.Count > 0;
    }

    private List<(SpooledBatch Row, ReportBatch Batch)> TakeWave()
    {
        List<(SpooledBatch, ReportBatch)> wave = [], later = [];
        var earlier = new HashSet<Reporter>();
        foreach (var (row, batch) in _left)
        {
            if (_failures.GetValueOrDefault(batch.Key.Region) >= MostFailures || Reporters(batch).Any(_behind.Contains))
                _behind.UnionWith(Reporters(batch));
            else
                (Reporters(batch).Any(earlier.Contains) ? later : wave).Add((row, batch));
            earlier.UnionWith(Reporters(batch));
        }
        _left = later;
        return wave;
    }
}
