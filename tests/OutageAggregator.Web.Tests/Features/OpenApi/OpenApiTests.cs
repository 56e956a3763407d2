using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using OutageAggregator.Core.Incidents;
using OutageAggregator.Core.Reports;
using OutageAggregator.Web.Keys;
using OutageAggregator.Web.Problems;
using static OutageAggregator.Contracts.Story;

namespace OutageAggregator.Web.Tests.Features.OpenApi;

/// <summary>The description of the API is written by hand; these hold it to the truth.</summary>
public sealed class OpenApiTests
{
    private const string Key = "a-key-for-the-tests-of-openapi";

    private static async Task<ApiWorld> WorldAsync()
    {
        var world = await ApiWorld.StartAsync(configure: s => s.AddSingleton(
            new KeySettings { Keys = [KeyEntry.Parse($"tests ingest,admin key:{Key}", null)] }));
        await world.Story.ObserveAsync(At(0, 3));
        await world.Story.CountAsync("chatgpt", Italy, world.Story.Now, 42, Problem.Login, Surface.Ios);
        await world.Story.ResolveAsync(Incident(At(23, 0, -1), At(23, 30, -1), "claude", regions: Spain));
        await world.Story.OpenAsync(Incident(At(0, 6), regions: Italy));
        return world;
    }

    [Fact]
    public async Task Every_address_of_the_API_is_described_with_its_methods_and_no_other()
    {
        await using var world = await WorldAsync();
        var document = await world.GetAsync("/openapi/v1.json");
        var described = document.GetProperty("paths").EnumerateObject()
            .SelectMany(p => p.Value.EnumerateObject().Select(m => $"{m.Name.ToUpperInvariant()} {p.Name}"));
        var mapped = world.App.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .SelectMany(e => (e.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? []).Select(m => (Method: m, Path: Plain(e.RoutePattern))))
            .Where(e => e.Method != "HEAD" && IsApi(e.Path))
            .Select(e => $"{e.Method} {e.Path}");
        Assert.Equal(mapped.Distinct().Order(StringComparer.Ordinal), described.Order(StringComparer.Ordinal));
    }

    private static string Plain(Microsoft.AspNetCore.Routing.Patterns.RoutePattern pattern) =>
        "/" + string.Join('/', pattern.PathSegments.Select(s => string.Concat(s.Parts.Select(p => p switch
        {
            Microsoft.AspNetCore.Routing.Patterns.RoutePatternLiteralPart literal => literal.Content,
            Microsoft.AspNetCore.Routing.Patterns.RoutePatternParameterPart parameter => $"{{{parameter.Name}}}",
            _ => ".",
        }))));

    private static bool IsApi(string path) =>
        path.StartsWith("/api/", StringComparison.Ordinal) || path.StartsWith("/problems", StringComparison.Ordinal)
        || path is "/healthz" or "/readyz" or "/metrics" or "/openapi/v1.json";

    [Fact]
    public async Task The_document_is_OpenAPI_3_1_and_every_reference_leads_somewhere()
    {
        await using var world = await WorldAsync();
        var document = await world.GetAsync("/openapi/v1.json");
        Assert.Equal("3.1.0", document.GetProperty("openapi").GetString());
        var check = new SchemaCheck(document);
        var references = References(document).ToList();
        Assert.NotEmpty(references);
        Assert.All(references, r => check.Resolve(r));
        var ids = Operations(document).Select(o => o.Operation.GetProperty("operationId").GetString()).ToList();
        Assert.Equal(ids.Count, ids.Distinct().Count());
        var tags = document.GetProperty("tags").EnumerateArray().Select(t => t.GetProperty("name").GetString()).ToList();
        Assert.All(Operations(document), o =>
        {
            Assert.Contains(Assert.Single(o.Operation.GetProperty("tags").EnumerateArray()).GetString(), tags);
            Assert.NotEmpty(o.Operation.GetProperty("summary").GetString()!);
            // Every parameter in the path is described.
            var named = o.Operation.TryGetProperty("parameters", out var parameters)
                ? parameters.EnumerateArray().Select(check.Resolve).Where(p => p.GetProperty("in").GetString() == "path").Select(p => p.GetProperty("name").GetString())
                : [];
            Assert.Equal(o.Path.Split('/').Where(s => s.StartsWith('{')).Select(s => s.Trim('{', '}')), named);
        });
    }

