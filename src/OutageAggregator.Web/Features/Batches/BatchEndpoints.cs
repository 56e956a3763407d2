using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using OutageAggregator.Web.Keys;

namespace OutageAggregator.Web.Features.Batches;

/// <summary>Many reports at once, from partners with a key.</summary>
internal static class BatchEndpoints
{
    internal static void AddBatches(this IServiceCollection services)
    {
        services.TryAddSingleton<KeySettings>();
        services.TryAddSingleton<KeyRing>();
        services.AddSingleton<PostBatch>();
    }

    internal static void MapBatches(this IEndpointRouteBuilder app)
    {
        var keys = app.ServiceProvider.GetRequiredService<KeyRing>();
        var post = app.ServiceProvider.GetRequiredService<PostBatch>();
        app.MapPost("/api/v1/reports/batch", keys.Require(Scopes.Ingest, post.HandleAsync));
    }
}
