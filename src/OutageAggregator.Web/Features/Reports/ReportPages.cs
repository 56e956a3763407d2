namespace OutageAggregator.Web.Features.Reports;

/// <summary>What became of a report, for the page that answers the plain form.</summary>
/// <param name="Reason">
/// Where it was not: the code of the receipt (<c>duplicate</c>, <c>late</c>), or <c>withdrawn</c>. <c>waiting</c> where it will be.
/// </param>
/// <param name="Token">Takes it back; null where it was not stored.</param>
/// <param name="ReceivedAt">When it was stored, to some milliseconds; null where it was not.</param>
public sealed record PageReceipt(
    ReportKind Kind, bool Counted, string? Reason, DateTimeOffset? Until = null, string? Id = null, string? Token = null,
    DateTimeOffset? ReceivedAt = null)
{
    /// <summary>Fields of the form that were not understood, or not taken.</summary>
    public ImmutableArray<string> LeftOut { get; init; } = [];

    /// <summary>Fields that it says already, which can be said once.</summary>
    public ImmutableArray<string> Said { get; init; } = [];

    /// <summary>True where more was just added to it.</summary>
    public bool IsAdded { get; init; }
}

/// <param name="Receipt">What became of the report that the page answers; null for the form itself.</param>
/// <param name="IsOnlyOne">True where the situation surely includes the report, nothing else, and nothing is known to be wrong.</param>
/// <param name="Age">How long ago the report was stored; zero where none was.</param>
public sealed record ReportModel(Service Service, Region Region, Situation Situation, PageReceipt? Receipt, bool IsOnlyOne, TimeSpan Age)
{
    private const int DetailFields = (int)ReportField.Service;

    /// <summary>True where more can be said with the report.</summary>
    public bool MayAdd => Receipt is { Token: not null, Kind: ReportKind.Down, Said.Length: < DetailFields } && Age < ReportRules.DetailsWithin;
}

/// <summary>The plain form on a page of its own, and the page that answers it.</summary>
public static class ReportPages
{
    // The last 15 minutes include what was counted so lately: it was told up to five minutes late, and the first minute is a part of one.
    private static readonly TimeSpan s_surelyRecent = TimeSpan.FromMinutes(9);

    public static void MapReportPage(this IEndpointRouteBuilder app) =>
        app.MapMethods("/services/{slug}/report", ReadRoutes.Methods, ShowAsync).ExcludeFromDescription();

    private static async Task<IResult> ShowAsync(
        string slug, string? region, HttpContext context, PageAnswers pages, Catalog catalog, SituationReader situations, ReporterKey key,
        TimeProvider clock, CancellationToken cancellation)
    {
        if (ServiceLookup.Find(catalog, slug) is not { } service)
            return ServiceLookup.UnknownPage(catalog, slug);
        if (!RegionLookup.TryFindPage(region, out var chosen, out var complaint))
            return complaint;
        var receipt = ThanksPage.Read(context.Request.Query, key);
        var age = receipt?.ReceivedAt is { } at ? clock.GetUtcNow() - at : TimeSpan.Zero;
        var isIncluded = receipt is { Counted: true, Reason: null, Kind: ReportKind.Down } && age < s_surelyRecent;
        var situation = await SituationAsync(situations, service, chosen, isIncluded, cancellation);
        var isOnlyOne = isIncluded && situation is { Finding: Finding.Usual or Finding.NoHistory, World.Reports15m: 1 }
            && situation.Members.All(m => m.Pulse.Reports15m == 0);
        // A receipt has an address that is to be kept from others.
        return await pages.OnceAsync<ReportPage>(
            new ReportModel(service, chosen, situation, receipt, isOnlyOne, age),
            address: receipt is null ? $"/services/{service.Slug}/report?region={chosen}" : null);
    }

    // Who wants to report, or has just done so, is not sent away because nobody can say how the others are.
    private static async ValueTask<Situation> SituationAsync(
        SituationReader situations, Service service, Region region, bool isIncluded, CancellationToken cancellation)
    {
        try
        {
            return isIncluded
                ? await situations.ReadAfterReportAsync(service, region, cancellation)
                : await situations.ReadAsync(service, region, cancellation);
        }
        catch (StoreUnavailableException)
        {
            return Situation.Unknown(service.Name, region, freshness: null);
        }
    }
}
