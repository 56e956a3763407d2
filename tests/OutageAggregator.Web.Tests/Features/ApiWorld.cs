using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using OutageAggregator.Cluster;
using OutageAggregator.Contracts;
using OutageAggregator.Storage;
using OutageAggregator.TestKit.Web;

namespace OutageAggregator.Web.Tests.Features;

/// <summary>The application on a real port, over stores that a test fills with a <see cref="Contracts.Story"/>, and questions to its API.</summary>
internal sealed class ApiWorld : IAsyncDisposable
{
    private readonly string? _folder;

    private ApiWorld(WebApp app, Story story, string? folder) => (App, Story, _folder) = (app, story, folder);

    public WebApp App { get; }

    public Story Story { get; }

    public static async Task<ApiWorld> StartAsync(bool onDisk = false, Action<IServiceCollection>? configure = null)
    {
        WebApp? app = null;
        var story = new Story(() => app!.Services.GetRequiredService<ICountStore>(), () => app!.Services.GetRequiredService<IIncidentLog>());
        var folder = onDisk ? Directory.CreateTempSubdirectory("outages-").FullName : null;
        app = await WebApp.StartAsync(
            services =>
            {
                _ = services.AddSingleton<TimeProvider>(story.Clock);
                configure?.Invoke(services);
            },
            folder: folder);
        // The watches have looked once at an empty store: what the story tells is none of theirs, and no event but its own is logged.
        return new ApiWorld(app, story, folder);
    }

    /// <summary>From here on nobody notes that reports can be taken: data ages.</summary>
    public Task StopWatchingAsync() =>
        App.Services.GetRequiredService<WatchTicker>().StopAsync(CancellationToken.None);

    public async Task<JsonElement> GetAsync(string address)
    {
        using var response = await App.Client.GetAsync(address);
        var body = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == HttpStatusCode.OK, $"{address}: {response.StatusCode} {body}");
        Assert.Equal("application/json", response.Content.Headers.ContentType?.ToString());
        return JsonDocument.Parse(body).RootElement;
    }

    public Task<HttpResponseMessage> SendAsync(string address, params (string Name, string Value)[] headers) =>
        SendAsync(HttpMethod.Get, address, headers);

    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string address, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, address);
        foreach (var (name, value) in headers)
            Assert.True(request.Headers.TryAddWithoutValidation(name, value));
        return await App.Client.SendAsync(request);
    }

    /// <summary>The status of an answer whose body may never end.</summary>
    public async Task<HttpStatusCode> StatusAsync(string address, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        foreach (var (name, value) in headers)
            Assert.True(request.Headers.TryAddWithoutValidation(name, value));
        using var response = await App.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        return response.StatusCode;
    }

    /// <summary>The answer is a problem of a kind; its first message for a field, or its detail where no field is named.</summary>
    public async Task<string> ProblemAsync(string address, HttpStatusCode status, string code, string? field = null)
    {
        using var response = await App.Client.GetAsync(address);
        var body = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == status, $"{address}: {response.StatusCode} {body}");
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.ToString());
        Assert.Equal("*", Assert.Single(response.Headers.GetValues("Access-Control-Allow-Origin")));
        var problem = JsonDocument.Parse(body).RootElement;
        Assert.Equal($"/problems/{code}", problem.GetProperty("type").GetString());
        return field is null ? problem.GetProperty("detail").GetString()! : problem.GetProperty("errors").GetProperty(field)[0].GetString()!;
    }

    public async ValueTask DisposeAsync()
    {
        // Before it stops: what Orleans says of its own calls that a stop breaks off is no answer's.
        var errors = string.Join("\n", App.Errors);
        await App.DisposeAsync();
        Assert.Equal("", errors);
        if (_folder is not null)
            Directory.Delete(_folder, recursive: true);
    }
}
