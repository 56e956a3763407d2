using System.Text.Json.Nodes;

namespace OutageAggregator.Web.Features.OpenApi;

/// <summary>What is said of the API as a whole, the parts that its addresses refer to, and examples.</summary>
internal static class DocumentFrame
{
    internal const string Key = "key";
    private static readonly Lazy<JsonObject> s_examples = new(() =>
    {
        using var stream = typeof(DocumentFrame).Assembly.GetManifestResourceStream("openapi/examples.json")!;
        return JsonNode.Parse(stream)!.AsObject();
    });

    internal static Task AddAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellation)
    {
        document.Info = new OpenApiInfo
        {
            Title = "OutageAggregator",
            Version = "1",
            Summary = "Crowd reports of outages, and what they add up to.",
            Description =
                """
                People who can't reach a service press "it's down". Their reports are counted per service and region and compared with
                what is usual at that minute of the week; where the deviation is real, there is an incident.

                Reading needs no key, is allowed from any origin, sends an `ETag` and answers 304. Every answer carries `freshness`:
                stale data is grey, never green. Reports are reports: they are not users, and not confirmed by the provider.

                All times are RFC 3339 in UTC with `Z`. Errors are problem details (RFC 9457) whose `type` is stable and leads to its
                explanation. An unknown query parameter is an error.

                Lists are paged: `next` is a cursor, or null on the last page; pass it as `cursor` with the other parameters
                unchanged.

                Nothing here is stored about readers.
                """,
            License = new OpenApiLicense { Name = "MIT", Identifier = "MIT" },
        };
        var paths = new OpenApiPaths();
        foreach (var (path, item) in document.Paths.OrderBy(p => p.Key, StringComparer.Ordinal))
            paths.Add(path, item);
        document.Paths = paths;
        document.Tags = new HashSet<OpenApiTag>
        {
            new() { Name = Tags.Reporting, Description = "Saying that something is down, or back." },
            new() { Name = Tags.Reading, Description = "Services, charts and incidents." },
            new() { Name = Tags.Live, Description = "Server-sent events." },
            new() { Name = Tags.Operating, Description = "Is the server well, and what do its errors mean?" },
        };
        _ = document.AddComponent(Key, new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.Http,
            Scheme = "bearer",
            Description = "A key that the operator of this server gave out, with the scope that the address names.",
        });
        AddHeader(
            document, "ETag",
            "Of the data. Weak where the body carries `freshness`: its age may differ, its data may not, and its observation lies in the "
            + "same minute.", "W/\"1jMkU9jYd0gTtD5v-1b8c0f4f\"");
        AddHeader(
            document, "Freshness",
            "Structured field (RFC 9651), exact on every answer, 304 included: `fresh` or `stale`, when observed (Unix time), age in "
            + "seconds, and `simulated` or `demo` where they hold.", "fresh;observed=@1731111625;age=5");
        AddHeader(document, "Retry-After", "Seconds.", 2, JsonSchemaType.Integer);
        return Task.CompletedTask;
    }

    /// <summary>Examples of what an address takes and answers, by the name of its operation: <c>request</c>, or the status.</summary>
    internal static void AddExamples(OpenApiOperation operation)
    {
        if (s_examples.Value[operation.OperationId!] is not JsonObject examples)
            return;
        foreach (var (of, example) in examples)
        {
            var contents = of == "request" ? operation.RequestBody?.Content : operation.Responses?[of].Content;
            if (contents?.Values.First() is OpenApiMediaType content)
                content.Example = example!.DeepClone();
        }
    }

    private static void AddHeader(
        OpenApiDocument document, string name, string description, JsonNode example, JsonSchemaType type = JsonSchemaType.String) =>
        document.AddComponent(
            name, new OpenApiHeader { Description = description, Example = example, Schema = new OpenApiSchema { Type = type } });
}
