namespace OutageAggregator.Runtime.Watching;

/// <summary>
/// Plan, persist, commit: the only place where incident events come into being. What can't be persisted is not committed, and
/// the next run plans the same events with the same ids again, which the log ignores where they got through after all. A watch whose plan
/// the log refuses is stale: whoever holds it must load it again.
/// </summary>
public sealed partial class WatchRunner(IIncidentLog log, ILogger<WatchRunner> logger)
{
    /// <summary>Runs one round over the minutes a watch has closed; its regions learn of a new mode with the next one.</summary>
    /// <exception cref="StoreUnavailableException">The log can't be written now.</exception>
    public async Task RunAsync(ServiceWatch watch, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(watch);
        var plan = watch.Plan();
        if (plan.Events.Count > 0)
        {
            var (logged, conflict) = await log.AppendAsync(plan.Events, cancellation);
            if (conflict is not null)
            {
                Refused(watch.Service.ToString(), conflict.Event.Id, conflict.Position);
                watch.Refuse();
                return;
            }
            foreach (var (position, happened) in logged)
                Happened(happened.Kind, happened.Service.ToString(), happened.Incident?.Id.ToString() ?? "-", position);
        }
        _ = watch.Commit(plan);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Kind}: {Service}, incident {Incident}, log position {Position}")]
    private partial void Happened(IncidentEventKind kind, string service, string incident, long position);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The watch of {Service} planned another event than {Id}, which the log holds at position {Position}: "
        + "the service was watched elsewhere, too. Its watch is loaded again")]
    private partial void Refused(string service, string id, long position);
}
