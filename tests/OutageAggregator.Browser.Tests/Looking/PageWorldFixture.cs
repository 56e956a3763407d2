using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OutageAggregator.Runtime.Watching;
using OutageAggregator.Storage;
using OutageAggregator.TestKit.Web;
using OutageAggregator.Web.Admission;

[assembly: AssemblyFixture(typeof(OutageAggregator.Browser.Tests.Looking.PageWorldFixture))]

namespace OutageAggregator.Browser.Tests.Looking;

/// <summary>The application on the night of 9 November 2024, once for all tests: they only read. A candidate detector runs beside.</summary>
public sealed class PageWorldFixture : IAsyncLifetime
{
    private WebApp _app = null!;

    public Uri Address => _app.Address;

    public async ValueTask InitializeAsync() => (_app, _) = await PageWorld.StartAsync(services => services
        .AddSingleton(new LimitSettings { ReadsPerMinute = 0 })
        .AddSingleton(new WatchSettings { Shadow = "robust-z" })
        .AddHostedService<ThreeDaysAgo>());

    public string Url(string address) => new Uri(Address, address).ToString();

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    /// <summary>The candidate began then, so that its page has something to compare.</summary>
    private sealed class ThreeDaysAgo(IShadowLog log) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) => log.NoteAsync("robust-z", PageWorld.Now.AddDays(-3), cancellationToken);

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
