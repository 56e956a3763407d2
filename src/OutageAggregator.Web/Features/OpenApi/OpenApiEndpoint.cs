namespace OutageAggregator.Web.Features.OpenApi;

/// <summary>
/// <c>GET /openapi/v1.json</c>: the description of the API, OpenAPI 3.1.
/// <para>
/// The framework makes it from what is said where each address is mapped, and from the comments of the types that are answered. It is made
/// when somebody first asks, and kept: it stays the same while the server runs, but for the place of the server. Tests hold it to the truth: every address of the API is in
/// it, and real answers fit its schemas.
/// </para>
/// </summary>
internal static class OpenApiEndpoint
{
    private const string Version = "v1";

    internal static void AddApiDescription(this IServiceCollection services)
    {
        services.ConfigureHttpJsonOptions(options => AnswerJson.Apply(options.SerializerOptions));
        services.AddOpenApi(options =>
        {
            options.ShouldInclude = address => address.HttpMethod != HttpMethods.Head;
            options.CreateSchemaReferenceId = type =>
                OpenApiOptions.CreateDefaultSchemaReferenceId(type) is null
                    ? null
                    : SchemaDetails.NameOf(Nullable.GetUnderlyingType(type.Type) ?? type.Type);
            options.AddSchemaTransformer(SchemaDetails.AddAsync);
            options.AddOperationTransformer(OperationDetails.AddAsync);
            options.AddDocumentTransformer(DocumentFrame.AddAsync);
        });
        services.AddSingleton(provider => new Descriptions(
            provider.GetRequiredKeyedService<IOpenApiDocumentProvider>(Version), provider.GetRequiredService<SiteSettings>()));
    }

    internal static void MapApiDescription(this IEndpointRouteBuilder app) =>
        _ = app.MapMethods("/openapi/v1.json", ReadRoutes.Methods, async Task<IResult> (HttpContext context, Descriptions descriptions) =>
            new QueryReader(context).IsGood(out var complaint) ? await descriptions.ForAsync(context.Request) : complaint)
            .Describe("getOpenApi", Tags.Operating, "This document")
            .Answers(200, "OpenAPI 3.1.", typeof(object))
            .Answers(304, "You hold it already.")
            .Refuses(ProblemTypes.InvalidInput, ProblemTypes.TooManyRequests);
}
