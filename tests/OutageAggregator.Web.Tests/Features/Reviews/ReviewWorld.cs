using Microsoft.Extensions.DependencyInjection;
using OutageAggregator.Contracts;
using OutageAggregator.Storage;
using OutageAggregator.TestKit;
using OutageAggregator.TestKit.Web;
using OutageAggregator.Web.Keys;
using static OutageAggregator.Contracts.Story;

namespace OutageAggregator.Web.Tests.Features.Reviews;

/// <summary>
/// The application with a key for its operators, an incident of yesterday evening that is over (chatgpt-1) and one that is open (claude-1). It can be
/// started again over the same folder.
/// </summary>
internal sealed class ReviewWorld : IAsyncDisposable
{
    internal const string Secret = "operator-secret-of-some-length";
    internal const string PartnerSecret = "partner-secret-of-some-length";

    private readonly TemporaryFolder? _folder;

    private ReviewWorld(TemporaryFolder? folder)
    {
        _folder = folder;
        Story = new Story(() => App.Services.GetRequiredService<ICountStore>(), () => App.Services.GetRequiredService<IIncidentLog>());
    }

    public WebApp App { get; private set; } = null!;

    public Story Story { get; }

    public static async Task<ReviewWorld> StartAsync(bool onDisk = false)
    {
        var world = new ReviewWorld(onDisk ? new TemporaryFolder() : null);
        await world.OpenAsync();
        await world.Story.ObserveAsync();
        await world.Story.ResolveAsync(Incident(At(23, 0, -1), At(23, 30, -1)));
        await world.Story.OpenAsync(Incident(At(0, 6), service: "claude"));
        return world;
    }

    public async Task RestartAsync()
    {
        await App.DisposeAsync();
        await OpenAsync();
    }

    public Task<HttpResponseMessage> PutAsync(string body, string id = "chatgpt-1", string? secret = Secret, string mediaType = "application/json")
    {
        var request = Answers.Put($"/api/v1/incidents/{id}/review", body, mediaType);
        return App.Client.SendAsync(secret is null ? request : request.With("Authorization", $"Bearer {secret}"));
    }

    public Task<HttpResponseMessage> ReviewAsync(string verdict, string reason = "", string id = "chatgpt-1") =>
        PutAsync($$"""{"verdict":"{{verdict}}","reason":"{{reason}}"}""", id);

    public Task<HttpResponseMessage> GetAsync(string address, string? etag = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, address);
        return App.Client.SendAsync(etag is null ? request : request.With("If-None-Match", etag));
    }

    public async ValueTask DisposeAsync()
    {
        await App.DisposeAsync();
        _folder?.Dispose();
        Assert.Equal("", string.Join('\n', App.Errors));
    }

    private async Task OpenAsync() => App = await WebApp.StartAsync(
        services =>
        {
            services.AddSingleton<TimeProvider>(Story.Clock);
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
