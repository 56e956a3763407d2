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
}
