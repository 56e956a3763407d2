using System.ComponentModel.DataAnnotations;
using OutageAggregator.Core.Detection;

namespace OutageAggregator.Runtime.Watching;

/// <summary>How services are watched.</summary>
public sealed class WatchSettings
{
    public const string Section = "Watching";

    /// <summary>Name of the detector that raises incidents.</summary>
    [AllowedValues("negative-binomial", "ears-c2", ErrorMessage = "one of: negative-binomial, ears-c2")]
    public string Detector { get; set; } = Detectors.Default;

    /// <summary>Seconds between two looks at the clock, on the server's own clock.</summary>
    [Range(1, 30)]
    public int TickSeconds { get; set; } = 5;
}
