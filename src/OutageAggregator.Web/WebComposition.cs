using OutageAggregator.Web.Features.About;
using OutageAggregator.Web.Features.Health;
using OutageAggregator.Web.Features.Home;
using OutageAggregator.Web.Features.Incidents;
using OutageAggregator.Web.Features.Live;
using OutageAggregator.Web.Features.Metrics;
using OutageAggregator.Web.Features.OpenApi;
using OutageAggregator.Web.Features.Problems;
using OutageAggregator.Web.Features.Reports;
using OutageAggregator.Web.Features.Reviews;
using OutageAggregator.Web.Features.Series;
using OutageAggregator.Web.Features.Services;
using OutageAggregator.Web.Features.Shadow;

namespace OutageAggregator.Web;

/// <summary>
/// The web front, feature by feature. It needs the catalog, the stores, the runtime and a <see cref="TimeProvider"/> to be registered;
/// settings that nobody registered take their defaults.
/// </summary>
public static class WebComposition
{
    public static IServiceCollection AddOutageWeb(this IServiceCollection services)
    {
        services.AddRouting();
        services.AddProblems();
        services.AddAdmission();
        services.AddReports();
        services.AddReviews();
        services.AddApiDescription();
        services.AddMetricsPage();
        services.AddSingleton<LastKnown>();
        services.TryAddSingleton<FreshAnswers>();
        services.TryAddSingleton<LiveFrames>();
        services.AddSingleton<StreamsPerAddress>();
        services.AddSingleton<PageRenderer>();
        services.AddSingleton<PageAnswers>();
        services.AddSingleton<ServicePageReader>();
        return services;
    }

    /// <summary>The pipeline, outermost first, then the addresses.</summary>
    public static WebApplication MapOutageWeb(this WebApplication app)
    {
        app.UseMiddleware<ProblemMiddleware>();
        app.UseAdmission();
        app.UseRouting();
        app.MapProblems();
        app.MapReports();
        app.MapHealth();
        app.MapMetrics();
        app.MapServices();
        app.MapSeries();
        app.MapIncidents();
        app.MapReviews();
        app.MapShadow();
        app.MapLive();
        app.MapApiDescription();
        app.MapSiteAssets();
        app.MapHome();
        app.MapServicePages();
        app.MapReportPage();
        app.MapIncidentPages();
        app.MapShadowPage();
        app.MapAbout();
        return app;
    }
}
