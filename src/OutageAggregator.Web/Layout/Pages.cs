using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace OutageAggregator.Web.Layout;

/// <summary>The pages for people: server-rendered components, complete without scripts.</summary>
public static class Pages
{
    public static IServiceCollection AddPages(this IServiceCollection services)
    {
        _ = services.AddRazorComponents();
        return services;
    }

    public static IEndpointRouteBuilder MapPages(this IEndpointRouteBuilder app) => app;
}
