using OutageAggregator.Runtime.Settings;

namespace OutageAggregator.Runtime.Watching;

/// <summary>How services are watched.</summary>
public sealed class WatchSettings
{
    [Description("What raises incidents."), KnownDetector]
    public string Detector { get; set; } = Core.Detection.Detectors.Default;

    [Description("Services with a detector of their own; after a change it learns from the stored minutes."), OncePerService]
    public DetectorChoice[] Detectors { get; set; } = [];

    [Description("A candidate detector that runs beside for all services: /shadow compares what it would have said."), KnownDetector(OrNone = true)]
    public string Shadow { get; set; } = "";

    [Description("How many seconds of the server's clock lie between two looks of the watches."), Range(1, 30)]
    public int TickSeconds { get; set; } = 5;

    /// <exception cref="SettingsException">A service with a detector of its own is none of the catalog.</exception>
    public void Check(Catalog catalog)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        if (Array.Find(Detectors, d => catalog.Find(d.Service) is null) is { } unknown)
            throw new SettingsException($"Watching:Detectors names '{unknown.Service}', which the catalog does not hold. Allowed: slugs of the catalog, families included.");
    }

    /// <summary>Name of the detector of a service.</summary>
    public string DetectorOf(ServiceSlug service) => Array.Find(Detectors, d => d.Service == service)?.Detector ?? Detector;

    [AttributeUsage(AttributeTargets.Property)]
    private sealed class OncePerServiceAttribute : ValidationAttribute
    {
        public override bool IsValid(object? value) => value is DetectorChoice[] choices && choices.DistinctBy(c => c.Service).Count() == choices.Length;

        public override string FormatErrorMessage(string name) => "lines of the form 'SERVICE DETECTOR', such as 'chatgpt robust-z'; each service once";
    }

    [AttributeUsage(AttributeTargets.Property)]
    private sealed class KnownDetectorAttribute : ValidationAttribute
    {
        public bool OrNone { get; init; }

        public override bool IsValid(object? value) =>
            value is string name && ((OrNone && name.Length == 0) || Core.Detection.Detectors.Names.Contains(name, StringComparer.Ordinal));

        public override string FormatErrorMessage(string name) =>
            string.Join(", ", Core.Detection.Detectors.Names) + (OrNone ? ", or nothing at all" : "");
    }
}
