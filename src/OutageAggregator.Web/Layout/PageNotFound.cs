using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using OutageAggregator.Core.Services;

namespace OutageAggregator.Web.Layout;

/// <summary>A page that isn't there, as a page.</summary>
internal static class PageNotFound
{
    internal static IResult Of(string title, string detail, IReadOnlyList<Service>? near = null) =>
        new RazorComponentResult<ErrorPage>(new { Status = StatusCodes.Status404NotFound, Title = title, Detail = detail, NearMatches = near })
        {
            StatusCode = StatusCodes.Status404NotFound,
        };
}
