namespace OutageAggregator.Runtime.Reading;

/// <summary>A part of a whole: a problem, surface or region, and how many of the reports name it.</summary>
/// <param name="Of">What.</param>
/// <param name="Reports">Reports told in time that name it.</param>
/// <param name="Portion">The same as a part of all reports, 0 to 1.</param>
public readonly record struct Share<T>(T Of, int Reports, double Portion)
    where T : struct;

/// <summary>One line of the list of services.</summary>
/// <param name="Service">The service or family.</param>
/// <param name="Status">
/// As of the newest event of the incident log; unknown where too little was observed of late, and, but for an outage, where too little is
/// known of what is usual. Of a family the worst of its own and its members'.
/// </param>
/// <param name="Since">When the status began: the estimated onset or end for incidents; null where nothing ever happened.</param>
/// <param name="Pulse">The last 15 minutes, all regions together. Of a family its own reports, which name no member.</param>
/// <param name="IncidentId">The open incident, if any; of a family that of the worst.</param>
public sealed record ServiceSummary(Service Service, ServiceStatus Status, DateTimeOffset? Since, Pulse Pulse, IncidentId? IncidentId)
{
    /// <summary>What had been seen when this was told.</summary>
    public History History { get; init; }

    /// <summary>
    /// The incident that is over for an hour at most. Of a family its own, or else the worst of its members'
    /// where none of them is in outage. Null where there is none.
    /// </summary>
    public IncidentView? Recent { get; init; }

    /// <summary>True in an outage that is getting better.</summary>
    public bool IsRecovering { get; init; }

    /// <summary>Of a family its members, the worst first.</summary>
    public ImmutableArray<ServiceSummary> Members { get; init; } = [];

    /// <summary>How well it answers what was searched for; null where nothing was.</summary>
    public Closeness? Match { get; init; }

    /// <summary>Reports above the usual.</summary>
    public double Excess => Pulse.Reports15m - (Pulse.Expected15m ?? 0);

    /// <summary>
    /// True where its outage is over for an hour at most, and nothing new stands out. Of a family where that is so of the family itself or a
    /// member, and no other is worse.
    /// </summary>
    public bool IsJustOver { get; init; }

    // The worst has the most: in outage, recovering, just over by what it brought, and the rest by what comes in now.
    internal (int Kind, double Weight) Badness => Status == ServiceStatus.Outage ? (IsRecovering ? 5 : 6, Excess)
        : IsJustOver ? (4, Recent!.Reports)
        : (ServiceReader.Badness(Status), Excess);
}

/// <summary>Which services to list; null means any.</summary>
/// <param name="Search">What a person typed, a question or an address: best match first. Without it, services come by name.</param>
/// <param name="Status">In this status.</param>
/// <param name="Category">Of this category (its code).</param>
/// <param name="After">Only what comes after this service in the order of the answer: the last one of the page before.</param>
/// <param name="Limit">At most so many.</param>
/// <param name="WithCounts">False where statuses are enough: then no pulse is told, and no member of a family is named.</param>
public sealed record ServiceQuery(
    string? Search = null, ServiceStatus? Status = null, string? Category = null, ServiceSlug? After = null, int Limit = 50,
    bool WithCounts = true);

/// <summary>A page of the list of services.</summary>
/// <param name="Query">What was asked.</param>
/// <param name="Items">The services.</param>
/// <param name="HasMore">True where more come after the last one.</param>
/// <param name="LookedAt">When the look at the store began that this is told from; long ago where the store is away.</param>
public sealed record ServiceList(ServiceQuery Query, ImmutableArray<ServiceSummary> Items, bool HasMore, DateTimeOffset LookedAt);

/// <summary>A service and the status that is told of it, without numbers.</summary>
/// <param name="IsOver">As <see cref="ServiceSummary.IsJustOver"/>.</param>
public readonly record struct ToldStatus(Service Service, ServiceStatus Status, bool IsOver);

/// <summary>The statuses of all services and families, by name.</summary>
/// <param name="LookedAt">When the look at the store began that they are told from; long ago where the store is away.</param>
public sealed record AllStatuses(ImmutableArray<ToldStatus> Services, DateTimeOffset LookedAt);

/// <summary>A service as its page shows it.</summary>
/// <param name="Summary">What the list says of it.</param>
/// <param name="Problems">Of the last 15 minutes, most reported first.</param>
/// <param name="Surfaces">Of the last 15 minutes, most reported first.</param>
/// <param name="Regions">Of the last 15 minutes, most reported first.</param>
/// <param name="Back15m">"Back for me" in the last 15 minutes.</param>
/// <param name="StillBrokenShare">
/// down / (down + back) of the last 15 minutes, 0 to 1; null where nobody said either, and after an incident, whose <paramref name="Tail"/>
/// tells it.
/// </param>
/// <param name="Tail">After an incident, for an hour: what was said in each quarter of an hour since its end.</param>
/// <param name="Confidence">How far the usual can be trusted.</param>
/// <param name="LookedAt">When the look at the store began that this is told from; long ago where the store is away.</param>
public sealed record ServiceDetails(
    ServiceSummary Summary, ImmutableArray<Share<Problem>> Problems, ImmutableArray<Share<Surface>> Surfaces,
    ImmutableArray<Share<Region>> Regions, int Back15m, double? StillBrokenShare, ImmutableArray<TailPart> Tail, Confidence Confidence,
    DateTimeOffset LookedAt);

/// <summary>What was said in a part of the time since an incident's end.</summary>
/// <param name="FromMinutes">Minutes since the end at which it begins.</param>
/// <param name="ToMinutes">Minutes since the end at which it is over, or now.</param>
/// <param name="StillBrokenShare">down / (down + back), 0 to 1; null where nobody said "back": that nobody did proves nothing.</param>
public readonly record struct TailPart(int FromMinutes, int ToMinutes, int Reports, int Back, double? StillBrokenShare);
