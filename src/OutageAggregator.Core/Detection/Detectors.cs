using OutageAggregator.Core.Detection.EarsC2;
using OutageAggregator.Core.Detection.NegativeBinomial;
using OutageAggregator.Core.Detection.RobustZ;

namespace OutageAggregator.Core.Detection;

/// <summary>The detectors that settings can name; a new one is a folder beside this file and a line here.</summary>
public static class Detectors
{
    /// <summary>Name of the detector used where nothing else is said.</summary>
    public const string Default = NegativeBinomialDetector.DetectorName;

    private static readonly Dictionary<string, Func<Region, IDetector>> s_makers = new(StringComparer.Ordinal)
    {
        [NegativeBinomialDetector.DetectorName] = region => new NegativeBinomialDetector(region),
        [RobustZDetector.DetectorName] = region => new RobustZDetector(region),
        [EarsC2Detector.DetectorName] = region => new EarsC2Detector(region),
    };

    public static IReadOnlyCollection<string> Names => s_makers.Keys;

    /// <summary>A detector of its own for one watch.</summary>
    /// <exception cref="ArgumentException">There is no such detector; the message lists those there are.</exception>
    public static IDetector Create(string name, Region region) => s_makers.TryGetValue(name, out var make)
        ? make(region)
        : throw new ArgumentException($"There is no detector '{name}'. Use one of: {string.Join(", ", Names)}.", nameof(name));
}
