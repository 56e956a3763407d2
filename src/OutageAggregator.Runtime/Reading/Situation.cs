namespace OutageAggregator.Runtime.Reading;

/// <summary>Reports of the last 15 minutes against what is usual, for one region or the world.</summary>
/// <param name="Reports15m">Reports told in time in the last 15 minutes, the current one included.</param>
/// <param name="Expected15m">Reports usual in those of the 15 minutes that were observed; null while too little is known of the usual.</param>
/// <param name="Ratio">The one over the other; null where fewer than one is expected, and where that is not known.</param>
public readonly record struct Pulse(int Reports15m, double? Expected15m, double? Ratio)
{
    /// <summary>A ratio to less than one report tells nothing that the counts don't tell better.</summary>
    public static Pulse Of(int reports, double? expected) => new(reports, expected, expected >= 1 ? reports / expected : null);

    /// <summary>Whether there are at least so many times as many as usual; null where the usual is not known.</summary>
    internal bool? IsTimes(double ratio) => Expected15m is { } expected ? Reports15m >= ratio * expected : null;

    // From so much more than usual on, a crowd may be under way.
    private const double CrowdRatio = 1.8;

    /// <summary>Whether so many reports came, where they are more than usual, that a crowd may be under way.</summary>
    public bool MayBeCrowd => Reports15m >= Situation.CrowdReports && (IsTimes(CrowdRatio) ?? true);
}

/// <summary>What a situation amounts to: the answer to "is it just me?".</summary>
public enum Finding
{
    /// <summary>The data is too old, or can't be read.</summary>
    Unknown,

    /// <summary>Too little was observed of late to say how things stand now.</summary>
    Beginning,

    /// <summary>Too little was ever observed to know what is usual.</summary>
    NoHistory,

    /// <summary>An outage that is getting better.</summary>
    Recovering,
    Outage,

    /// <summary>Of a family: a member is in outage, and what names no member is none.</summary>
    OutageOfMembers,

    /// <summary>Of a family: members are in outage, and each of them is getting better.</summary>
    RecoveringOfMembers,

    /// <summary>An outage that is over for an hour at most; what still comes in is its tail.</summary>
    Over,

    /// <summary>Of a family: the outage of a member is over for an hour at most.</summary>
    OverOfMembers,

    /// <summary>More than usual, and not enough for an outage.</summary>
    Elevated,

    /// <summary>Of a family: a member has more than usual, and not enough for an outage.</summary>
    ElevatedOfMembers,

    /// <summary>Called normal, and so many reports that a crowd may be under way which no closed minute shows yet.</summary>
    Crowd,

    /// <summary>Of a family: the same of a member.</summary>
    CrowdOfMembers,

    /// <summary>Nobody reported anything.</summary>
    Nobody,

    /// <summary>Some reports, and nothing that stands out.</summary>
    Usual,
}

