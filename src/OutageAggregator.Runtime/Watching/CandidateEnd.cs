using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OutageAggregator.Storage;

namespace OutageAggregator.Runtime.Watching;

/// <summary>
/// Notes at a start without a candidate detector that none runs: were it turned on again later, the time between would count as time in
/// which it found nothing.
/// </summary>
internal sealed partial class CandidateEnd(WatchSettings settings, TimeProvider clock, ILogger<CandidateEnd> logger, IShadowLog log) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (settings.Shadow.Length > 0)
            return;
        try
        {
            _ = await log.NoteAsync(null, clock.GetUtcNow(), cancellationToken);
        }
        catch (StoreUnavailableException e)
        {
            NotNoted(e.Message);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(Level = LogLevel.Warning, Message = "It could not be noted that no candidate detector runs: {Reason}")]
    private partial void NotNoted(string reason);
}
