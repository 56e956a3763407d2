using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using OutageAggregator.Web.Admission;
using OutageAggregator.Web.Http;
using OutageAggregator.Web.Layout;

namespace OutageAggregator.Web.Features.About;

/// <summary>How it is counted, what is kept, and how to use the data.</summary>
public static class AboutPages
{
    public static void MapAbout(this IEndpointRouteBuilder app)
    {
        Map<MethodologyPage>(app, "/methodology");
        Map<PrivacyPage>(app, "/privacy");
        Map<DevelopersPage>(app, "/developers");
    }

    // The model of these pages is the address under which this server was reached.
    private static void Map<TPage>(IEndpointRouteBuilder app, string address)
        where TPage : IComponent =>
        app.MapRead(address, (HttpContext context, PageAnswers pages) =>
        {
            var origin = PublicAddress.Of(context);
            return pages.SharedAsync<TPage>(context, origin + address, () => Task.FromResult<object>(origin), isKept: false);
        }).ExcludeFromDescription();
}
