using OutageAggregator.Runtime.Reading;

namespace OutageAggregator.Web.Features.Series;

/// <summary>The codes of <see cref="SeriesReader.Steps"/>, in their order.</summary>
internal static class SeriesSteps
{
    internal static readonly string[] Codes = ["1m", "5m", "15m", "1h", "1d"];

    internal static string Code(int minutes) => Codes[SeriesReader.Steps.IndexOf(minutes)];
}
