using OutageAggregator.Storage;

namespace OutageAggregator.Runtime.Tests.Watching;

/// <summary>A shadow log whose store answers no write while it is held, as one on a disk that hangs.</summary>
internal sealed class HeldShadowLog(IShadowLog log) : IShadowLog, IIncidentLog
{
    private TaskCompletionSource? _held;
    private TaskCompletionSource _met = new();

    public IIncidentLog Incidents => this;

    /// <summary>Completes when a write waits.</summary>
    internal Task MetAsync() => _met.Task;

    internal void Hold() => (_held, _met) = (new(TaskCreationOptions.RunContinuationsAsynchronously), new(TaskCreationOptions.RunContinuationsAsynchronously));

    internal void Release() => Interlocked.Exchange(ref _held, null)!.SetResult();

    public async Task<ShadowRun?> NoteAsync(string? detector, DateTimeOffset now, CancellationToken cancellation)
    {
        await WaitAsync();
        return await log.NoteAsync(detector, now, cancellation);
    }

    public async Task<LogReceipt> AppendAsync(IReadOnlyList<IncidentEvent> events, CancellationToken cancellation)
    {
        await WaitAsync();
        return await log.Incidents.AppendAsync(events, cancellation);
    }

    public Task<ShadowRun?> ReadRunAsync(CancellationToken cancellation) => log.ReadRunAsync(cancellation);

    public Task<IReadOnlyList<LoggedEvent>> ReadAsync(long after, int limit, CancellationToken cancellation) => log.Incidents.ReadAsync(after, limit, cancellation);

    public Task<long> LastPositionAsync(CancellationToken cancellation) => log.Incidents.LastPositionAsync(cancellation);

    public Task WaitAsync(long after, CancellationToken cancellation) => log.Incidents.WaitAsync(after, cancellation);

    public Task<IReadOnlyList<LoggedEvent>> ReadNewestAsync(CancellationToken cancellation) => log.Incidents.ReadNewestAsync(cancellation);

    public Task<LoggedEvent?> ReadNewestAsync(ServiceSlug service, CancellationToken cancellation) => log.Incidents.ReadNewestAsync(service, cancellation);

    public Task<LoggedEvent?> ReadNewestIncidentAsync(ServiceSlug service, CancellationToken cancellation) => log.Incidents.ReadNewestIncidentAsync(service, cancellation);

    public Task<IReadOnlyList<LoggedEvent>> ReadIncidentAsync(IncidentId id, CancellationToken cancellation) => log.Incidents.ReadIncidentAsync(id, cancellation);

    public Task<IReadOnlyList<Incident>> FindAsync(IncidentQuery query, CancellationToken cancellation) => log.Incidents.FindAsync(query, cancellation);

    private Task WaitAsync()
    {
        if (_held is not { } held)
            return Task.CompletedTask;
        _ = _met.TrySetResult();
        return held.Task;
    }
}
