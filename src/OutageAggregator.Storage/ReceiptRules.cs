namespace OutageAggregator.Storage;

/// <summary>The small decisions that the stores of this project share, so that they can't differ.</summary>
internal static class ReceiptRules
{
    /// <summary>Minutes in the stretch of one sketch of reporters.</summary>
    public const int QuarterMinutes = 15;

    /// <summary>
    /// How long a batch is remembered, 25 hours: a sender may repeat it for a day, and its reports may be taken back for a day.
    /// </summary>
    public const long RememberedMilliseconds = 25 * HourMilliseconds;

    private const long HourMilliseconds = 3_600_000;

    /// <summary>The answer to a report, from whether it took its reporter's turn and until when that is taken.</summary>
    public static Receipt Of(ReportCell cell, bool taken, long until) => new(
        !taken ? ReportOutcome.Duplicate : cell.IsLate ? ReportOutcome.Late : ReportOutcome.Counted,
        DateTimeOffset.FromUnixTimeMilliseconds(until));

    /// <summary>
    /// The reporters of a stretch are those who said "down" in time, like <see cref="MinuteCounts.Reporters"/>. One report of
    /// theirs in a quarter of an hour is all there can be, so taking it back takes the reporter out.
    /// </summary>
    public static bool IsSketched(ReportCell cell) => cell.Kind == ReportKind.Down && !cell.IsLate;

    public static int QuarterOf(Minute minute) => minute.FloorTo(QuarterMinutes).Number / QuarterMinutes;

    /// <summary>The quarters that touch [from, to), half-open; none where the stretch is empty.</summary>
    public static (int First, int End) Quarters(Minute from, Minute to)
    {
        var first = QuarterOf(from);
        return (first, from < to ? QuarterOf(to - 1) + 1 : first);
    }

    /// <summary>What of each stretch lies in [from, to); those of which nothing does are left out.</summary>
    public static IReadOnlyList<MinuteRange> Clip(IEnumerable<MinuteRange> stretches, Minute from, Minute to) =>
        [.. stretches.Select(s => new MinuteRange(Minute.Max(s.From, from), Minute.Min(s.To, to))).Where(s => s.Length > 0)];

    /// <summary>A report over a day old can't be taken back.</summary>
    public static bool IsOverADayOld(long receivedAt, long now) => now - receivedAt > 24 * HourMilliseconds;

    /// <summary>
    /// A batch that lies far ahead comes from a clock that was set back, and would otherwise stay for ever.
    /// </summary>
    public static bool IsForgotten(long receivedAt, long now) => Math.Abs(now - receivedAt) > RememberedMilliseconds;

    /// <exception cref="ArgumentException">The region is the sum of all, or a count is negative.</exception>
    public static void ThrowIfNotImportable(WatchKey key, IReadOnlyList<CellCount> counts)
    {
        if (key.Region == Region.World)
            throw new ArgumentException("'world' is the sum of the regions; counts are imported into one region.", nameof(key));
        if (counts.Any(c => c.Count < 0))
            throw new ArgumentException("A count is 0 or more.", nameof(counts));
    }
}
