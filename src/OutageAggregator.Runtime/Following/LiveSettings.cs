namespace OutageAggregator.Runtime.Following;

/// <summary>Bounds of the live events.</summary>
public sealed class LiveSettings
{
    [Description("How many may listen to live events at once, at about 10 KB each; the next one is refused."), Range(1, 100_000)]
    public int MaxSubscribers { get; set; } = 5_000;

    [Description("How many events may wait for a slow listener before it is dropped; it may come back for what it missed."), Range(4, 10_000)]
    public int QueueLength { get; set; } = 1_024;

    [Description("After how many real seconds a silent stream shows that it lives, so that proxies keep it open."), Range(1, 300)]
    public int HeartbeatSeconds { get; set; } = 15;
}
