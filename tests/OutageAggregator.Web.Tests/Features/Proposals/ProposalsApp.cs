using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using OutageAggregator.Contracts;
using OutageAggregator.Storage;
using OutageAggregator.TestKit;
using OutageAggregator.TestKit.Web;
using OutageAggregator.Web.Admission;
using OutageAggregator.Web.Keys;

namespace OutageAggregator.Web.Tests.Features.Proposals;

/// <summary>
/// The application for tests of what is not listed: its clock stands at 00:10 on 9 November 2024, after a week in which nothing came, and it
/// believes this machine about who calls.
/// </summary>
internal sealed class ProposalsApp : IAsyncDisposable
{
    private const string Secret = "operator-secret-of-some-length";
    internal const string PartnerSecret = "partner-secret-of-some-length";

    private readonly TemporaryFolder? _folder;
    private int _callers;

    private ProposalsApp(TemporaryFolder? folder) => _folder = folder;

    public ManualClock Clock { get; } = new(DateTimeOffset.Parse("2024-11-09T00:10:00Z", CultureInfo.InvariantCulture));

    public WebApp App { get; private set; } = null!;

    public Minute Now => Minute.Of(Clock.GetUtcNow());

    public ICountStore Counts => App.Services.GetRequiredService<ICountStore>();

    public IProposalStore Store => App.Services.GetRequiredService<IProposalStore>();

    public static async Task<ProposalsApp> StartAsync(bool onDisk = false, LimitSettings? limits = null)
    {
        var app = new ProposalsApp(onDisk ? new TemporaryFolder() : null);
        await app.OpenAsync(catalog: null, limits);
        await app.Counts.ObserveAsync(new MinuteRange(app.Now - (7 * Minute.PerDay), app.Now + 1), default);
        return app;
    }

    public async Task RestartAsync(Catalog? catalog = null)
    {
        await App.DisposeAsync();
        await OpenAsync(catalog, limits: null);
    }

    public string NextCaller() => string.Create(CultureInfo.InvariantCulture, $"198.51.{++_callers >> 8}.{_callers & 255}");

    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, string? caller = null) =>
        App.Client.SendAsync(request.With("X-Forwarded-For", caller ?? NextCaller()));

    public Task<HttpResponseMessage> ProposeAsync(string json, string? caller = null) =>
        SendAsync(Answers.Post("/api/v1/proposals", json), caller);

    /// <summary>Somebody's press that is counted; the id of its group.</summary>
    public async Task<string> NameAsync(string name, string? region = "IT", string? caller = null)
    {
        var answer = await (await ProposeAsync(JsonSerializer.Serialize(new { name, region }), caller)).JsonAsync(HttpStatusCode.Accepted);
        return answer.GetProperty("id").GetString()!;
    }

    /// <summary>The plain form, as a browser sends it from a page of ours.</summary>
    public Task<HttpResponseMessage> BrowserAsync(string body, string? caller = null) => SendAsync(
        Answers.Post("/api/v1/proposals", body, "application/x-www-form-urlencoded")
            .With("Accept", "text/html,application/xhtml+xml,*/*;q=0.8")
            .With("Origin", App.Address.GetLeftPart(UriPartial.Authority))
            .With("Sec-Fetch-Site", "same-origin"),
        caller);

    public Task<HttpResponseMessage> OperateAsync(HttpMethod method, string address, string? json = null, string? secret = Secret)
    {
        var request = json is null ? new HttpRequestMessage() : Answers.Post("/", json);
        (request.Method, request.RequestUri) = (method, new Uri(address, UriKind.Relative));
        return App.Client.SendAsync(secret is null ? request : request.With("Authorization", $"Bearer {secret}"));
    }

    public Task<HttpResponseMessage> AcceptAsync(string id, string json = """{"slug":"foobank","category":"ai"}""") =>
        OperateAsync(HttpMethod.Post, $"/api/v1/proposals/{id}", json);

    public async Task<JsonElement> ListAsync(string query = "") =>
        await (await OperateAsync(HttpMethod.Get, $"/api/v1/proposals{query}")).JsonAsync(HttpStatusCode.OK);

    public async ValueTask DisposeAsync()
    {
        await App.DisposeAsync();
        _folder?.Dispose();
        Assert.Equal("", string.Join('\n', App.Errors));
    }

    private async Task OpenAsync(Catalog? catalog, LimitSettings? limits) => App = await WebApp.StartAsync(
        services =>
        {
            services.AddSingleton<TimeProvider>(Clock);
            if (catalog is not null)
                services.AddSingleton(catalog);
            services.AddSingleton(new ProxySettings { Trusted = [IPNetwork.Parse("127.0.0.0/8")], CountryHeader = "CF-IPCountry" });
            services.AddSingleton(limits ?? new LimitSettings { ReportsPerMinute = 0, ReadsPerMinute = 0 });
            services.AddSingleton(new KeySettings
            {
                Keys =
                [
                    KeyEntry.Parse($"night-desk admin key:{Secret}", CultureInfo.InvariantCulture),
                    KeyEntry.Parse($"partner ingest,statements,webhooks key:{PartnerSecret}", CultureInfo.InvariantCulture),
                ],
            });
        },
        folder: _folder?.Path);
}
