using System.Collections.Immutable;
using OutageAggregator.Core.Incidents;
using OutageAggregator.Core.Reports;
using OutageAggregator.Core.Services;
using OutageAggregator.Core.Windows;

namespace OutageAggregator.Runtime.Reading;

/// <summary>A part of a whole: a problem, surface or region, and how many of the reports name it.</summary>
/// <param name="Of">What.</param>
/// <param name="Reports">Reports told in time that name it.</param>
/// <param name="Portion">The same as a part of all reports, 0 to 1.</param>
public readonly record struct Share<T>(T Of, int Reports, double Portion)
    where T : struct;

/// <summary>One line of the list of services.</summary>
/// <param name="Service">The service or family.</param>
/// <param name="Status">As of the newest event of the incident log; unknown where the data is stale.</param>
/// <param name="Since">When the status began: the estimated onset or end for incidents; null where nothing ever happened.</param>
/// <param name="Pulse">The last 15 minutes, all regions together.</param>
/// <param name="IncidentId">The open incident, if any.</param>
public sealed record ServiceSummary(
    Service Service, ServiceStatus Status, DateTimeOffset? Since, Pulse Pulse, IncidentId? IncidentId);

/// <summary>Which services to list; null means any.</summary>
/// <param name="Search">What a person typed: best match first, typos forgiven. Without it, services come by name.</param>
/// <param name="Status">In this status.</param>
/// <param name="Category">Of this category (its code).</param>
/// <param name="After">Only what comes after this service in the order of the answer: the last one of the page before.</param>
/// <param name="Limit">At most so many.</param>
public sealed record ServiceQuery(
    string? Search = null, ServiceStatus? Status = null, string? Category = null, ServiceSlug? After = null, int Limit = 50);

/// <summary>A page of the list of services.</summary>
/// <param name="Items">The services.</param>
/// <param name="HasMore">True where more come after the last one.</param>
public sealed record ServiceList(ImmutableArray<ServiceSummary> Items, bool HasMore);

/// <summary>How far the usual of a service can be trusted; the rule is <see cref="ServiceReader.ConfidenceOf"/>.</summary>
public enum Confidence : byte
{
    /// <summary>Too few reports, or too few days of them, to know what is usual.</summary>
    TooFew = 0,

    /// <summary>What is usual varies so widely that only large surges stand out.</summary>
    Erratic = 1,

    Good = 2,
}

/// <summary>A service as its page shows it.</summary>
/// <param name="Summary">What the list says of it.</param>
/// <param name="Problems">Of the last 15 minutes, most reported first.</param>
/// <param name="Surfaces">Of the last 15 minutes, most reported first.</param>
/// <param name="Regions">Of the last 15 minutes, most reported first.</param>
/// <param name="Back15m">"Back for me" in the last 15 minutes.</param>
/// <param name="StillBrokenShare">down / (down + back) of the last 15 minutes, 0 to 1; null where nobody said either.</param>
/// <param name="Confidence">How far the usual can be trusted.</param>
public sealed record ServiceDetails(
    ServiceSummary Summary,
    ImmutableArray<Share<Problem>> Problems,
    ImmutableArray<Share<Surface>> Surfaces,
    ImmutableArray<Share<Region>> Regions,
    int Back15m,
    double? StillBrokenShare,
    Confidence Confidence);

/// <summary>Lists services and describes one, from the stores.</summary>
public sealed class ServiceReader(
    Catalog catalog, ICountStore counts, IIncidentLog log, BaselineReader baselines, FreshnessReader freshness, TimeProvider clock)
{
    /// <summary>A page of services. One look at the counts serves all services of all pages within a second.</summary>
    public ValueTask<ServiceList> ListAsync(ServiceQuery query, CancellationToken cancellation)
    {
        _ = (catalog, counts, log, baselines, freshness, clock);
        throw new InvalidOperationException("being built");
    }

    /// <summary>The services in outage, then those elevated, each most excess reports first.</summary>
    public ValueTask<ImmutableArray<ServiceSummary>> InTroubleAsync(int limit, CancellationToken cancellation) =>
        throw new InvalidOperationException("being built");

    /// <summary>One service.</summary>
    public ValueTask<ServiceDetails> ReadAsync(Service service, CancellationToken cancellation) =>
        throw new InvalidOperationException("being built");

    /// <summary>The rule of confidence.</summary>
    public static Confidence ConfidenceOf(Core.Baselines.Baseline baseline, Minute now) =>
        throw new InvalidOperationException("being built");
}
