using System.Text.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using OutageAggregator.Runtime.Reading;
using OutageAggregator.Web.Problems;

namespace OutageAggregator.Web.Tests.Features.OpenApi;

/// <summary>The description of the API, held to the truth.</summary>
public sealed class OpenApiTests
{
    [Fact]
    public async Task Every_address_of_the_API_is_described_with_its_methods_and_no_other()
    {
        await using var world = await ApiWorld.StartAsync();
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
        var document = await DescribedWorld.DocumentAsync();
        Assert.Equal("3.1.1", document.GetProperty("openapi").GetString());
        var check = new SchemaCheck(document);
        var references = References(document).ToList();
        Assert.NotEmpty(references);
        Assert.All(references, r => check.Resolve(r));
        var ids = DescribedWorld.Operations(document).Select(o => o.Operation.GetProperty("operationId").GetString()).ToList();
        Assert.Equal(ids.Count, ids.Distinct().Count());
        var tags = document.GetProperty("tags").EnumerateArray().Select(t => t.GetProperty("name").GetString()).ToList();
        Assert.All(DescribedWorld.Operations(document), o =>
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
        var document = await DescribedWorld.DocumentAsync();
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

    [Fact]
    public async Task A_stream_of_events_refers_to_the_schemas_of_its_data()
    {
        var stream = (await DescribedWorld.DocumentAsync()).GetProperty("paths").GetProperty("/api/v1/live").GetProperty("get")
            .GetProperty("responses").GetProperty("200").GetProperty("content").GetProperty("text/event-stream").GetProperty("schema");
        Assert.Equal("string", stream.GetProperty("type").GetString());
        Assert.Equal(
            ["#/components/schemas/LiveStatus", "#/components/schemas/LiveIncident", "#/components/schemas/LiveCounts"],
            stream.GetProperty("contentSchema").GetProperty("oneOf").EnumerateArray().Select(s => s.GetProperty("$ref").GetString()));
    }

    [Fact]
    public async Task An_address_that_may_ask_for_a_key_says_so_and_no_other()
    {
        var document = await DescribedWorld.DocumentAsync();
        Assert.Equal("bearer", document.GetProperty("components").GetProperty("securitySchemes").GetProperty("key").GetProperty("scheme").GetString());
        var keyed = DescribedWorld.Operations(document).Where(o => o.Operation.GetProperty("responses").TryGetProperty("401", out _)).ToList();
        Assert.Equal(
            [
                "/api/v1/incidents/{id}/review", "/api/v1/proposals", "/api/v1/proposals/{id}", "/api/v1/proposals/{id}", "/api/v1/reports/batch",
            ],
            keyed.Select(o => o.Path).Order(StringComparer.Ordinal));
        Assert.All(DescribedWorld.Operations(document), o => Assert.Equal(
            keyed.Contains(o) ? """[{"key":[]}]""" : "[]", JsonSerializer.Serialize(o.Operation.GetProperty("security"))));
    }

    [Fact]
    public async Task A_client_made_from_the_description_gets_one_type_for_each_answer()
    {
        var document = await DescribedWorld.DocumentAsync();
        foreach (var (path, operation) in DescribedWorld.Operations(document))
        {
            foreach (var response in operation.GetProperty("responses").EnumerateObject().Where(r => r.Value.TryGetProperty("content", out _)))
                Assert.True(response.Value.GetProperty("content").EnumerateObject().Count() == 1, $"{path} {response.Name}");
        }
        // Numbers are numbers, and nothing but null stands beside a type.
        Assert.All(TypesOf(document), types => Assert.True(types.Count == 1 || (types.Count == 2 && types.Contains("null")), string.Join(" or ", types)));
    }

    [Fact]
    public async Task A_report_requires_only_its_service_and_states_what_stands_for_the_rest()
    {
        var report = (await DescribedWorld.DocumentAsync()).GetProperty("components").GetProperty("schemas").GetProperty("ReportInput");
        Assert.Equal(["service"], report.GetProperty("required").EnumerateArray().Select(r => r.GetString()));
        Assert.False(report.GetProperty("additionalProperties").GetBoolean());
        var fields = report.GetProperty("properties");
        Assert.Equal(
            ["unavailable", "unknown", "down"],
            new[] { "problem", "surface", "kind" }.Select(f => fields.GetProperty(f).GetProperty("default").GetString()));
    }

    [Fact]
    public async Task The_codes_of_a_schema_are_those_that_are_read_and_stored()
    {
        var schemas = (await DescribedWorld.DocumentAsync()).GetProperty("components").GetProperty("schemas");
        IEnumerable<string?> CodesOf(string schema) => schemas.GetProperty(schema).GetProperty("enum").EnumerateArray().Select(c => c.GetString());
        Assert.Equal(ReportCodes.Problems, CodesOf("ProblemCode"));
        Assert.Equal(ReportCodes.Surfaces, CodesOf("SurfaceCode"));
        Assert.Equal(ReportCodes.Kinds, CodesOf("ReportKind"));
        Assert.Equal(ReviewCodes.Verdicts, CodesOf("ReviewVerdict"));
        Assert.Equal(Codes.Statuses, CodesOf("ServiceStatus"));
        Assert.Equal(Codes.States, CodesOf("IncidentState"));
        Assert.Equal(Enum.GetValues<PhaseKind>().Select(k => k.Code()), CodesOf("PhaseKind"));
        Assert.Equal(Enum.GetValues<PointVerdict>().Select(v => v.Code()), CodesOf("PointVerdict"));
        Assert.Equal(Enum.GetValues<Confidence>().Select(c => c.Code()), CodesOf("Confidence"));
    }

    [Fact]
    public async Task What_nothing_refers_to_is_not_described()
    {
        var document = await DescribedWorld.DocumentAsync();
        var referred = References(document).Select(r => r.GetProperty("$ref").GetString()).ToHashSet(StringComparer.Ordinal);
        Assert.All(
            document.GetProperty("components").GetProperty("schemas").EnumerateObject(),
            s => Assert.Contains($"#/components/schemas/{s.Name}", referred));
    }

    [Fact]
    public async Task Every_problem_type_is_one_of_the_statuses_described_somewhere()
    {
        var statuses = DescribedWorld.Operations(await DescribedWorld.DocumentAsync())
            .SelectMany(o => o.Operation.GetProperty("responses").EnumerateObject().Select(r => r.Name)).ToHashSet(StringComparer.Ordinal);
        // What any address may answer is not repeated at each.
        int[] anywhere = [405, 500];
        Assert.All(ProblemTypes.All.Where(t => !anywhere.Contains(t.Status)), t => Assert.Contains($"{t.Status}", statuses));
    }

    // The value of each "type" of a schema; a member of that name is another thing.
    private static IEnumerable<List<string>> TypesOf(JsonElement part) => part.ValueKind switch
    {
        JsonValueKind.Object => part.EnumerateObject().SelectMany(p => (p.Name, p.Value.ValueKind) switch
        {
            ("type", JsonValueKind.String) => [[p.Value.GetString()!]],
            ("type", JsonValueKind.Array) => [[.. p.Value.EnumerateArray().Select(t => t.GetString()!)]],
            _ => TypesOf(p.Value),
        }),
        JsonValueKind.Array => part.EnumerateArray().SelectMany(TypesOf),
        _ => [],
    };

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
