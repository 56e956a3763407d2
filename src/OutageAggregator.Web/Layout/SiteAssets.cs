using System.Collections.Frozen;
using System.IO.Compression;

namespace OutageAggregator.Web.Layout;

/// <summary>
/// The style sheets, the script modules with their words, and the icons: embedded, so that nothing can be missing beside the binaries. Each is compressed once,
/// and its address carries a piece of its hash: a browser may keep it for a year.
/// </summary>
public static class SiteAssets
{
    private static readonly FrozenDictionary<string, Asset> s_byName = Load();
    private static readonly FrozenDictionary<string, Asset> s_byPath =
        s_byName.Values.ToFrozenDictionary(a => a.Path, StringComparer.Ordinal);

    /// <summary>Where a browser finds an asset: <c>/assets/site-1a2b3c4d.css</c>.</summary>
    /// <exception cref="KeyNotFoundException">There is no such asset.</exception>
    public static string Path(string name) => s_byName[name].Path;

    /// <summary>Bytes of an asset as it is sent to a browser that takes no compression.</summary>
    public static int Length(string name) => s_byName[name].Plain.Length;

    /// <summary>An asset as it is sent to a browser that takes no compression.</summary>
    internal static ReadOnlySpan<byte> Bytes(string name) => s_byName[name].Plain;

    internal static void MapSiteAssets(this IEndpointRouteBuilder app) =>
        app.MapMethods("/assets/{file}", ReadRoutes.Methods, (HttpContext context, string file) =>
        {
            // An address of an older release: a page that is still open asks for what it knew. The newest is better than none.
            var asset = s_byPath.GetValueOrDefault("/assets/" + file) ?? OfAnotherRelease(file);
            if (asset is null)
                return Results.NotFound();
            var headers = context.Response.Headers;
            headers.CacheControl = asset.Path.EndsWith(file, StringComparison.Ordinal) ? "public, max-age=31536000, immutable" : "no-cache";
            headers.Vary = HeaderNames.AcceptEncoding;
            var encoding = Compression.Accepted(context.Request);
            if (encoding is not null)
                headers.ContentEncoding = encoding;
            return Results.Bytes(encoding switch { "br" => asset.Brotli, "gzip" => asset.Gzip, _ => asset.Plain }, asset.ContentType);
        }).ExcludeFromDescription();

    private static Asset? OfAnotherRelease(string file)
    {
        var hyphen = file.LastIndexOf('-');
        var dot = file.LastIndexOf('.');
        return hyphen > 0 && dot > hyphen ? s_byName.GetValueOrDefault(file[..hyphen] + file[dot..]) : null;
    }

    private static FrozenDictionary<string, Asset> Load()
    {
        const string Prefix = "assets/";
        var assembly = typeof(SiteAssets).Assembly;
        var files = assembly.GetManifestResourceNames().Where(n => n.StartsWith(Prefix, StringComparison.Ordinal))
            .Select(resource =>
            {
                using var stream = assembly.GetManifestResourceStream(resource)!;
                using var memory = new MemoryStream();
                stream.CopyTo(memory);
                return Asset.Of(resource[Prefix.Length..], WithoutComments(resource, memory.ToArray()));
            })
            .ToDictionary(a => a.Name, StringComparer.Ordinal);
        foreach (var language in Languages.All)
            Add($"live-{language.Code}.js", [.. "const words = "u8, .. language.Script, .. ";\n"u8, .. files["live.js"].Plain]);
        Add("tap.js", [.. files["tap-queue.js"].Plain, .. files["tap-receipt.js"].Plain, .. files["tap-tell.js"].Plain]);
        return files.ToFrozenDictionary(StringComparer.Ordinal);

        // One request brings what is read together: a round trip is a second where a crowd shares the air.
        void Add(string name, byte[] text) => files.Add(name, Asset.Of(name, text));
    }

    // Comments are for those who read the source. In scripts they stand on lines of their own: no other line begins so.
    private static byte[] WithoutComments(string name, byte[] text) => !name.EndsWith(".js", StringComparison.Ordinal) ? text
        : Encoding.UTF8.GetBytes(string.Join('\n', Encoding.UTF8.GetString(text).Split('\n').Where(l => !l.AsSpan().TrimStart().StartsWith("//"))));

    private sealed record Asset(string Name, string Path, string ContentType, byte[] Plain, byte[] Gzip, byte[] Brotli)
    {
        internal static Asset Of(string name, byte[] plain)
        {
            var dot = name.LastIndexOf('.');
            var hash = Convert.ToHexStringLower(SHA256.HashData(plain).AsSpan(0, 4));
            var type = name[dot..] switch
            {
                ".css" => "text/css; charset=utf-8",
                ".js" => "text/javascript; charset=utf-8",
                ".svg" => "image/svg+xml",
                ".png" => "image/png",
                _ => throw new InvalidOperationException($"The asset '{name}' has no known type."),
            };
            return new Asset(
                name, $"/assets/{name[..dot]}-{hash}{name[dot..]}", type, plain,
                Compression.Gzip(plain, CompressionLevel.SmallestSize), Compression.Brotli(plain, CompressionLevel.SmallestSize));
        }
    }
}
