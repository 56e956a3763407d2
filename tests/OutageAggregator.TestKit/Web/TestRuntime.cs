using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using OutageAggregator.Cluster;
using OutageAggregator.Runtime;
using OutageAggregator.Runtime.Following;
using OutageAggregator.Runtime.Intake;
using OutageAggregator.Runtime.Reading;
using OutageAggregator.Storage.Memory;
using OutageAggregator.Storage.Sqlite;

namespace OutageAggregator.TestKit.Web;

/// <summary>The catalog, clock, stores and runtime that the application under test runs on.</summary>
internal static class TestRuntime
{
    internal static void AddTo(IServiceCollection services, string? folder)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(TestCatalog.Create());
        _ = folder is null ? services.AddMemoryStorage(Readiness.TellStore) : services.AddSqliteStorage(folder, Readiness.TellStore);
        services.AddSingleton(folder is null ? ReporterKey.Ephemeral() : ReporterKey.Open(folder)).AddSiloOfOne().AddReportIntake().AddReading().AddLive();
    }
}
