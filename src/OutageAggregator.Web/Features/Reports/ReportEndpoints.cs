using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace OutageAggregator.Web.Features.Reports;

/// <summary>Reporting, and taking a report back.</summary>
internal static class ReportEndpoints
{
    internal static void AddReports(this IServiceCollection services)
    {
        services.AddSingleton<PostReport>();
        services.AddSingleton<WithdrawReport>();
    }

    internal static void MapReports(this IEndpointRouteBuilder app)
    {
        var post = app.ServiceProvider.GetRequiredService<PostReport>();
        var withdraw = app.ServiceProvider.GetRequiredService<WithdrawReport>();
        app.MapPost("/api/v1/reports", post.HandleAsync);
        app.MapDelete("/api/v1/reports/{id}", withdraw.DeleteAsync);
        app.MapPost("/api/v1/reports/{id}/withdraw", withdraw.PostAsync);
    }
}
