using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Orleans.Dashboard;

namespace OutageAggregator.Cluster;

/// <summary>
/// Orleans' own dashboard. Its addresses lie in the silo, whose host is not the web server's, so requests are handed there.
/// </summary>
public static class Dashboard
{
    /// <summary>Where it is; everything of it lies below.</summary>
    public const string Path = "/dashboard";

    private static readonly string[] s_parts = ["Orleans.Dashboard", "Orleans.Reminders"];

    /// <summary>Answers a request for an address of the dashboard. Who may ask is the caller's business.</summary>
    /// <exception cref="OutageAggregator.Storage.StoreUnavailableException">This node has not joined its cluster.</exception>
    public static async Task AnswerAsync(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var services = context.RequestServices;
        await using var scope = services.GetRequiredService<Silo>().Services.CreateAsyncScope();
        context.RequestServices = scope.ServiceProvider;
        // The silo's routing looks for an endpoint only where there is none yet.
        context.SetEndpoint(endpoint: null);
        try
        {
            await scope.ServiceProvider.GetRequiredService<RequestDelegate>()(context);
        }
        finally
        {
            context.RequestServices = services;
        }
    }

    internal static void AddTo(ISiloBuilder silo)
    {
        // The silo logs where the server does, and the dashboard's live log would stay empty.
        _ = silo.AddDashboard(options => options.HideTrace = true);
        silo.Services.AddRouting().TryAddSingleton(new DiagnosticListener(nameof(Dashboard)));
        silo.Services.AddSingleton(Build);
    }

    /// <summary>
    /// Leaves it out: Orleans takes in whatever lies beside the program, and would read the types of the dashboard, and of the
    /// reminders that it knows, at every start.
    /// </summary>
    internal static void LeaveOut(ISiloBuilder silo)
    {
        foreach (var part in silo.Services.Where(IsOfDashboard).ToList())
            _ = silo.Services.Remove(part);
    }

    private static bool IsOfDashboard(ServiceDescriptor part) =>
        !part.IsKeyedService && s_parts.Contains(part.ImplementationType?.Assembly.GetName().Name, StringComparer.Ordinal);

    private static RequestDelegate Build(IServiceProvider services)
    {
        var app = new ApplicationBuilder(services);
        app.UseRouting();
        app.UseEndpoints(endpoints => endpoints.MapOrleansDashboard(Path));
        return app.Build();
    }
}
