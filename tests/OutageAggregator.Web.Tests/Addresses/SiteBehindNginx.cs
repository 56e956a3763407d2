using System.Net;
using Microsoft.Extensions.DependencyInjection;
using OutageAggregator.TestKit.Deployment;
using OutageAggregator.TestKit.Redis;
using OutageAggregator.TestKit.Web;
using OutageAggregator.Web.Addresses;
using OutageAggregator.Web.Admission;

namespace OutageAggregator.Web.Tests.Addresses;

/// <summary>The application of <see cref="PageWorld"/> behind a real nginx.</summary>
internal sealed class SiteBehindNginx : IAsyncDisposable
{
    private readonly WebApp _app;
    private readonly Nginx _nginx;

    private SiteBehindNginx(WebApp app, Nginx nginx) => (_app, _nginx) = (app, nginx);

    public int Port => _nginx.Port;

    public HttpClient Client => _nginx.Client;

    /// <summary>Where the application itself listens.</summary>
    public Uri Upstream => _app.Address;

    /// <param name="locations">What nginx does; UPSTREAM is the application's address.</param>
    /// <param name="publicUrl">The public address, where one is stated; PORT is nginx' own.</param>
    /// <param name="isTrusted">Whether nginx is believed.</param>
    public static Task<SiteBehindNginx> StartAsync(string locations, string? publicUrl = null, bool isTrusted = false) =>
        StartAsync((upstream, port) => Nginx.StartAsync(locations.Replace("UPSTREAM", upstream, StringComparison.Ordinal), port), publicUrl, isTrusted);

    /// <summary>With a server as it is documented: at port 80, before http://127.0.0.1:8080, which it trusts.</summary>
    public static Task<SiteBehindNginx> StartDocumentedAsync(string server, string publicUrl) => StartAsync(
        (upstream, port) => Nginx.StartServersAsync(
            p => Replace(Replace(server, "listen 80;", string.Create(CultureInfo.InvariantCulture, $"listen 127.0.0.1:{p};")), "http://127.0.0.1:8080", upstream), port),
        publicUrl, isTrusted: true);

    private static async Task<SiteBehindNginx> StartAsync(Func<string, int, Task<Nginx>> start, string? publicUrl, bool isTrusted)
    {
        _ = Nginx.SkipWhereMissing();
        var port = Ports.Free();
        var site = new SiteSettings { PublicUrl = publicUrl is null ? null : PublicUrl.Parse(WithPort(publicUrl, port), null) };
        var (app, _) = await PageWorld.StartAsync(services => services
            .AddSingleton(site)
            .AddSingleton(new ProxySettings { Trusted = isTrusted ? [IPNetwork.Parse("127.0.0.1/32")] : [] })
            .AddSingleton(new LimitSettings { ReadsPerMinute = 0, ReportsPerMinute = 0 }));
        return new SiteBehindNginx(app, await start(app.Address.GetLeftPart(UriPartial.Authority), port));
    }

    public string WithPort(string text) => WithPort(text, Port);

    /// <summary>As a browser asks for a page.</summary>
    public async Task<(HttpResponseMessage Answer, string Text)> SendAsync(HttpMethod method, string path, string? host = null, HttpContent? content = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        request.Headers.Host = host;
        if (!Array.Exists(headers, h => h.Name == "Accept"))
            request.Headers.Add("Accept", "text/html");
        foreach (var (name, value) in headers)
            _ = request.With(name, value);
        var answer = await Client.SendAsync(request);
        return (answer, await answer.Content.ReadAsStringAsync());
    }

    public async ValueTask DisposeAsync()
    {
        await _nginx.DisposeAsync();
        await _app.DisposeAsync();
        Assert.True(_app.Errors.Count == 0, string.Join('\n', _app.Errors));
    }

    private static string WithPort(string text, int port) => text.Replace("PORT", port.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);

    private static string Replace(string text, string old, string with)
    {
        Assert.Contains(old, text, StringComparison.Ordinal);
        return text.Replace(old, with, StringComparison.Ordinal);
    }
}
