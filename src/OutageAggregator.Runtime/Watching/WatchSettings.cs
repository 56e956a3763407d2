using System.ComponentModel.DataAnnotations;
using OutageAggregator.Core.Detection;

namespace OutageAggregator.Runtime.Watching;

/// <summary>How services are watched.</summary>
public sealed class WatchSettings
{
    public const string Section = "Watching";

    /// <summary>Name of the detector that raises incidents.</summary>
    [KnownDetector]
    public string Detector { get; set; } = Detectors.Default;

    /// <summary>Seconds between two looks at the clock, on the server's own clock.</summary>
    [Range(1, 30)]
    public int TickSeconds { get; set; } = 5;

    [AttributeUsage(AttributeTargets.Property)]
    private sealed class KnownDetectorAttribute() : ValidationAttribute(string.Join(", ", Detectors.Names))
    {
        public override bool IsValid(object? value) => value is string name && Detectors.Names.Contains(name, StringComparer.Ordinal);
    }
}
