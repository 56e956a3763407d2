using OutageAggregator.Core.Reports;

namespace OutageAggregator.Web.Answers;

/// <summary>English words for the codes of the API, in the order of the codes.</summary>
internal static class Labels
{
    private static readonly string[] s_problems = ["Doesn't work at all", "Log-in", "Errors", "Slow", "Missing data", "Payment", "Something else"];
    private static readonly string[] s_surfaces = ["Not said", "Website", "Desktop app", "iOS app", "Android app", "API"];

    internal static string Of(Problem problem) => s_problems[(int)problem];

    internal static string Of(Surface surface) => s_surfaces[(int)surface];
}
