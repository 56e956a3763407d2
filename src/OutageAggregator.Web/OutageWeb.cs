using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using OutageAggregator.Web.Layout;

namespace OutageAggregator.Web;

/// <summary>Everything the web part of the product needs, and everything it serves: one line per feature.</summary>
public static class OutageWeb
{
    public static IServiceCollection AddOutageWeb(this IServiceCollection services) => services
        .AddPages();

    public static IEndpointRouteBuilder MapOutageWeb(this IEndpointRouteBuilder app)
    {
        app.MapPages();
        return app;
    }
}
