namespace OutageAggregator.Web.Features.OpenApi;

/// <summary>The description of the API, with the place of the server as who asks has to know it: the newest one is kept.</summary>
internal sealed class Descriptions(IOpenApiDocumentProvider documents, SiteSettings site)
{
    private readonly Lazy<Task<OpenApiDocument>> _document = new(() => documents.GetOpenApiDocumentAsync());
    private volatile Description? _newest;

    internal async Task<CachedAnswer> ForAsync(HttpRequest request)
    {
        var server = site.PublicUrl?.ToString() ?? (request.PathBase.HasValue ? request.PathBase.Value : "/");
        if (_newest is { } newest && newest.Server == server)
            return newest.Answer;
        var document = new OpenApiDocument(await _document.Value) { Servers = [new OpenApiServer { Url = server }] };
        using var json = new MemoryStream();
        await document.SerializeAsJsonAsync(json, OpenApiSpecVersion.OpenApi3_1, CancellationToken.None);
        var made = new Description(server, new CachedAnswer(new Rendered(json.ToArray(), MediaType.Json)));
        _newest = made;
        return made.Answer;
    }

    private sealed record Description(string Server, CachedAnswer Answer);
}
