namespace OutageAggregator.Core.Proposals;

/// <summary>One press for something that the catalog lacks.</summary>
/// <param name="Region">Where it is from; not the world.</param>
/// <param name="At">When it came: nothing late is taken here.</param>
public sealed record Naming(ProposedName Proposed, Reporter Reporter, Region Region, DateTimeOffset At);

/// <summary>What became of a press for something that the catalog lacks.</summary>
public enum NamingOutcome
{
    Counted,

    /// <summary>This reporter named the same less than 30 minutes ago.</summary>
    Duplicate,

    /// <summary>This reporter named so many others in this half hour that one more would tell nothing.</summary>
    TooManyNames,

    /// <summary>There are as many groups as are kept, and none that may go for a new one.</summary>
    Full,

    /// <summary>It was accepted: nothing more is counted here, and the report belongs to the service.</summary>
    Accepted,
}

/// <param name="Until">From when on the same reporter counts again for this name.</param>
/// <param name="LastHour">Reports of it in the last hour, this one included where it was counted.</param>
/// <param name="Service">What it was accepted as; null of any other outcome.</param>
public readonly record struct NamingReceipt(NamingOutcome Outcome, DateTimeOffset Until, int LastHour, ServiceSlug? Service = null);

/// <summary>A name that people report under, and that no service has: reports "for something we don't list".</summary>
/// <param name="Key">What its spellings have in common.</param>
/// <param name="Name">As it was first written.</param>
/// <param name="Domain">The first domain that was named with it; null where none was.</param>
/// <param name="Reports">All that were ever counted.</param>
public sealed record Proposal(
    ProposalId Id, string Key, string Name, string? Domain, DateTimeOffset FirstAt, DateTimeOffset LastAt, int Reports, int Last15m,
    int LastHour, int Last24h);

/// <summary>Reports of a proposal in one minute and region.</summary>
public readonly record struct ProposedCell(Minute Minute, Region Region, int Reports);

/// <summary>Who named a proposal when last, and where from.</summary>
public readonly record struct ProposedTurn(Reporter Reporter, Region Region, DateTimeOffset At);

/// <summary>What becomes the counts of a service that is accepted.</summary>
/// <param name="Cells">By minute and region, the oldest first.</param>
/// <param name="Turns">Of the last half hour at least, in order of time: each is counted in a cell as well.</param>
public sealed record ProposedCounts(IReadOnlyList<ProposedCell> Cells, IReadOnlyList<ProposedTurn> Turns);

/// <summary>A service that was proposed and accepted.</summary>
/// <param name="KeyName">Name of the key by which it was accepted.</param>
/// <param name="IsMoved">False until the counts of the proposal are its own: it is not shown before.</param>
public sealed record AcceptedProposal(Service Service, ProposalId Proposal, DateTimeOffset At, string KeyName, bool IsMoved = false);

/// <summary>The bounds of proposals, which all stores share.</summary>
public static class ProposalRules
{
    /// <summary>The most groups that are kept.</summary>
    public const int MostProposals = 300;

    /// <summary>The most cells (minute and region) that are kept of one group; the oldest ones go.</summary>
    public const int MostCells = 4_096;

    /// <summary>The most different names of one reporter in a half hour of the clock.</summary>
    public const int MostNames = 5;

    /// <summary>How long counts by the minute are kept: as long as a baseline learns from.</summary>
    public const int HistoryMinutes = 28 * Minute.PerDay;

    /// <summary>
    /// Until when a group has its place against a new one: the more named it, the longer. One that a single report named has none, so
    /// chance names push each other out, and none that others named too.
    /// </summary>
    public static DateTimeOffset HeldUntil(DateTimeOffset lastAt, int reports) => lastAt + TimeSpan.FromDays(HeldDays(reports));

    /// <summary>The same in days after the last report.</summary>
    public static int HeldDays(int reports) => reports < 2 ? 0 : reports < FewReports ? 1 : LongestHeldDays;

    /// <summary>Groups with fewer reports are held for a day.</summary>
    public const int FewReports = 5;

    /// <summary>A group that nobody named for so long goes.</summary>
    public const int LongestHeldDays = 30;
}
