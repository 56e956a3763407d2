namespace OutageAggregator.Web.Answers;

/// <summary>Numbers as the API shows them: no digits that nobody measured.</summary>
internal static class Rounded
{
    /// <summary>Reports that are expected: four decimals, for the usual of one minute may be a hundredth.</summary>
    internal static double Expected(double expected) => Math.Round(expected, 4);
    internal static double? Expected(double? expected) => expected is { } known ? Expected(known) : null;

    /// <summary>Parts of a whole, ratios and scores.</summary>
    internal static double Part(double part) => Math.Round(part, 4);
}
