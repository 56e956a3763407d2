namespace OutageAggregator.Storage.Memory;

/// <summary>The shadow log in memory: a second incident log, and the run that goes on.</summary>
public sealed class MemoryShadowLog : IShadowLog
{
    private readonly Lock _gate = new();
    private ShadowRun? _run;

    public IIncidentLog Incidents { get; } = new MemoryIncidentLog();

    public Task<ShadowRun?> NoteAsync(string? detector, DateTimeOffset now, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        lock (_gate)
        {
            if (_run?.Detector != detector)
                _run = detector is null ? null : new ShadowRun(detector, now);
            return Task.FromResult(_run);
        }
    }

    public Task<ShadowRun?> ReadRunAsync(CancellationToken cancellation)
    {
        lock (_gate)
            return Task.FromResult(_run);
    }
}
