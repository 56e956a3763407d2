namespace OutageAggregator.Web.Words;

// Choosing a chart and reading it, the regions beside each other, and everything there is at a glance.
internal partial class English
{
    // A service's chart
    internal virtual string Of(ChartRange range) => range.Code switch
    {
        "7d" => "7 days",
        "30d" => "30 days",
        "13mo" => "13 months",
        _ => "24 hours",
    };
    internal virtual string RangesOfChart => "How far back";

    /// <summary>Above a chart: "The last 7 days: Log-in, from Italy".</summary>
    internal virtual string HeadingOf(ChartChoice choice, bool isKnown) =>
        $"The last {Of(choice.Range)}{Known(isKnown)}{(choice.Problem is { } problem ? $": {Of(problem)}{(choice.Region == Region.World ? "" : ",")}" : "")}{From(choice.Region)}";

    /// <summary>The same for who can't see it.</summary>
    internal virtual string ChartOf(string service, ChartChoice choice) =>
        $"Reports about {service}{From(choice.Region)}{(choice.Problem is { } problem ? $" that name “{Of(problem)}”" : "")}, the last {Of(choice.Range)}";
    internal virtual string OnlyOf(Problem problem) =>
        $"Only reports that name “{Of(problem)}”. What is usual is known of all problems together, not of one.";
    internal virtual string ShowAllProblems => "Show all problems together";
    internal virtual string UnknownRange =>
        $"The address names a range that this chart doesn’t have, so this is the last 24 hours. There are: {string.Join(", ", ChartRange.All.Select(r => r.Code))}.";
    internal virtual string UnknownProblem =>
        $"The address names a problem that nobody can report, so all are shown. There are: {string.Join(", ", ReportCodes.Problems)}.";

    /// <summary>After the highest number of the second scale, and more about it where there is room.</summary>
    internal virtual (string Number, string More) SecondScale(double most) => ($"{Count(most)}, enlarged", "; taller bars are cut off");
    internal virtual string LegendCut => "The same below, enlarged; taller bars are cut off";

    /// <summary>After the incidents that are named, where there are more.</summary>
    internal virtual string EarlierBands(int more) => $"{Count(more)} earlier {(more == 1 ? "incident" : "incidents")} in this time.";

    // Regions beside each other
    internal virtual string RegionsBeside => "Regions against their usual";
    internal virtual string RegionsBesideMeans =>
        "The last 15 minutes against what is usual there at this hour. Grey: fewer than one report is usual, or what is usual is not known; the number is of reports.";

    /// <summary>On a tile: "62×", or a count where there is nothing to compare with; and the rest of it for who hears it.</summary>
    internal virtual (string Shown, string Heard) Tile(Pulse pulse) => pulse.Ratio is { } ratio
        ? ($"{(ratio < 10 ? Number(ratio, "0.#") : Count(ratio))}×", $" the usual {Usual(pulse.Expected15m)}: {Reports(pulse.Reports15m)}")
        : (Count(pulse.Reports15m), pulse.Reports15m == 1 ? " report" : " reports");

    // Everything at a glance
    internal virtual string StatusOf(ToldStatus told, Freshness? freshness) => told switch
    {
        { Status: ServiceStatus.Outage } => Of(ServiceStatus.Outage),
        { IsOver: true } => "Over",
        { Status: ServiceStatus.Unknown } => Unknown(freshness) ?? Of(ServiceStatus.Unknown),
        _ => Of(told.Status),
    };
}
