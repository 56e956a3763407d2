using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using OutageAggregator.Core.Reports;
using OutageAggregator.Core.Services;
using OutageAggregator.Runtime.Reading;
using OutageAggregator.Web.Layout;

namespace OutageAggregator.Web.Features.Reports;

/// <summary>What became of a report, for the page that answers the plain form.</summary>
/// <param name="Kind">Down or back.</param>
/// <param name="Counted">True where it was counted in time.</param>
/// <param name="Reason">Where it was not: the code of the receipt (<c>duplicate</c>, <c>late</c>, <c>challenge-required</c>, <c>set-aside</c>).</param>
/// <param name="Until">From when on the same reporter counts again, or null.</param>
/// <param name="Withdraw">Address that takes the report back, or null.</param>
public sealed record PageReceipt(ReportKind Kind, bool Counted, string? Reason, DateTimeOffset? Until, string? Withdraw);

/// <summary>The plain form on a page of its own, and the page that answers it.</summary>
public static class ReportPages
{
    public static void MapReportPage(this IEndpointRouteBuilder app) =>
        app.MapGet("/services/{slug}/report", ShowAsync).ExcludeFromDescription();

    /// <summary>The answer to a report sent with the plain form: what became of it, and what the others say.</summary>
    /// <param name="service">The service reported.</param>
    /// <param name="region">The region it was counted in.</param>
    /// <param name="situation">The answer to "is it just me?", read after the report was counted.</param>
    /// <param name="receipt">What became of the report.</param>
    /// <param name="status">The status the same answer has as JSON.</param>
    public static IResult Answer(Service service, Region region, Situation situation, PageReceipt receipt, int status) =>
        new RazorComponentResult<ReportPage>(new { Service = service, Region = region, Situation = situation, Receipt = receipt }) { StatusCode = status };

    private static async Task<IResult> ShowAsync(
        string slug, string? region, Catalog catalog, SituationReader situations, CancellationToken cancellation)
    {
        if (PageLookup.Find(catalog, slug) is not { } service)
            return PageLookup.Unknown(catalog, slug);
        var chosen = Region.TryParse(region, out var parsed) ? parsed : Region.World;
        var situation = await situations.ReadAsync(service, chosen, cancellation);
        return new RazorComponentResult<ReportPage>(new { Service = service, Region = chosen, Situation = situation });
    }
}
