using OutageAggregator.Runtime.Intake;
using OutageAggregator.Storage.Spool;

namespace OutageAggregator.Runtime.Spooling;

/// <summary>
/// What became of a spooled batch: the store has it, with what was taken back of it; it is set aside; it failed, and others of its key may
/// not; whoever takes its key's reports is away: another node, a part of the store, or all of it.
/// </summary>
internal enum SpoolFate { Stored, Aside, Fails, KeyFails }

/// <summary>
/// Hands one batch to the watches, and tells a fault of its own from an absence. A batch that can't be read can never be counted, and is
/// set aside at once. One that fails otherwise than by an absence is tried for an hour: time for a fault of ours to be mended, or for a
/// node to be replaced, and all that is not of the same reporters goes on beside it. An absence has no such end, nor has what the store
/// refuses: that is for the operator to mend.
/// </summary>
internal sealed partial class SpoolHandover(Spool spool, IWatches watches, ICountStore counts, ILogger<SpoolDrain> log)
{
    /// <summary>How long a batch is tried that fails, in real time, before it is set aside.</summary>
    public static readonly TimeSpan LongestTrial = TimeSpan.FromHours(1);

    // Minutes between two batches that were observed as well: as in a process that goes on.
    private const int Near = 2;

    // Each is tried twice a second and says the same.
    private const int QuietMilliseconds = 60_000;

    // Since when a batch fails, and since when all of a key do. Few at a time: a key of which several fail is left alone for a while.
    private readonly ConcurrentDictionary<BatchId, long> _failing = new();
    private readonly ConcurrentDictionary<WatchKey, long> _failingKeys = new();
    private long _toldAt = -QuietMilliseconds;

    /// <summary>Shorter for tests.</summary>
    public TimeSpan Patience { get; set; } = LongestTrial;

    /// <summary>Hands a batch on.</summary>
    public async Task<SpoolFate> HandOnAsync(SpooledBatch row, ReportBatch batch, CancellationToken stopping)
    {
        try
        {
            _ = await watches.RecordAsync(batch, CancellationToken.None);
            foreach (var (index, details) in row.Amended)
                _ = await watches.AmendAsync(new ReportId(batch.Id, index), PackedBatch.UnpackDetails(details), CancellationToken.None);
            foreach (var index in row.Withdrawn)
                _ = await watches.WithdrawAsync(new ReportId(batch.Id, index), CancellationToken.None);
        }
        catch (StoreUnavailableException e)
        {
            // Only what is tried without an absence in between is its own.
            Forget(batch);
            if (IsWorthTelling())
                NotReached(batch.Key.ToString(), e.Message);
            return SpoolFate.KeyFails;
        }
        catch (Exception e)
        {
            // A batch that comes to its first try in a key of which nothing was stored for an hour has had its hour.
            var now = Environment.TickCount64;
            var since = Math.Min(_failing.GetOrAdd(batch.Id, now), _failingKeys.GetOrAdd(batch.Key, now));
            if (!stopping.IsCancellationRequested && now - since >= Patience.TotalMilliseconds)
                return await SetAsideAsync(row, e);
            if (IsWorthTelling())
                NotHandedOn(e, batch.Key.ToString());
            return SpoolFate.Fails;
        }
        Forget(batch);
        return SpoolFate.Stored;
    }

    public async Task<SpoolFate> SetAsideAsync(SpooledBatch row, Exception why)
    {
        if (await spool.SetAsideAsync(row, why.Message))
        {
            _ = _failing.TryRemove(row.Id, out _);
            SetAside(why, row.Reports, row.Service.ToString(), SpoolFile.FileName);
            return SpoolFate.Aside;
        }
        if (IsWorthTelling())
            NoRoomAside(why, row.Reports, row.Service.ToString(), SpoolFile.FileName);
        return SpoolFate.Fails;
    }

    /// <summary>
    /// Notes the minutes of batches, in order of arrival: one in which a batch came in was one in which reports could be taken.
    /// </summary>
    /// <returns>False where the store takes nothing.</returns>
    public async Task<bool> ObserveAsync(List<SpooledBatch> batches)
    {
        try
        {
            for (var i = 0; i < batches.Count;)
            {
                var from = Minute.Of(batches[i].ReceivedAt);
                var to = from + 1;
                for (i++; i < batches.Count && Minute.Of(batches[i].ReceivedAt) is var next && next >= from && next - to <= Near; i++)
                    to = Minute.Max(to, next + 1);
                await counts.ObserveAsync(new MinuteRange(from, to), CancellationToken.None);
            }
            return true;
        }
        catch (StoreUnavailableException)
        {
            return false;
        }
    }

    private void Forget(ReportBatch batch)
    {
        _ = _failing.TryRemove(batch.Id, out _);
        _ = _failingKeys.TryRemove(batch.Key, out _);
    }

    private bool IsWorthTelling()
    {
        var (now, told) = (Environment.TickCount64, Volatile.Read(ref _toldAt));
        return now - told >= QuietMilliseconds && Interlocked.CompareExchange(ref _toldAt, now, told) == told;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Spooled reports of {Key} can't be handed on just now: {Reason}")]
    private partial void NotReached(string key, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "Spooled reports of {Key} could not be handed on. They are tried for an hour, then set aside")]
    private partial void NotHandedOn(Exception error, string key);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Reports} spooled reports of {Service} can't be counted and are set aside in {File}. They are tried again after a start within a day")]
    private partial void SetAside(Exception error, int reports, string service, string file);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Reports} spooled reports of {Service} can't be counted, and no more can be set aside in {File} (Spool:MaxMegabytes)")]
    private partial void NoRoomAside(Exception error, int reports, string service, string file);
}
