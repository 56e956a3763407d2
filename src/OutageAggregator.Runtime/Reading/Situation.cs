namespace OutageAggregator.Runtime.Reading;

/// <summary>Reports of the last 15 minutes against what is usual, for one region or the world.</summary>
/// <param name="Reports15m">Reports told in time in the last 15 minutes, the current one included.</param>
/// <param name="Expected15m">Reports usual in such 15 minutes; null while nothing of the usual has been learnt.</param>
/// <param name="Ratio">The one over the other; null where nothing is expected, or nothing known of it.</param>
public readonly record struct Pulse(int Reports15m, double? Expected15m, double? Ratio);

/// <summary>What a situation amounts to: the answer to "is it just me?".</summary>
public enum Finding
{
    /// <summary>The data is too old, or can't be read.</summary>
    Unknown,

    /// <summary>An outage that is getting better.</summary>
    Recovering,
    Outage,

    /// <summary>More than usual, and not enough for an outage.</summary>
    Elevated,

    /// <summary>Still called elevated, and no longer seen in the numbers.</summary>
    Calming,

    /// <summary>Called normal, and so many reports that a crowd may be under way which no closed minute shows yet.</summary>
    Crowd,

    /// <summary>Nobody reported anything.</summary>
    Nobody,

    /// <summary>Some reports, and nothing that stands out.</summary>
    Usual,
}

/// <summary>The answer to "is it just me?" in numbers, from stored facts.</summary>
/// <param name="Name">The service's name.</param>
/// <param name="Status">Of the service, as of the last closed minute: it may lag behind the numbers, which are of this second.</param>
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
    // From so much more than usual on, with so many reports, a crowd may be under way. By chance alone this comes now and then.
    private const double CrowdRatio = 1.8;
    private const int CrowdReports = 4;

    // Below so much more than usual, what is still called elevated is no longer seen in the numbers.
    private const double ElevatedRatio = 1.25;

    // A region with at least this much more than its usual takes part.
    private const double LocalRatio = 2;

    // Most name a surface where at least this part of the reports does, and there are enough to speak of a part.
    private const double SurfacePortion = 0.6;
    private const int SurfaceReports = 5;

    /// <summary>What it amounts to. Before the status changes, and after it should have, this follows the numbers.</summary>
    public Finding Finding => Status switch
    {
        ServiceStatus.Unknown => Finding.Unknown,
        ServiceStatus.Outage => IsRecovering ? Finding.Recovering : Finding.Outage,
        ServiceStatus.Elevated => World.Ratio is null or >= ElevatedRatio ? Finding.Elevated : Finding.Calming,
        _ when World is { Reports15m: >= CrowdReports, Ratio: null or >= CrowdRatio } => Finding.Crowd,
        _ => World.Reports15m == 0 ? Finding.Nobody : Finding.Usual,
    };

    /// <summary>The surface that most reports name; null where there is none such.</summary>
    public Surface? MostNamed =>
        Surfaces is [{ Of: not Surface.Unknown, Portion: >= SurfacePortion, Reports: >= SurfaceReports } top, ..] ? top.Of : null;

    /// <summary>True where the region's reports are near its own usual.</summary>
    public bool IsLocallyUsual => Local.Ratio < LocalRatio;

    /// <summary>What there is to say where the data is too old or can't be read: no numbers.</summary>
    /// <param name="name">The service's name.</param>
    /// <param name="region">The region asked about.</param>
    /// <param name="freshness">How old the data is; null where not even that can be read.</param>
    public static Situation Unknown(string name, Region region, Freshness? freshness) =>
        new(name, ServiceStatus.Unknown, IsRecovering: false, freshness, default, region, default, []);
}
