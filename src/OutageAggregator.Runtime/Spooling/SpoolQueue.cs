using System.Collections.Concurrent;
using System.Diagnostics;
using OutageAggregator.Storage;
using OutageAggregator.Storage.Spool;

namespace OutageAggregator.Runtime.Spooling;

/// <summary>How a turn of a service ended.</summary>
internal enum SpoolTurn
{
    /// <summary>Perhaps more of it waits that can be handed on.</summary>
    GoesOn,

    /// <summary>What waits of it needs a pause.</summary>
    Rests,

    /// <summary>The store takes nothing.</summary>
    Away,
}

/// <summary>
/// What waits of one service, handed on in passes from the oldest to the newest, some batches a turn and several at a time.
/// <para>
/// The order that counts depend on is kept: a store counts one report per reporter, service and kind in 30 minutes, in whatever region, so
/// a batch starts when all earlier ones that hold a report of one of its reporters are in the store, with what was taken back of them.
/// Batches without a reporter in common may overtake each other, and what is counted of them is the same: all else that a batch changes are
/// sums. In order of arrival altogether, each would wait for an fsync of its own, and a hot service would fill faster than it empties.
/// </para>
/// A batch that fails is left behind for the rest of the pass, with all of its reporters; its key, too, where the fault is the key's.
/// For one turn at a time.
/// </summary>
internal sealed class SpoolQueue(ServiceSlug service, Spool spool, SpoolHandover handover)
{
    private const int ReportsAtOnce = ReportBatch.MaxReports;

    // Redis answers those that come together after one fsync. In a cluster one region's go one after the other through its grain, where
    // live reports wait, too.
    private const int CallsAtOnce = 64;
    private const int CallsAtOnceToARegion = 16;

    // A pass remembers no more reporters than this that have to wait, some 40 MB; then it begins again.
    private const int MostBehind = 1_000_000;

    // So many batches of one key fail before it is left alone.
    private const int MostFailures = 8;

    private readonly HashSet<Reporter> _behind = [];
    private readonly ConcurrentDictionary<Region, int> _failures = new();
    private long _after;
    private volatile bool _fails;
    private volatile bool _isAway;

    /// <summary>Which turn of all was its last.</summary>
    public long LastTurn { get; set; }

    /// <summary>Until when it is not worth another one, by the machine's timestamps.</summary>
    public long RestsUntil { get; set; }

    /// <summary>Hands on the oldest one that can be, to find out whether it is worth it.</summary>
    public Task<SpoolTurn> TryAsync(CancellationToken stopping)
    {
        BeginPass();
        return HandOnAsync(1, stopping);
    }

    /// <summary>Hands on the next ones, until nothing waits, or others should have a turn.</summary>
    /// <exception cref="StoreUnavailableException">The spool itself can't be used.</exception>
    public async Task<SpoolTurn> TakeTurnAsync(CancellationToken stopping)
    {
        var beganAt = Stopwatch.GetTimestamp();
        var turn = SpoolTurn.Rests;
        spool.Places.BeginTurn(service);
        try
        {
            do
                turn = await HandOnAsync(ReportsAtOnce, stopping);
            while (turn == SpoolTurn.GoesOn && spool.Places.Holds(service) && Stopwatch.GetElapsedTime(beganAt) < SpoolPlaces.LongestTurn && !stopping.IsCancellationRequested);
            return turn;
        }
        finally
        {
            spool.Places.EndTurn(service, rests: turn == SpoolTurn.Rests);
        }
    }

    private async Task<SpoolTurn> HandOnAsync(int reports, CancellationToken stopping)
    {
        var turn = SpoolTurn.Away;
        try
        {
            return turn = await GoOnAsync(reports, stopping);
        }
        finally
        {
            // What is stored and in the file still comes before all that is behind it.
            if (turn == SpoolTurn.Away)
                _ = BeginPass();
        }
    }

    private async Task<SpoolTurn> GoOnAsync(int reports, CancellationToken stopping)
    {
        var rows = await spool.File.ReadAsync(service, _after, reports);
        if (rows.Count == 0)
            return BeginPass();
        _after = rows[^1].Place;
        var stored = new List<SpooledBatch>();
        _isAway = false;
        foreach (var (row, batch, fate) in await HandOnAsync(rows, stopping))
        {
            if (fate == SpoolFate.Stored)
                stored.Add(row);
            else if (fate != SpoolFate.Aside)
                LeaveBehind(batch);
        }
        // Before they are gone from here: nobody else knows that these minutes were observed.
        if (!await handover.ObserveAsync(stored))
            return SpoolTurn.Away;
        await RemoveAsync(stored);
        if (_isAway)
            return SpoolTurn.Away;
        return _behind.Count > MostBehind ? BeginPass() : SpoolTurn.GoesOn;
    }

