using OutageAggregator.Runtime.Settings;

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
        Features.Problems.ProblemEndpoints.AddProblems(services);
        services.AddAdmission();
        Features.OpenApi.OpenApiEndpoint.AddApiDescription(services);
        Features.Metrics.MetricsEndpoint.AddMetricsPage(services);
        services.AddSingleton<RequestTimes>();
        services.TryAddSingleton<KeySettings>();
        services.TryAddSingleton<KeyRing>();
        services.AddSingleton<Features.Reports.PostReport>();
        services.AddSingleton<Features.Reports.PostBatch>();
        services.AddSingleton<Features.Reports.WithdrawReport>();
        services.AddSingleton<Features.Reports.AmendReport>();
        services.AddSingleton<CountryHeader>();
        Features.Proposals.ProposalEndpoints.AddProposalPages(services);
        services.AddSingleton<Features.Reviews.PutReview>();
        services.AddSingleton<LastKnown>();
        services.TryAddSingleton<FreshAnswers>();
        services.TryAddSingleton<Features.Live.LiveFrames>();
        services.AddSingleton<Features.Live.StreamsPerAddress>();
        services.AddSingleton<PageRenderer>();
        services.AddSingleton<PageAnswers>();
        services.AddSingleton<Features.Services.ServicePageReader>();
        return services;
    }

    /// <summary>The pipeline, outermost first, then the addresses.</summary>
    public static WebApplication MapOutageWeb(this WebApplication app)
    {
        app.UseMiddleware<Entrance>();
        app.UseMiddleware<ProblemMiddleware>();
        app.UseMiddleware<SecurityHeaders>();
        app.UseMiddleware<AdmissionMiddleware>();
        app.UseRouting();
        app.UseMiddleware<Features.Services.ShortAddresses>();
        Features.Problems.ProblemEndpoints.MapProblems(app);
        Features.Reports.ReportEndpoints.MapReports(app);
        Features.Proposals.ProposalEndpoints.MapProposals(app);
        Features.Health.HealthEndpoints.MapHealth(app);
        Features.Metrics.MetricsEndpoint.MapMetrics(app);
        Features.Services.ServiceEndpoints.MapServices(app);
        Features.Series.SeriesEndpoints.MapSeries(app);
        Features.Incidents.IncidentEndpoints.MapIncidents(app);
        Features.Reviews.ReviewEndpoints.MapReviews(app);
        Features.Shadow.ShadowEndpoints.MapShadow(app);
        Features.Live.LiveEndpoint.MapLive(app);
        Features.OpenApi.OpenApiEndpoint.MapApiDescription(app);
        app.MapSiteAssets();
        Features.Home.HomePages.MapHome(app);
        Features.Home.SuggestionPages.MapSuggestions(app);
        Features.Services.ServicePages.MapServicePages(app);
        Features.Reports.ReportPages.MapReportPage(app);
        Features.Proposals.ProposalPages.MapProposalPage(app);
        Features.Incidents.IncidentPages.MapIncidentPages(app);
        Features.Shadow.ShadowPages.MapShadowPage(app);
        Features.About.AboutPages.MapAbout(app);
        Features.Zones.ZonePages.MapZones(app);
        Features.AtHand.AtHandPages.MapAtHand(app);
        RefuseOwnPath(app);
        return app;
    }

    // Below /services a request for /services/chatgpt would be taken for one for /chatgpt.
    private static void RefuseOwnPath(WebApplication app)
    {
        if (app.Services.GetRequiredService<SiteSettings>().PublicUrl is not { Path.Length: > 0 } url)
            return;
        var pages = ((IEndpointRouteBuilder)app).DataSources.SelectMany(d => d.Endpoints).OfType<RouteEndpoint>();
        if (pages.Select(p => p.RoutePattern.RawText).FirstOrDefault(p => $"{p}/".StartsWith(url.Path + '/', StringComparison.OrdinalIgnoreCase)) is { } page)
            throw new SettingsException($"Site:PublicUrl is '{url}', and {page} is an address within the site. Allowed: another path.");
    }
}
