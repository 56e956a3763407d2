using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using OutageAggregator.Core.Services;
using OutageAggregator.Runtime.Reading;
using OutageAggregator.Web.Answers;
using OutageAggregator.Web.Caching;

namespace OutageAggregator.Web.Features.Services;

/// <summary>
/// <c>GET /api/v1/services</c>: the list, by name or by how well it matches a search. <c>GET /api/v1/services/{slug}</c>: one of them.
/// </summary>
internal static class ServiceEndpoints
{
    internal const int DefaultLimit = 50;
    internal const int MaxLimit = 200;
    private const int MaxSearchLength = 64;

    private static readonly RenderMemo<ServiceDetails> s_details =
        new(d => Rendered.Json(ServiceAnswer.Of(d), ServiceJson.Written.ServiceAnswer));

    internal static void MapServices(this IEndpointRouteBuilder app)
    {
        _ = app.MapRead("/api/v1/services", ListAsync);
        _ = app.MapRead("/api/v1/services/{slug}", ReadAsync);
    }

    private static async Task<IResult> ListAsync(HttpContext context, Catalog catalog, ServiceReader reader, FreshAnswers answers)
    {
        var query = new QueryReader(context.Request.Query, "query", "status", "category", "cursor", "limit");
        var search = query.Text("query", MaxSearchLength);
        var status = query.OneOf("status", Codes.Statuses);
        var categories = catalog.Categories;
        var category = query.OneOf("category", [.. categories.Select(c => c.Code)]);
        var limit = query.Number("limit", 1, MaxLimit, DefaultLimit);
        var filters = Cursor.Filters(context.Request.Query);
        ServiceSlug? after = null;
        if (query.Text("cursor", Cursor.MaxLength) is { } cursor)
        {
            if (Cursor.TryRead(cursor, filters, out var place) && ServiceSlug.TryParse(place, out var slug) && catalog.Find(slug) is not null)
                after = slug;
            else
                query.Errors.Add("cursor", Cursor.Complaint);
        }
        if (!query.IsGood(out var complaint))
            return complaint;

        var list = await reader.ListAsync(
            new ServiceQuery(
                string.IsNullOrWhiteSpace(search) ? null : search,
                (Core.Incidents.ServiceStatus?)status,
                category is { } c ? categories[c].Code : null,
                after,
                limit),
            context.RequestAborted);
        // Not remembered with the list: the cursor depends on how the question was put.
        var next = list.HasMore ? Cursor.Make(filters, list.Items[^1].Service.Slug.ToString()) : null;
        var answer = new ServiceListAnswer([.. list.Items.Select(ServiceItem.Of)], next);
        return await answers.OfAsync(Rendered.Json(answer, ServiceJson.Written.ServiceListAnswer), context);
    }

    private static async Task<IResult> ReadAsync(string slug, HttpContext context, Catalog catalog, ServiceReader reader, FreshAnswers answers)
    {
        if (!new QueryReader(context.Request.Query).IsGood(out var complaint)
            || !ServiceLookup.TryFind(catalog, slug, out var service, out complaint))
        {
            return complaint;
        }
        var details = await reader.ReadAsync(service, context.RequestAborted);
        return await answers.OfAsync(s_details.Of(details), context);
    }
}
