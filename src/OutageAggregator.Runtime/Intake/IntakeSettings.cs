namespace OutageAggregator.Runtime.Intake;

/// <summary>Bounds of the intake.</summary>
public sealed class IntakeSettings
{
    // The crowd of one outage leaves room for everybody else's reports.
    [Description("How many reports may wait to become durable, those of one service and region half as many; more are answered 503."), Range(2, 1_000_000)]
    public int MaxWaiting { get; set; } = 20_000;

    // In a cluster it bounds the calls that the grain of a hot service gets from each node.
    [Description("How many real milliseconds lie between two batches of one service and region at least; unless set, 10 on a node among others, 3 on one that is alone, and 0 without Redis; a lone report does not wait.")]
    [Range(0, 100)]
    public int? SpacingMilliseconds { get; set; }
}
