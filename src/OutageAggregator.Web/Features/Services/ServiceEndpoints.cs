using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using OutageAggregator.Core.Incidents;
using OutageAggregator.Core.Services;
using OutageAggregator.Runtime.Reading;
using OutageAggregator.Web.Answers;
using OutageAggregator.Web.Caching;
using OutageAggregator.Web.Http;

namespace OutageAggregator.Web.Features.Services;

/// <summary>
/// <c>GET /api/v1/services</c>: the list, by name or by how well it matches a search. <c>GET /api/v1/services/{slug}</c>: one of them.
/// </summary>
internal static class ServiceEndpoints
{
    internal const int DefaultLimit = 50;
    internal const int MaxLimit = 200;
    private const int MaxSearchLength = 64;

    private static readonly RenderMemo<ServiceList> s_lists = new(Render);

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
        var asked = new ServiceQuery(
            string.IsNullOrWhiteSpace(search) ? null : search, (ServiceStatus?)status, category is { } c ? categories[c].Code : null, Limit: limit);
        if (query.Text("cursor", Cursor.MaxLength) is { } cursor)
        {
            if (Cursor.TryRead(cursor, Filters(asked), out var place) && ServiceSlug.TryParse(place, out var slug) && catalog.Find(slug) is not null)
                asked = asked with { After = slug };
            else
                query.Errors.Add("cursor", Cursor.Complaint);
        }
        if (!query.IsGood(out var complaint))
            return complaint;

        var list = await reader.ListAsync(asked, context.RequestAborted);
        return await answers.OfAsync(s_lists.Of(list), list.LookedAt, context);
    }

    private static Rendered Render(ServiceList list)
    {
        var next = list.HasMore ? Cursor.Make(Filters(list.Query), list.Items[^1].Service.Slug.ToString()) : null;
        return Rendered.Json(new ServiceListAnswer([.. list.Items.Select(ServiceItem.Of)], next), ServiceJson.Written.ServiceListAnswer);
    }

    // The status by its number, as a code of it never stands in a search.
    private static string Filters(ServiceQuery query) =>
        string.Create(CultureInfo.InvariantCulture, $"{query.Category}/{(int?)query.Status}/{query.Search}");

    private static async Task<IResult> ReadAsync(string slug, HttpContext context, Catalog catalog, ServiceReader reader, FreshAnswers answers)
    {
        if (!new QueryReader(context.Request.Query).IsGood(out var complaint)
            || !ServiceLookup.TryFind(catalog, slug, out var service, out complaint))
        {
            return complaint;
        }
        var details = await reader.ReadAsync(service, context.RequestAborted);
        return await answers.OfAsync(s_details.Of(details), details.LookedAt, context);
    }
}