/// <summary>The answer to "is it just me?" in numbers, from stored facts.</summary>
/// <param name="Name">The service's name.</param>
/// <param name="Status">
/// Of the service, as of the last closed minute: it may lag behind the numbers, which are of this second. Of a family that of what names no
/// member.
/// </param>
/// <param name="IsRecovering">True in an outage that is getting better.</param>
/// <param name="Freshness">How old the data is; null where not even that can be read.</param>
/// <param name="World">All regions together.</param>
/// <param name="Region">The region asked about.</param>
/// <param name="Local">That region's numbers.</param>
/// <param name="Surfaces">Most reported first.</param>
public sealed record Situation(
    string Name, ServiceStatus Status, bool IsRecovering, Freshness? Freshness, Pulse World, Region Region, Pulse Local,
    ImmutableArray<Share<Surface>> Surfaces)
{
    /// <summary>What had been seen when this was told.</summary>
    public History History { get; init; }

    /// <summary>The open incident of the service; null where there is none.</summary>
    public IncidentView? Open { get; init; }

    /// <summary>The incident that is over for an hour at most; null where there is none.</summary>
    public IncidentView? Recent { get; init; }

    /// <summary>Reports since that end, where it lies in the last 15 minutes; null where it lies before them.</summary>
    public int? ReportsSinceEnd { get; init; }

    /// <summary>What comes in after an incident: its tail (false), as usual again (true), or neither, as it stands out anew (null).</summary>
    public bool? IsUsualAgain => Recent is not { IsBackToUsual: true } ? false
        : ReportsSinceEnd is { } since && (World with { Reports15m = since }).MayBeCrowd ? null
        : true;

    /// <summary>Of a family its members, the worst first.</summary>
    public ImmutableArray<ServiceSummary> Members { get; init; } = [];

    /// <summary>The status, or of a family that of the worst of its members.</summary>
    public ServiceStatus Worst => Members.Select(m => m.Status).Prepend(Status).MaxBy(ServiceReader.Badness);

    /// <summary>The members whose outage is over for an hour at most, the worst first.</summary>
    public IEnumerable<ServiceSummary> MembersJustOver => Members.Where(m => m.IsJustOver);

    /// <summary>What is just over, of its own or of the worst member; null where there is none.</summary>
    public IncidentView? JustOver => Recent ?? (Worst == ServiceStatus.Outage ? null : Members.FirstOrDefault(m => m.Recent is not null)?.Recent);

    /// <summary>
    /// The status whose mark is shown: what may be a crowd is neither as usual nor more until a closed minute tells.
    /// </summary>
    public ServiceStatus Shown =>
        Finding is Finding.Crowd or Finding.CrowdOfMembers && Worst == ServiceStatus.Normal ? ServiceStatus.Unknown : Worst;

    /// <summary>The members in outage, the worst first.</summary>
    public IEnumerable<ServiceSummary> MembersInOutage => Members.Where(m => m.Status == ServiceStatus.Outage);

    /// <summary>The members with more than usual, the most excess first.</summary>
    public IEnumerable<ServiceSummary> MembersElevated => Members.Where(m => m is { Status: ServiceStatus.Elevated, IsJustOver: false });

    /// <summary>The members of which a crowd may be under way that no closed minute shows yet, the most excess first.</summary>
    public IEnumerable<ServiceSummary> MembersInCrowd =>
        Members.Where(m => m is { Status: ServiceStatus.Normal or ServiceStatus.Unknown, IsJustOver: false, Pulse.MayBeCrowd: true });

    /// <summary>From so many reports on, where they are more than usual, a crowd may be under way. By chance alone this comes now and then.</summary>
    public const int CrowdReports = 4;

    // Below so much more than usual, what the log still calls elevated is no longer seen in the numbers.
    private const double ElevatedRatio = 1.25;

    // A region with at least this much more than its usual takes part.
    private const double LocalRatio = 2;

    // Most name a surface where at least this part of the reports does, and there are enough to speak of a part.
    private const double SurfacePortion = 0.6;
    private const int SurfaceReports = 5;

    /// <summary>What it amounts to. Before the status changes, and after it should have, this follows the numbers.</summary>
    public Finding Finding => Status switch
    {
        ServiceStatus.Unknown when Freshness is not { IsStale: false } => Finding.Unknown,
        ServiceStatus.Unknown when Freshness is { TellsNow: false } => Finding.Beginning,
        ServiceStatus.Outage => IsRecovering && MembersInOutage.All(m => m.IsRecovering) ? Finding.Recovering : Finding.Outage,
        _ when MembersInOutage.Any() => MembersInOutage.All(m => m.IsRecovering) ? Finding.RecoveringOfMembers : Finding.OutageOfMembers,
        _ when IsJustOver(Recent, Status, World) => Finding.Over,
        ServiceStatus.Elevated => Finding.Elevated,
        _ when MembersElevated.Any() => Finding.ElevatedOfMembers,
        _ when MembersJustOver.Any() => Finding.OverOfMembers,
        ServiceStatus.Unknown => Finding.NoHistory,
        _ when World.MayBeCrowd => Finding.Crowd,
        _ when MembersInCrowd.Any() => Finding.CrowdOfMembers,
        _ => World.Reports15m == 0 ? Finding.Nobody : Finding.Usual,
    };

    /// <summary>The surface that most reports name; null where there is none such.</summary>
    public Surface? MostNamed =>
        Surfaces is [{ Of: not Surface.Unknown, Portion: >= SurfacePortion, Reports: >= SurfaceReports } top, ..] ? top.Of : null;

    /// <summary>True where the region's reports are near its own usual.</summary>
    public bool IsLocallyUsual => Local.IsTimes(LocalRatio) == false;

    /// <summary>The status that is told: as usual, or more, is nothing where nobody knows what is usual, or has looked of late.</summary>
    internal static ServiceStatus StatusOf(ServiceState? state, Freshness age, History history)
    {
        // What was raised since the last gap was seen since.
        var isOutage = state?.Status == ServiceStatus.Outage && (age.TellsNow || (!age.IsStale && state.Newest.Event.At > age.CountingSince));
        return isOutage ? ServiceStatus.Outage
            : age.TellsNow && history.IsEnough ? state?.Status ?? ServiceStatus.Normal
            : ServiceStatus.Unknown;
    }

    /// <summary>
    /// The status as the numbers bear it out: the log calls a service elevated for a while after it was so last, and for what was so in one
    /// region or in three hours. With no more than usual at all just now, nobody is told so.
    /// </summary>
    internal static ServiceStatus Told(ServiceStatus status, Pulse world) => status == ServiceStatus.Elevated
        && (world.Reports15m < CrowdReports || world.IsTimes(ElevatedRatio) == false) ? ServiceStatus.Normal : status;

    /// <summary>
    /// Whether what comes in is told as what came after an incident: until it is as usual again, and then as long as nothing new stands out.
    /// </summary>
    /// <param name="over">The incident that is over for an hour at most; null where there is none.</param>
    /// <param name="status">Of the service itself, as it is told.</param>
    /// <param name="world">Its reports; while they reach back to before the end, nothing new is seen in them.</param>
    internal static bool IsJustOver(IncidentView? over, ServiceStatus status, Pulse world) => over is not null && status != ServiceStatus.Outage
        && !(over.IsBackToUsual && over.At + 1 - Reading.Freshness.LookBack >= over.To && (status == ServiceStatus.Elevated || world.MayBeCrowd));

    /// <summary>What there is to say where the data is too old or can't be read: no numbers.</summary>
    /// <param name="name">The service's name.</param>
    /// <param name="region">The region asked about.</param>
    /// <param name="freshness">How old the data is; null where not even that can be read.</param>
    public static Situation Unknown(string name, Region region, Freshness? freshness) =>
        new(name, ServiceStatus.Unknown, IsRecovering: false, freshness, default, region, default, []);
}