    [Fact]
    public async Task Every_example_fits_its_schema()
    {
        await using var world = await WorldAsync();
        var document = await world.GetAsync("/openapi/v1.json");
        var check = new SchemaCheck(document);
        var seen = 0;
        foreach (var content in Contents(document))
        {
            if (!content.TryGetProperty("example", out var example) || example.ValueKind != JsonValueKind.Object)
                continue;
            seen++;
            Assert.Equal([], check.FaultsOf(example, content.GetProperty("schema")));
        }
        Assert.True(seen >= 6, $"{seen} examples");
    }

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
        await using var world = await WorldAsync();
        using var response = await world.SendAsync(address);
        await FitsAsync(world, path, "get", status, response);
    }

    [Fact]
    public async Task A_comparison_of_detectors_fits_its_schema()
    {
        await using var world = await Shadow.ShadowTests.ShadowedAsync();
        using var response = await world.SendAsync("/api/v1/shadow");
        await FitsAsync(world, "/api/v1/shadow", "get", 200, response);
    }

    [Fact]
    public async Task Receipts_and_their_refusals_fit_the_schemas()
    {
        await using var world = await WorldAsync();
        const string Path = "/api/v1/reports";
        using var counted = await PostAsync(world, Path, "application/json", """{"service":"chatgpt","region":"IT"}""");
        await FitsAsync(world, Path, "post", 202, counted);
        using var duplicate = await PostAsync(world, Path, "application/json", """{"service":"chatgpt","region":"IT"}""");
        await FitsAsync(world, Path, "post", 200, duplicate);
        using var bad = await PostAsync(world, Path, "application/json", """{"service":"chatgpt","kind":"broken"}""");
        await FitsAsync(world, Path, "post", 400, bad);
        using var unknown = await PostAsync(world, Path, "application/json", """{"service":"chatgtp"}""");
        await FitsAsync(world, Path, "post", 404, unknown);
        using var type = await PostAsync(world, Path, "text/plain", "chatgpt");
        await FitsAsync(world, Path, "post", 415, type);
        using var large = await PostAsync(world, Path, "application/json", new string(' ', 5_000));
        await FitsAsync(world, Path, "post", 413, large);
        using var gone = await world.SendAsync(HttpMethod.Delete, $"/api/v1/reports/{new string('0', 32)}-0?token=x");
        await FitsAsync(world, "/api/v1/reports/{id}", "delete", 404, gone);

        const string Lines = """
            {"service":"claude","reporter":"u1"}
            {"service":"claude","reporter":"u1"}
            {"service":"nobody-knows-this","reporter":"u2"}
            """;
        using var batch = await PostAsync(world, Path + "/batch", "application/x-ndjson", Lines, Key);
        await FitsAsync(world, Path + "/batch", "post", 200, batch);
        using var noKey = await PostAsync(world, Path + "/batch", "application/x-ndjson", Lines);
        await FitsAsync(world, Path + "/batch", "post", 401, noKey);
    }

    [Fact]
    public async Task Reviews_and_their_refusals_fit_the_schemas()
    {
        await using var world = await WorldAsync();
        const string Path = "/api/v1/incidents/{id}/review";
        Task<HttpResponseMessage> PutAsync(string id, string body, string key = Key, string type = "application/json") =>
            world.App.Client.SendAsync(Answers.Put($"/api/v1/incidents/{id}/review", body, type).With("Authorization", $"Bearer {key}"));
        const string Body = """{"verdict":"collateral","reason":"It was the sign-in of another."}""";
        using var stored = await PutAsync("claude-1", Body);
        await FitsAsync(world, Path, "put", 200, stored);
        using var bad = await PutAsync("claude-1", """{"verdict":"wrong"}""");
        await FitsAsync(world, Path, "put", 400, bad);
        using var stranger = await PutAsync("claude-1", Body, "nobody-ever-gave-this-key-out");
        await FitsAsync(world, Path, "put", 401, stranger);
        using var unknown = await PutAsync("claude-9", Body);
        await FitsAsync(world, Path, "put", 404, unknown);
        using var large = await PutAsync("claude-1", new string(' ', 20_000));
        await FitsAsync(world, Path, "put", 413, large);
        using var type = await PutAsync("claude-1", Body, type: "text/plain");
        await FitsAsync(world, Path, "put", 415, type);

        using var incident = await world.SendAsync("/api/v1/incidents/claude-1");
        await FitsAsync(world, "/api/v1/incidents/{id}", "get", 200, incident);
        using var list = await world.SendAsync("/api/v1/incidents");
        await FitsAsync(world, "/api/v1/incidents", "get", 200, list);
        using var record = await world.SendAsync("/api/v1/track-record");
        await FitsAsync(world, "/api/v1/track-record", "get", 200, record);
    }

    [Fact]
    public async Task Live_events_fit_the_schemas_that_the_description_names()
    {
        await using var world = await WorldAsync();
        var document = await world.GetAsync("/openapi/v1.json");
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

    [Fact]
    public async Task Every_problem_type_is_one_of_the_statuses_described_somewhere()
    {
        await using var world = await WorldAsync();
        var statuses = Operations(await world.GetAsync("/openapi/v1.json"))
            .SelectMany(o => o.Operation.GetProperty("responses").EnumerateObject().Select(r => r.Name)).ToHashSet(StringComparer.Ordinal);
        // What any address may answer is not repeated at each.
        int[] anywhere = [405, 500];
        Assert.All(ProblemTypes.All.Where(t => !anywhere.Contains(t.Status)), t => Assert.Contains($"{t.Status}", statuses));
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

    private static async Task FitsAsync(ApiWorld world, string path, string method, int status, HttpResponseMessage response)
    {
        var body = await response.Content.ReadAsStringAsync();
        Assert.True((int)response.StatusCode == status, $"{response.StatusCode} {body}");
        var document = await world.GetAsync("/openapi/v1.json");
        var check = new SchemaCheck(document);
        var described = check.Resolve(document.GetProperty("paths").GetProperty(path).GetProperty(method).GetProperty("responses").GetProperty($"{status}"));
        var type = response.Content.Headers.ContentType!.MediaType!;
        Assert.Equal([], check.FaultsOf(JsonDocument.Parse(body).RootElement, described.GetProperty("content").GetProperty(type).GetProperty("schema")));
        if (described.TryGetProperty("headers", out var headers))
            Assert.All(headers.EnumerateObject(), h => Assert.True(response.Headers.Contains(h.Name), $"{h.Name} is missing"));
    }

    private static IEnumerable<(string Path, JsonElement Operation)> Operations(JsonElement document) =>
        document.GetProperty("paths").EnumerateObject().SelectMany(p => p.Value.EnumerateObject().Select(m => (p.Name, m.Value)));

    private static IEnumerable<JsonElement> References(JsonElement part) => part.ValueKind switch
    {
        JsonValueKind.Object when part.TryGetProperty("$ref", out _) => [part],
        JsonValueKind.Object => part.EnumerateObject().SelectMany(p => References(p.Value)),
        JsonValueKind.Array => part.EnumerateArray().SelectMany(References),
        _ => [],
    };

    private static IEnumerable<JsonElement> Contents(JsonElement part) => part.ValueKind switch
    {
        JsonValueKind.Object when part.TryGetProperty("content", out var content) && content.ValueKind == JsonValueKind.Object =>
            content.EnumerateObject().Select(c => c.Value),
        JsonValueKind.Object => part.EnumerateObject().SelectMany(p => Contents(p.Value)),
        JsonValueKind.Array => part.EnumerateArray().SelectMany(Contents),
        _ => [],
    };
}
