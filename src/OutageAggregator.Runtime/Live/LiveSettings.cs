using System.ComponentModel.DataAnnotations;

namespace OutageAggregator.Runtime.Live;

/// <summary>Bounds of the live events.</summary>
public sealed class LiveSettings
{
    public const string Section = "Live";

    /// <summary>How many may listen at once; the next one is refused. Each costs about 10 KB.</summary>
    [Range(1, 100_000)]
    public int MaxSubscribers { get; set; } = 5_000;

    /// <summary>How many messages may wait for a listener; one who falls further behind is dropped and may come back for the gap.</summary>
    [Range(4, 10_000)]
    public int QueueLength { get; set; } = 1_024;

    /// <summary>Real seconds between two signs of life on a quiet connection, so that proxies keep it open.</summary>
    [Range(1, 300)]
    public int HeartbeatSeconds { get; set; } = 15;
}
