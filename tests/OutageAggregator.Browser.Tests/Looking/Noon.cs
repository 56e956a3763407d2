using Microsoft.Extensions.DependencyInjection;
using OutageAggregator.Runtime;
using OutageAggregator.Storage;
using OutageAggregator.TestKit.Web;
using OutageAggregator.Web.Admission;

[assembly: AssemblyFixture(typeof(OutageAggregator.Browser.Tests.Looking.Noon))]

namespace OutageAggregator.Browser.Tests.Looking;

/// <summary>
/// The application from noon of 8 November 2024 on, with a quiet week behind it, once for all tests that report: each has a service of its own.
/// Its clock runs, as the pages' own does: what a page shows comes a moment after what was reported.
/// </summary>
public sealed class Noon : IAsyncLifetime
{
    private const int Services = 199;

    private WebApp _app = null!;
    private int _given;

    public Uri Address => _app.Address;

    public DateTimeOffset Now => _app.Services.GetRequiredService<TimeProvider>().GetUtcNow();

    public async ValueTask InitializeAsync()
    {
        var noon = new DateTimeOffset(2024, 11, 8, 12, 0, 0, TimeSpan.Zero);
        _app = await WebApp.StartAsync(services => services
            .AddSingleton(TestCatalog.OfClaudes(Services))
            .AddSingleton(new LimitSettings { ReadsPerMinute = 0, ReportsPerMinute = 0 })
            .AddSingleton<TimeProvider>(new SimulatedClock(noon, 1, TimeProvider.System)));
        await _app.Services.GetRequiredService<ICountStore>().ObserveAsync(new MinuteRange(Minute.Of(noon.AddDays(-7)), Minute.Of(noon)), default);
    }

    /// <summary>The name of a service that nobody has reported, and the path of its page.</summary>
    public (string Name, string Path) Give()
    {
        var number = Interlocked.Increment(ref _given);
        Assert.InRange(number, 1, Services);
        return ($"Claude {number}", $"/services/claude-{number}");
    }

    public string Url(string address) => new Uri(Address, address).ToString();

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();
}
