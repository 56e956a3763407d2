namespace OutageAggregator.Web.Answers;

/// <summary>Numbers without digits that nobody measured: four decimals, as the usual of a minute may be a hundredth.</summary>
internal static class Rounded
{
    internal static double Of(double value) => Math.Round(value, 4);
    internal static double? Of(double? value) => value is { } known ? Of(known) : null;
}
