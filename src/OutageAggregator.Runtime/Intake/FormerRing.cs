using OutageAggregator.Storage;
using OutageAggregator.Storage.Redis.Counts;

namespace OutageAggregator.Runtime.Intake;

/// <summary>
/// Repeatable batches in Redis, after those that an earlier version noted in the data folder: they are handed over before the first one is asked
/// for, and the file goes.
/// </summary>
/// <param name="batches">Those in Redis.</param>
/// <param name="folder">The data folder.</param>
public sealed class FormerRing(RedisRepeatedBatches batches, string folder) : IRepeatedBatches
{
    private readonly SemaphoreSlim _handing = new(1);
    private readonly string _file = Path.Combine(folder, RepeatedBatches.FileName);
    private bool _isGone;

    public async Task<BatchMemory> BeginAsync(UInt128 id, UInt128 body, DateTimeOffset now, CancellationToken cancellation)
    {
        if (!Volatile.Read(ref _isGone))
            await HandOverAsync(cancellation);
        return await batches.BeginAsync(id, body, now, cancellation);
    }

    private async Task HandOverAsync(CancellationToken cancellation)
    {
        await _handing.WaitAsync(cancellation);
        try
        {
            if (File.Exists(_file))
            {
                using (var ring = RepeatedBatches.Open(folder))
                    await ring.HandOverAsync(batches, cancellation);
                File.Delete(_file);
            }
            Volatile.Write(ref _isGone, true);
        }
        finally
        {
            _ = _handing.Release();
        }
    }
}
