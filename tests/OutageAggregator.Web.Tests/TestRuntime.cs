using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace OutageAggregator.Web.Tests;

/// <summary>The catalog, clock, stores and runtime that the application under test runs on.</summary>
internal static class TestRuntime
{
    internal static void AddTo(IServiceCollection services, string? folder)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(TestCatalog.Create());
        if (folder is not null)
            throw new NotSupportedException("being built");
    }
}
