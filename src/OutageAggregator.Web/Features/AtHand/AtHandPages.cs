namespace OutageAggregator.Web.Features.AtHand;

/// <summary>
/// What installs an app of the site: <c>/manifest.webmanifest</c>. Its addresses are relative, so they hold under any path; without an id of its own
/// the app is known by where it starts, so two sites of one origin are two.
/// </summary>
internal sealed record AppManifest(
    string Name, [property: JsonPropertyName("short_name")] string ShortName, string Description, string Lang, string Dir,
    [property: JsonPropertyName("start_url")] string StartUrl, string Scope, string Display,
    [property: JsonPropertyName("background_color")] string BackgroundColor,
    [property: JsonPropertyName("theme_color")] string ThemeColor, ImmutableArray<AppIcon> Icons);

/// <param name="Purpose"><c>any</c>, or <c>maskable</c>: what is drawn stays within the middle four fifths.</param>
internal readonly record struct AppIcon(string Src, string Sizes, string Type, string Purpose);

/// <summary>Nothing: the page is the same for everybody, always.</summary>
public sealed record OfflineModel;

/// <summary>
/// What makes the site an app on a phone: the manifest, and what is shown without a connection. The worker keeps that one page with its
/// style and script, and nothing that speaks of how things stand.
/// </summary>
public static class AtHandPages
{
    // The page is the first: the worker shows it.
    private static readonly string[] s_files =
        ["offline", .. new[] { "charts.css", "site.css", "favicon.svg", $"live-{Languages.English.Code}.js", "tap.js" }.Select(Relative)];

    private static readonly byte[] s_manifest = AnswerJson.Write(new AppManifest(
        "OutageAggregator", "Outages", Languages.English.HomeDescription, Languages.English.Code, Languages.English.Direction, "./", "./",
        "standalone", "#fdfdfb", "#fdfdfb",
        [
            new(Relative("favicon.svg"), "any", "image/svg+xml", "any"), new(Relative("icon-192.png"), "192x192", "image/png", "any"),
            new(Relative("icon-512.png"), "512x512", "image/png", "any"),
            new(Relative("icon-maskable-512.png"), "512x512", "image/png", "maskable"),
        ]));

    private static readonly byte[] s_worker = Worker();

    public static void MapAtHand(this IEndpointRouteBuilder app)
    {
        app.MapMethods("/manifest.webmanifest", ReadRoutes.Methods, (HttpContext context) =>
            Kept(context, s_manifest, "application/manifest+json")).ExcludeFromDescription();
        // At the root of the site: a worker serves what is below it.
        app.MapMethods("/worker.js", ReadRoutes.Methods, (HttpContext context) =>
            Kept(context, s_worker, "text/javascript; charset=utf-8")).ExcludeFromDescription();
        app.MapMethods("/offline", ReadRoutes.Methods, (HttpContext context, PageAnswers pages) =>
            pages.SharedAsync<OfflinePage>(
                context, "/offline", "/offline", () => Task.FromResult<object>(new OfflineModel()), isNamed: false)).ExcludeFromDescription();
    }

    private static string Relative(string asset) => SiteAssets.Path(asset)[1..];

    private static IResult Kept(HttpContext context, byte[] bytes, string mediaType)
    {
        context.Response.Headers.CacheControl = "no-cache";
        return Results.Bytes(bytes, mediaType);
    }

    // Of each build: browsers fetch all of it anew, since the words of the page may be others where no file is.
    private static byte[] Worker()
    {
        var files = JsonSerializer.Serialize(s_files);
        var script = SiteAssets.Bytes("worker.js");
        var version = typeof(AtHandPages).Module.ModuleVersionId.ToString("N");
        return [.. Encoding.UTF8.GetBytes($"const version = '{version}', files = {files};\n"), .. script];
    }
}
