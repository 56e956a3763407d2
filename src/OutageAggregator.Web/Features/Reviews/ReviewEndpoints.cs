using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using OutageAggregator.Runtime.Reading;
using OutageAggregator.Web.Answers;
using OutageAggregator.Web.Caching;
using OutageAggregator.Web.Http;
using OutageAggregator.Web.Keys;
using OutageAggregator.Web.Layout;

namespace OutageAggregator.Web.Features.Reviews;

/// <summary>Operators say what incidents were; the track record says what that adds up to.</summary>
internal static class ReviewEndpoints
{
    private const string PageAddress = "/methodology/track-record";

    private static readonly RenderMemo<TrackRecords> s_rendered =
        new(records => Rendered.Json(TrackRecordAnswer.Of(records), ReviewJson.Written.TrackRecordAnswer));

    internal static void AddReviews(this IServiceCollection services)
    {
        services.TryAddSingleton<KeySettings>();
        services.TryAddSingleton<KeyRing>();
        services.AddSingleton<PutReview>();
    }

    internal static void MapReviews(this IEndpointRouteBuilder app)
    {
        var keys = app.ServiceProvider.GetRequiredService<KeyRing>();
        var put = app.ServiceProvider.GetRequiredService<PutReview>();
        app.MapPut("/api/v1/incidents/{id}/review", keys.Require(Scopes.Admin, put.HandleAsync));
        app.MapRead("/api/v1/track-record", ReadAsync);
        app.MapRead(PageAddress, ShowAsync).ExcludeFromDescription();
    }

    private static async Task<IResult> ReadAsync(HttpContext context, TrackRecordReader reader, FreshAnswers answers) =>
        new QueryReader(context.Request.Query).IsGood(out var complaint)
            ? await answers.OfAsync(s_rendered.Of(await reader.ReadAsync(context.RequestAborted)), context)
            : complaint;

    private static Task<IResult> ShowAsync(HttpContext context, PageAnswers pages, TrackRecordReader reader) =>
        pages.SharedAsync<TrackRecordPage>(context, PageAddress, async () => await reader.ReadAsync(CancellationToken.None));
}
