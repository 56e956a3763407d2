using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace OutageAggregator.Web.Features.About;

/// <summary>How it is counted, what is kept, and how to use the data.</summary>
public static class AboutPages
{
    public static void MapAbout(this IEndpointRouteBuilder app)
    {
        app.MapGet("/methodology", static () => new RazorComponentResult<MethodologyPage>()).ExcludeFromDescription();
        app.MapGet("/privacy", static () => new RazorComponentResult<PrivacyPage>()).ExcludeFromDescription();
        app.MapGet("/developers", static (HttpRequest request) =>
            new RazorComponentResult<DevelopersPage>(new { Origin = $"{request.Scheme}://{request.Host}" })).ExcludeFromDescription();
    }
}
