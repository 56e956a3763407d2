using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using static OutageAggregator.Contracts.Story;

namespace OutageAggregator.Web.Tests.Features.OpenApi;

/// <summary>What the application answers, held against what the description of its API says.</summary>
public sealed class DescribedAnswersTests
{
    [Theory]
    [InlineData("/api/v1/services", "/api/v1/services", 200)]
    [InlineData("/api/v1/services", "/api/v1/services?limit=0", 400)]
    [InlineData("/api/v1/services", "/api/v1/services?limit=1", 200)]
    [InlineData("/api/v1/services/{slug}", "/api/v1/services/chatgpt", 200)]
    [InlineData("/api/v1/services/{slug}", "/api/v1/services/openai", 200)]
    [InlineData("/api/v1/services/{slug}", "/api/v1/services/chatgtp", 404)]
    [InlineData("/api/v1/services/{slug}/series", "/api/v1/services/chatgpt/series?from=2024-11-09T00:00:00Z", 200)]
    [InlineData("/api/v1/services/{slug}/series", "/api/v1/services/chatgpt/series?problem=login&region=IT&step=1h", 200)]
    [InlineData("/api/v1/services/{slug}/series", "/api/v1/services/chatgpt/series?step=2m", 400)]
    [InlineData("/api/v1/services/{slug}/series.csv", "/api/v1/services/chatgpt/series.csv?step=2m", 400)]
    [InlineData("/api/v1/incidents", "/api/v1/incidents", 200)]
    [InlineData("/api/v1/incidents", "/api/v1/incidents?service=chatgtp", 404)]
    [InlineData("/api/v1/incidents/{id}", "/api/v1/incidents/chatgpt-1", 200)]
    [InlineData("/api/v1/incidents/{id}", "/api/v1/incidents/claude-1", 200)]
    [InlineData("/api/v1/incidents/{id}", "/api/v1/incidents/claude-2", 404)]
    [InlineData("/api/v1/track-record", "/api/v1/track-record", 200)]
    [InlineData("/api/v1/track-record", "/api/v1/track-record?year=2024", 400)]
    [InlineData("/api/v1/shadow", "/api/v1/shadow", 200)]
    [InlineData("/api/v1/live", "/api/v1/live?service=chatgtp", 404)]
    [InlineData("/healthz", "/healthz", 200)]
    [InlineData("/readyz", "/readyz", 200)]
    [InlineData("/problems", "/problems", 200)]
    [InlineData("/problems/{code}", "/problems/unknown-service", 200)]
    [InlineData("/problems/{code}", "/problems/no-such", 404)]
    public async Task Real_answers_fit_the_schemas(string path, string address, int status)
    {
        await using var world = await DescribedWorld.StartAsync();
        using var response = await world.SendAsync(address);
        await FitsAsync(path, "get", status, response);
    }

    [Fact]
    public async Task A_comparison_of_detectors_fits_its_schema()
    {
        await using var world = await Shadow.ShadowTests.ShadowedAsync();
        using var response = await world.SendAsync("/api/v1/shadow");
        await FitsAsync("/api/v1/shadow", "get", 200, response);
    }

    [Fact]
    public async Task Receipts_and_their_refusals_fit_the_schemas()
    {
        await using var world = await DescribedWorld.StartAsync();
        const string Path = "/api/v1/reports";
        using var counted = await PostAsync(world, Path, "application/json", """{"service":"chatgpt","region":"IT"}""");
        await FitsAsync(Path, "post", 202, counted);
        using var duplicate = await PostAsync(world, Path, "application/json", """{"service":"chatgpt","region":"IT"}""");
        await FitsAsync(Path, "post", 200, duplicate);
        using var bad = await PostAsync(world, Path, "application/json", """{"service":"chatgpt","kind":"broken"}""");
        await FitsAsync(Path, "post", 400, bad);
        using var unknown = await PostAsync(world, Path, "application/json", """{"service":"chatgtp"}""");
        await FitsAsync(Path, "post", 404, unknown);
        using var type = await PostAsync(world, Path, "text/plain", "chatgpt");
        await FitsAsync(Path, "post", 415, type);
        using var large = await PostAsync(world, Path, "application/json", new string(' ', 5_000));
        await FitsAsync(Path, "post", 413, large);
        using var gone = await world.SendAsync(HttpMethod.Delete, $"/api/v1/reports/{new string('0', 32)}-0?token=x");
        await FitsAsync("/api/v1/reports/{id}", "delete", 404, gone);

        const string Lines = """
            {"service":"claude","reporter":"u1"}
            {"service":"claude","reporter":"u1"}
            {"service":"nobody-knows-this","reporter":"u2"}
            """;
        using var batch = await PostAsync(world, Path + "/batch", "application/x-ndjson", Lines, DescribedWorld.Key);
        await FitsAsync(Path + "/batch", "post", 200, batch);
        using var noKey = await PostAsync(world, Path + "/batch", "application/x-ndjson", Lines);
        await FitsAsync(Path + "/batch", "post", 401, noKey);
    }

