using Microsoft.AspNetCore.Http.Metadata;

namespace OutageAggregator.Web.Features.OpenApi;

/// <summary>Tells of an address what the framework doesn't know: parameters, bodies, keys, freshness and headers.</summary>
internal static class OperationDetails
{
    private static readonly Parameter s_ifNoneMatch = Parameter.InHeader("If-None-Match", "ETags that you hold: 304 if one still stands.");

    internal static Task AddAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellation)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        var answers = metadata.OfType<IProducesResponseTypeMetadata>().ToList();
        var isFresh = answers.Exists(a => a.StatusCode == 304) && answers.Exists(a => a.StatusCode == Mention.Freshness);
        var parameters = metadata.OfType<ParameterList>().FirstOrDefault()?.All ?? [];
        operation.Parameters = [.. (isFresh ? [.. parameters, s_ifNoneMatch] : parameters).Select(p => p.Told)];
        operation.Security = [];
        if (metadata.OfType<NeededScope>().FirstOrDefault() is { } needed)
        {
            operation.Security.Add(new() { [new(DocumentFrame.Key, context.Document)] = [] });
            operation.Description = $"Needs a key with the scope `{needed.Scope}`. {operation.Description}";
        }
        PlaceMentions(operation, metadata.OfType<BodyMediaTypes>().FirstOrDefault()?.All ?? []);
        foreach (var response in answers.Where(r => r.Description is not null))
            operation.Responses![$"{response.StatusCode}"].Description = response.Description;
        AddHeaders(operation, context.Document!, isFresh);
        DocumentFrame.AddExamples(operation);
        return Task.CompletedTask;
    }

    private static void PlaceMentions(OpenApiOperation operation, string[] bodyMediaTypes)
    {
        var responses = operation.Responses!;
        if (Take(responses, Mention.Body) is { } fields)
        {
            operation.RequestBody = new OpenApiRequestBody
            {
                Required = true,
                Content = bodyMediaTypes.ToDictionary(
                    type => type, type => new OpenApiMediaType { Schema = type == MediaType.NdJson ? TextOf(fields) : fields },
                    StringComparer.Ordinal),
            };
        }
        if (Take(responses, Mention.Freshness) is { } freshness && responses["200"].Content!.TryGetValue(MediaType.Json, out var json))
        {
            responses["200"].Description = (json.Schema as OpenApiSchemaReference)?.Target?.Description;
            json.Schema = new OpenApiSchema { AllOf = [json.Schema!, freshness] };
        }
        var events = new List<IOpenApiSchema>();
        while (Take(responses, Mention.Events + events.Count) is { } data)
            events.Add(data);
        if (events.Count > 0)
            responses["200"].Content!["text/event-stream"].Schema = TextOf(new OpenApiSchema { OneOf = events });
    }

    private static IOpenApiSchema? Take(OpenApiResponses responses, int status) =>
        responses.Remove($"{status}", out var mention) ? mention.Content![MediaType.Json].Schema : null;

    // Lines of JSON, and events whose data are JSON, are a text to OpenAPI 3.1.
    private static OpenApiSchema TextOf(IOpenApiSchema data) =>
        new() { Type = JsonSchemaType.String, ContentMediaType = MediaType.Json, ContentSchema = data };

    private static void AddHeaders(OpenApiOperation operation, OpenApiDocument document, bool isFresh)
    {
        foreach (var (status, response) in operation.Responses!)
        {
            string[] names = status switch
            {
                "200" or "304" when isFresh => ["ETag", "Freshness"],
                "200" or "304" when operation.Responses.ContainsKey("304") => ["ETag"],
                "429" or "503" => ["Retry-After"],
                _ => [],
            };
            if (names.Length > 0 && response is OpenApiResponse plain)
                plain.Headers = names.ToDictionary(
                    n => n, IOpenApiHeader (n) => new OpenApiHeaderReference(n, document), StringComparer.Ordinal);
        }
    }
}
