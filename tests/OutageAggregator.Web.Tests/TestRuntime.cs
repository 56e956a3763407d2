using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using OutageAggregator.Runtime.Intake;
using OutageAggregator.Runtime.Live;
using OutageAggregator.Runtime.Reading;
using OutageAggregator.Runtime.Storage.Memory;
using OutageAggregator.Runtime.Storage.Sqlite;
using OutageAggregator.Runtime.Watching;

namespace OutageAggregator.Web.Tests;

/// <summary>The catalog, clock, stores and runtime that the application under test runs on.</summary>
internal static class TestRuntime
{
    internal static void AddTo(IServiceCollection services, string? folder)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(TestCatalog.Create());
        _ = folder is null ? services.AddMemoryStorage() : services.AddSqliteStorage(folder);
        services.AddSenders(folder).AddEmbeddedWatches().AddReportIntake().AddReading().AddLive();
    }
}
