using System.ComponentModel.DataAnnotations;

namespace OutageAggregator.Runtime.Intake;

/// <summary>Bounds of the intake.</summary>
public sealed class IntakeSettings
{
    public const string Section = "Intake";

    /// <summary>
    /// How many reports may wait to become durable; beyond it they are refused at once. One service and region may take half of the places,
    /// so that the crowd of one outage leaves room for everybody else's reports.
    /// </summary>
    [Range(2, 1_000_000)]
    public int MaxWaiting { get; set; } = 20_000;

    /// <summary>
    /// How long after one batch of a service and region the next one may be begun, real milliseconds; 0 for at once. A lone report does not wait for
    /// it. In a cluster it bounds the calls that the grain of a hot service gets from each node: null takes 10 there, and 0 where a server is alone.
    /// </summary>
    [Range(0, 100)]
    public int? SpacingMilliseconds { get; set; }
}
