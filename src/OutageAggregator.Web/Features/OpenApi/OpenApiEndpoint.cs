using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using OutageAggregator.Web.Answers;
using OutageAggregator.Web.Caching;
using OutageAggregator.Web.Http;

namespace OutageAggregator.Web.Features.OpenApi;

/// <summary>
/// <c>GET /openapi/v1.json</c>: the description of the API, OpenAPI 3.1.
/// <para>
/// It is written by hand, each feature's part in its own folder (<c>openapi.json</c>), and put together here once. Generating it from the
/// handlers was rejected: they read queries strictly and write rendered bytes, which no signature shows, and what matters most (what
/// a number means, what an error says, server-sent events) is in no type. Tests hold it to the truth: every address of the API is
/// in it, and real answers fit its schemas.
/// </para>
/// </summary>
internal static class OpenApiEndpoint
{
    private const string Folder = "openapi/";

    internal static void MapOpenApi(this IEndpointRouteBuilder app)
    {
        var answer = CachedAnswer.Unchanging(Rendered.Document(Encoding.UTF8.GetBytes(Assemble().ToJsonString()), "application/json"));
        _ = app.MapRead("/openapi/v1.json", (HttpContext context) =>
        {
            _ = new QueryReader(context.Request.Query).IsGood(out var complaint);
            return complaint ?? answer;
        });
    }

    private static JsonObject Assemble()
    {
        var assembly = typeof(OpenApiEndpoint).Assembly;
        string[] parts = [.. assembly.GetManifestResourceNames().Where(n => n.StartsWith(Folder, StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
        // This feature's own part is the frame: title, tags, and what the other parts refer to.
        var frame = parts.Single(n => n.Contains(nameof(OpenApi), StringComparison.Ordinal));
        var document = Read(frame);
        foreach (var part in parts.Where(n => n != frame))
            Merge(document, Read(part));
        return document;
    }

    private static JsonObject Read(string name)
    {
        using var stream = typeof(OpenApiEndpoint).Assembly.GetManifestResourceStream(name)!;
        return JsonNode.Parse(stream)!.AsObject();
    }

    // Objects are joined, and a member that two parts define differently is a mistake of theirs: it throws when the server starts.
    private static void Merge(JsonObject into, JsonObject part)
    {
        foreach (var (name, value) in part)
        {
            if (into[name] is JsonObject inner && value is JsonObject outer)
                Merge(inner, outer);
            else
                into.Add(name, value?.DeepClone());
        }
    }
}
