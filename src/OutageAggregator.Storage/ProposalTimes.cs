namespace OutageAggregator.Storage;

/// <summary>The small decisions about time that the stores of proposals share, so that they can't differ.</summary>
internal static class ProposalTimes
{
    public const long HalfHourMilliseconds = 1_800_000;

    /// <summary>How long it is known who named what: the half hour in which that is no other report, and as long again.</summary>
    public static readonly TimeSpan TurnsKept = 2 * ReportRules.OncePer;

    public static long HalfHourOf(DateTimeOffset at) => Math.DivRem(at.ToUnixTimeMilliseconds(), HalfHourMilliseconds).Quotient;

    public static DateTimeOffset EndOfHalfHour(DateTimeOffset at) =>
        DateTimeOffset.FromUnixTimeMilliseconds((HalfHourOf(at) + 1) * HalfHourMilliseconds);
}
