using System.Net;
using Microsoft.Extensions.DependencyInjection;
using OutageAggregator.Contracts;
using OutageAggregator.TestKit.Web;
using OutageAggregator.Web.Admission;

namespace OutageAggregator.Web.Tests.Features.Reports;

/// <summary>
/// The application for tests that report: its clock stands at 00:10 on 9 November 2024, it believes this machine about who calls, and
/// each request of <see cref="SendAsync"/> comes from an address of its own.
/// </summary>
public sealed class ReportsApp : IAsyncLifetime
{
    private int _callers;
    private WebApp? _app;

    public ManualClock Clock { get; } = new(DateTimeOffset.Parse("2024-11-09T00:10:00Z", CultureInfo.InvariantCulture));

    public WebApp App => _app ?? throw new InvalidOperationException("Not started.");

    public async ValueTask InitializeAsync() => _app = await WebApp.StartAsync(services =>
    {
        services.AddSingleton<TimeProvider>(Clock);
        services.AddSingleton(new ProxySettings { Trusted = [IPNetwork.Parse("127.0.0.0/8")], CountryHeader = "CF-IPCountry" });
        services.AddSingleton(new LimitSettings { ReportsPerMinute = 0, ReadsPerMinute = 0 });
    });

    /// <summary>Whatever is sent to it, nothing may break inside.</summary>
    public async ValueTask DisposeAsync()
    {
        await App.DisposeAsync();
        Assert.True(App.Errors.Count == 0, string.Join('\n', App.Errors));
    }

    /// <summary>An address that nobody has reported from.</summary>
    public string NextCaller()
    {
        var number = Interlocked.Increment(ref _callers);
        return string.Create(CultureInfo.InvariantCulture, $"203.{number >> 16}.{(number >> 8) & 255}.{number & 255}");
    }

    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, string? caller = null) =>
        App.Client.SendAsync(request.With("X-Forwarded-For", caller ?? NextCaller()));

    public Task<HttpResponseMessage> ReportAsync(string json, string? caller = null) =>
        SendAsync(Answers.Post("/api/v1/reports", json), caller);
}
