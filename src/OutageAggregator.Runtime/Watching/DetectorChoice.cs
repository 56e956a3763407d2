using System.Diagnostics.CodeAnalysis;
using OutageAggregator.Core.Detection;

namespace OutageAggregator.Runtime.Watching;

/// <summary>A detector for one service, as settings write it: <c>chatgpt robust-z</c>.</summary>
/// <param name="Service">The service.</param>
/// <param name="Detector">One of <see cref="Detectors.Names"/>.</param>
public sealed record DetectorChoice(ServiceSlug Service, string Detector) : IParsable<DetectorChoice>
{
    /// <exception cref="FormatException">The text is no choice.</exception>
    public static DetectorChoice Parse(string s, IFormatProvider? provider) =>
        TryParse(s, provider, out var choice) ? choice : throw new FormatException($"'{s}' is not of the form 'SERVICE DETECTOR'.");

    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, [MaybeNullWhen(false)] out DetectorChoice result)
    {
        var parts = s?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [];
        result = parts.Length == 2 && ServiceSlug.TryParse(parts[0], out var service) && Detectors.Names.Contains(parts[1], StringComparer.Ordinal)
            ? new DetectorChoice(service, parts[1])
            : null;
        return result is not null;
    }

    public override string ToString() => $"{Service} {Detector}";
}