    private async Task<List<(SpooledBatch Row, ReportBatch Batch, SpoolFate Fate)>> HandOnAsync(List<SpooledBatch> rows, CancellationToken stopping)
    {
        // All of them before any is under way: what can't be read may not be set aside, either, where the disk fails.
        var batches = new List<(SpooledBatch Row, ReportBatch Batch)>(rows.Count);
        foreach (var row in rows)
        {
            if (await UnpackAsync(row) is { } batch)
                batches.Add((row, batch));
        }
        using var calls = new SemaphoreSlim(CallsAtOnce);
        var regions = batches.Select(b => b.Batch.Key.Region).Distinct().ToDictionary(r => r, _ => new SemaphoreSlim(CallsAtOnceToARegion));
        var newest = new Dictionary<Reporter, Task<SpoolFate>>();
        var underWay = new List<(SpooledBatch Row, ReportBatch Batch, Task<SpoolFate> Fate)>();
        foreach (var (row, batch) in batches)
        {
            var fate = IsBehind(batch)
                ? Task.FromResult(SpoolFate.Behind)
                : HandOnAsync(row, batch, Before(batch, newest), [regions[batch.Key.Region], calls], stopping);
            foreach (var report in batch.Reports)
                newest[report.Reporter] = fate;
            underWay.Add((row, batch, fate));
        }
        var fates = await Task.WhenAll(underWay.Select(u => u.Fate));
        foreach (var region in regions.Values)
            region.Dispose();
        return [.. underWay.Select((u, i) => (u.Row, u.Batch, fates[i]))];
    }

    private async Task<SpoolFate> HandOnAsync(SpooledBatch row, ReportBatch batch, HashSet<Task<SpoolFate>> before, SemaphoreSlim[] calls, CancellationToken stopping)
    {
        foreach (var earlier in before)
        {
            if (await earlier is not (SpoolFate.Stored or SpoolFate.Aside))
                return SpoolFate.Behind;
        }
        foreach (var place in calls)
            await place.WaitAsync(CancellationToken.None);
        try
        {
            var region = batch.Key.Region;
            if (stopping.IsCancellationRequested || _isAway || _failures.GetValueOrDefault(region) >= MostFailures)
                return SpoolFate.Behind;
            var fate = await handover.HandOnAsync(row, batch, stopping);
            Note(region, fate);
            return fate;
        }
        finally
        {
            foreach (var place in calls)
                _ = place.Release();
        }
    }

    private async Task<ReportBatch?> UnpackAsync(SpooledBatch row)
    {
        try
        {
            return row.Unpack();
        }
        catch (Exception e) when (e is InvalidDataException or ArgumentException)
        {
            Note(Region.Unknown, await handover.SetAsideAsync(row, e));
            return null;
        }
    }

    private static HashSet<Task<SpoolFate>> Before(ReportBatch batch, Dictionary<Reporter, Task<SpoolFate>> newest)
    {
        var before = new HashSet<Task<SpoolFate>>();
        foreach (var report in batch.Reports)
        {
            if (newest.TryGetValue(report.Reporter, out var earlier))
                _ = before.Add(earlier);
        }
        return before;
    }

    private async Task RemoveAsync(List<SpooledBatch> stored)
    {
        if (stored.Count == 0)
            return;
        var gone = await spool.File.RemoveAsync(stored);
        if (gone.Count > 0)
            spool.HandedOn(service, gone.Count, gone.Sum(b => b.Reports));
        if (gone.Count == stored.Count)
            return;
        // More of them was taken back meanwhile: that comes before their reporters' next reports.
        foreach (var row in stored.Except(gone))
            LeaveBehind(row.Unpack());
    }

    private void Note(Region region, SpoolFate fate)
    {
        if (fate is SpoolFate.Stored or SpoolFate.Aside)
            return;
        _fails = true;
        // Not by reading it: several are noted at once.
        if (fate == SpoolFate.Away)
            _isAway = true;
        var failures = fate == SpoolFate.Fails ? 1 : MostFailures;
        _ = _failures.AddOrUpdate(region, failures, (_, before) => Math.Min(before + failures, MostFailures));
    }

    private bool IsBehind(ReportBatch batch) =>
        _behind.Count > 0 && batch.Reports.Any(r => _behind.Contains(r.Reporter));

    private void LeaveBehind(ReportBatch batch)
    {
        foreach (var report in batch.Reports)
            _ = _behind.Add(report.Reporter);
    }

    private SpoolTurn BeginPass()
    {
        var turn = _fails ? SpoolTurn.Rests : SpoolTurn.GoesOn;
        _fails = false;
        _failures.Clear();
        _behind.Clear();
        _after = 0;
        return turn;
    }
}
