namespace OutageAggregator.Web.ChartNumbers;

/// <summary>How far back a chart reaches, in steps so long that a phone has room for its bars: at most 400.</summary>
/// <param name="Code">As in addresses: <c>7d</c>.</param>
/// <param name="StepMinutes">A step that divides a day.</param>
public sealed record ChartRange(string Code, int Minutes, int StepMinutes)
{
    public static ChartRange Day { get; } = new("24h", Minute.PerDay, 5);

    /// <summary>The shortest first.</summary>
    public static ImmutableArray<ChartRange> All { get; } =
    [
        Day, new("7d", 7 * Minute.PerDay, 30), new("30d", 30 * Minute.PerDay, 120), new("13mo", 396 * Minute.PerDay, Minute.PerDay),
    ];

    public bool IsDay => this == Day;
}

/// <summary>Which of a service's reports a chart shows.</summary>
/// <param name="Problem">The only one that is counted; null counts all.</param>
public sealed record ChartChoice(Region Region, ChartRange Range, Problem? Problem)
{
    /// <summary>True where the address named a range that there is none of, and the day is shown.</summary>
    public bool IsRangeUnknown { get; private init; }

    /// <summary>True where the address named a problem that there is none of, and all are shown.</summary>
    public bool IsProblemUnknown { get; private init; }

    /// <summary>Of what an address says, in any case; what it leaves out or says empty is the usual page's.</summary>
    internal static ChartChoice Of(Region region, string? range, string? problem)
    {
        var known = ChartRange.All.FirstOrDefault(r => r.Code.Equals(range, StringComparison.OrdinalIgnoreCase));
        Problem? named = ReportCodes.TryParse(problem?.ToLowerInvariant(), out Problem parsed) ? parsed : null;
        return new ChartChoice(region, known ?? ChartRange.Day, named)
        {
            IsRangeUnknown = known is null && !string.IsNullOrEmpty(range),
            IsProblemUnknown = named is null && !string.IsNullOrEmpty(problem),
        };
    }

    /// <summary>What its address says of it, in order: nothing of the usual page.</summary>
    internal IEnumerable<KeyValuePair<string, string>> Said
    {
        get
        {
            if (Region != Region.World)
                yield return new("region", Region.ToString());
            if (!Range.IsDay)
                yield return new("range", Range.Code);
            if (Problem is { } problem)
                yield return new("problem", problem.Code());
        }
    }

    /// <summary>Whether a parameter of an address was understood as a part of it.</summary>
    internal bool IsOfIt(string parameter) => parameter switch
    {
        "region" => true,
        "range" => !IsRangeUnknown,
        "problem" => !IsProblemUnknown,
        _ => false,
    };

    /// <summary>The one address of it within the site: <c>/services/chatgpt?region=IT&amp;range=7d</c>.</summary>
    internal string Address(Service service)
    {
        var query = string.Join('&', Said.Select(s => $"{s.Key}={s.Value}"));
        return $"/services/{service.Slug}{(query.Length == 0 ? "" : "?")}{query}";
    }
}
