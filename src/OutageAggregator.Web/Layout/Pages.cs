using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using OutageAggregator.Web.Features.About;
using OutageAggregator.Web.Features.Home;
using OutageAggregator.Web.Features.Incidents;
using OutageAggregator.Web.Features.Reports;
using OutageAggregator.Web.Features.Services;

namespace OutageAggregator.Web.Layout;

/// <summary>The pages for people: server-rendered components, complete without scripts. A new page is a line here.</summary>
public static class Pages
{
    public static IServiceCollection AddPages(this IServiceCollection services) => services
        .AddSingleton<PageRenderer>()
        .AddSingleton<PageAnswers>()
        .AddSingleton<ServicePageReader>();

    public static IEndpointRouteBuilder MapPages(this IEndpointRouteBuilder app)
    {
        app.MapSiteAssets();
        app.MapHome();
        app.MapServicePages();
        app.MapReportPage();
        app.MapIncidentPages();
        app.MapAbout();
        return app;
    }
}
