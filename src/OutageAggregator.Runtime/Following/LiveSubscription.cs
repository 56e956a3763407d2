using System.Threading.Channels;

namespace OutageAggregator.Runtime.Following;

/// <summary>
/// One listener's queue. It is bounded: who doesn't read falls behind, and who is <see cref="LiveSettings.QueueLength"/> messages
/// behind is dropped rather than waited for. Dispose it to make room for another listener.
/// </summary>
public sealed class LiveSubscription : IDisposable
{
    private readonly LiveFeed _feed;
    private readonly Channel<LiveMessage> _queue;
    private readonly CancellationTokenSource _dropped = new();

    internal LiveSubscription(LiveFeed feed, Service? service, int queueLength, long position)
    {
        _feed = feed;
        Service = service;
        Position = position;
        _queue = Channel.CreateBounded<LiveMessage>(new BoundedChannelOptions(queueLength) { SingleReader = true });
    }

    /// <summary>The service listened to; null for all.</summary>
    public Service? Service { get; }

    /// <summary>Whether what happens to a service is told here: to the one listened to, or to a member of the family that is.</summary>
    internal bool Concerns(ServiceSlug service) => Service is null || Service.Slug == service || Service.Members.Contains(service);

    /// <summary>Everything after this place in the log arrives in <see cref="Messages"/>.</summary>
    public long Position { get; }

    /// <summary>What to tell the listener; it completes when the listener is dropped or the server stops.</summary>
    public ChannelReader<LiveMessage> Messages => _queue.Reader;

    /// <summary>Cancelled when the listener is dropped or the server stops: a write to a socket that takes nothing must not hang.</summary>
    public CancellationToken Dropped => _dropped.Token;

    /// <summary>Queues a message; a full queue drops the listener.</summary>
    internal void Tell(LiveMessage message)
    {
        if (!_queue.Writer.TryWrite(message))
            Drop();
    }

    internal void Drop()
    {
        Dispose();
        // Not from here: whoever waits for the token would run inside the feed's loop.
        _ = _dropped.CancelAsync();
    }

    // The token source is left to the collector: the feed may be dropping this listener at the same time.
    public void Dispose()
    {
        _ = _queue.Writer.TryComplete();
        _feed.Leave(this);
    }
}
