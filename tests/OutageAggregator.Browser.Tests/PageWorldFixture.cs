using Microsoft.Extensions.DependencyInjection;
using OutageAggregator.Web.Admission;
using OutageAggregator.Web.Tests;
using OutageAggregator.Web.Tests.Pages;

namespace OutageAggregator.Browser.Tests;

/// <summary>The application on the night of 9 November 2024, once for all tests of a class: they only read.</summary>
public sealed class PageWorldFixture : IAsyncLifetime
{
    private WebApp _app = null!;

    public Uri Address => _app.Address;

    public async ValueTask InitializeAsync() =>
        (_app, _) = await PageWorld.StartAsync(services => services.AddSingleton(new LimitSettings { ReadsPerMinute = 0 }));

    public string Url(string address) => new Uri(Address, address).ToString();

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();
}
