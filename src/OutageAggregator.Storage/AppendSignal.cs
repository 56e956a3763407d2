namespace OutageAggregator.Storage;

/// <summary>
/// Wakes the readers of a log when it has grown. One task is shared by all who wait, so ten thousand listeners cost the writer one
/// completion.
/// </summary>
internal sealed class AppendSignal
{
    private readonly Lock _raising = new();
    private TaskCompletionSource _grown = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _last;

    /// <summary>Position of the newest event.</summary>
    public long Last => Volatile.Read(ref _last);

    /// <summary>Tells that the log has grown up to a position.</summary>
    public void Raise(long last)
    {
        lock (_raising)
        {
            if (last <= _last)
                return;
            Volatile.Write(ref _last, last);
            Interlocked.Exchange(ref _grown, new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
        }
    }

    /// <summary>Completes when the newest position is above <paramref name="after"/>.</summary>
    public Task WaitAsync(long after, CancellationToken cancellation)
    {
        // The task is taken before the position is read: a growth in between completes the task taken.
        var grown = Volatile.Read(ref _grown).Task;
        return Last > after ? Task.CompletedTask : grown.WaitAsync(cancellation);
    }
}