    [Fact]
    public async Task Reviews_and_their_refusals_fit_the_schemas()
    {
        await using var world = await DescribedWorld.StartAsync();
        const string Path = "/api/v1/incidents/{id}/review";
        Task<HttpResponseMessage> PutAsync(string id, string body, string key = DescribedWorld.Key, string type = "application/json") =>
            world.App.Client.SendAsync(Answers.Put($"/api/v1/incidents/{id}/review", body, type).With("Authorization", $"Bearer {key}"));
        const string Body = """{"verdict":"collateral","reason":"It was the sign-in of another."}""";
        using var stored = await PutAsync("claude-1", Body);
        await FitsAsync(Path, "put", 200, stored);
        using var bad = await PutAsync("claude-1", """{"verdict":"wrong"}""");
        await FitsAsync(Path, "put", 400, bad);
        using var stranger = await PutAsync("claude-1", Body, "nobody-ever-gave-this-key-out");
        await FitsAsync(Path, "put", 401, stranger);
        using var unknown = await PutAsync("claude-9", Body);
        await FitsAsync(Path, "put", 404, unknown);
        using var large = await PutAsync("claude-1", new string(' ', 20_000));
        await FitsAsync(Path, "put", 413, large);
        using var type = await PutAsync("claude-1", Body, type: "text/plain");
        await FitsAsync(Path, "put", 415, type);

        using var incident = await world.SendAsync("/api/v1/incidents/claude-1");
        await FitsAsync("/api/v1/incidents/{id}", "get", 200, incident);
        using var list = await world.SendAsync("/api/v1/incidents");
        await FitsAsync("/api/v1/incidents", "get", 200, list);
        using var record = await world.SendAsync("/api/v1/track-record");
        await FitsAsync("/api/v1/track-record", "get", 200, record);
    }

    [Fact]
    public async Task Live_events_fit_the_schemas_that_the_description_names()
    {
        await using var world = await DescribedWorld.StartAsync();
        var document = await DescribedWorld.DocumentAsync();
        var check = new SchemaCheck(document);
        var description = document.GetProperty("paths").GetProperty("/api/v1/live").GetProperty("get").GetProperty("description").GetString()!;
        var schemas = new Dictionary<string, string>(StringComparer.Ordinal) { ["status"] = "LiveStatus", ["incident"] = "LiveIncident", ["counts"] = "LiveCounts" };
        Assert.All(schemas, s => Assert.Contains($"- `{s.Key}` (data: `{s.Value}`)", description, StringComparison.Ordinal));

        using var client = new HttpClient { BaseAddress = world.App.Address };
        using var reader = new StreamReader(await client.GetStreamAsync("/api/v1/live"));
        await world.Story.LogAsync("chatgpt", IncidentEventKind.Grew, ServiceStatus.Outage, Incident(At(0, 6), peak: 2_000));
        var unseen = schemas.Keys.ToHashSet(StringComparer.Ordinal);
        while (unseen.Count > 0)
        {
            var line = await reader.ReadLineAsync();
            Assert.NotNull(line);
            if (!line.StartsWith("event: ", StringComparison.Ordinal))
                continue;
            var data = JsonDocument.Parse((await reader.ReadLineAsync())!["data: ".Length..]).RootElement;
            Assert.Equal([], check.FaultsOf(data, document.GetProperty("components").GetProperty("schemas").GetProperty(schemas[line["event: ".Length..]])));
            unseen.Remove(line["event: ".Length..]);
        }
    }

    private static async Task<HttpResponseMessage> PostAsync(ApiWorld world, string path, string type, string body, string? key = null)
    {
        using var content = new StringContent(body, Encoding.UTF8);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = content };
        if (key is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return await world.App.Client.SendAsync(request);
    }

    private static async Task FitsAsync(string path, string method, int status, HttpResponseMessage response)
    {
        var body = await response.Content.ReadAsStringAsync();
        Assert.True((int)response.StatusCode == status, $"{response.StatusCode} {body}");
        var document = await DescribedWorld.DocumentAsync();
        var check = new SchemaCheck(document);
        var described = check.Resolve(document.GetProperty("paths").GetProperty(path).GetProperty(method).GetProperty("responses").GetProperty($"{status}"));
        var type = response.Content.Headers.ContentType!.MediaType!;
        Assert.Equal([], check.FaultsOf(JsonDocument.Parse(body).RootElement, described.GetProperty("content").GetProperty(type).GetProperty("schema")));
        if (described.TryGetProperty("headers", out var headers))
            Assert.All(headers.EnumerateObject(), h => Assert.True(response.Headers.Contains(h.Name), $"{h.Name} is missing"));
    }
}
