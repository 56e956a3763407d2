using System.Collections.Frozen;
using System.IO.Compression;
using System.Text.RegularExpressions;

namespace OutageAggregator.Web.Layout;

/// <summary>
/// The style sheets, the script modules with their words, and the icons: embedded, so that nothing can be missing beside the binaries. Each is compressed once,
/// and its address carries a piece of its hash: a browser may keep it for a year. What only their writers read is not sent: comments and space.
/// </summary>
public static partial class SiteAssets
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
                return Asset.Of(resource[Prefix.Length..], Sent(resource, memory.ToArray()));
            })
            .ToDictionary(a => a.Name, StringComparer.Ordinal);
        foreach (var language in Languages.All)
            Add($"live-{language.Code}.js", [.. "const words = "u8, .. language.Script, .. ";\n"u8, .. files["live.js"].Plain]);
        Add("tap.js", [.. files["tap-queue.js"].Plain, .. files["tap-receipt.js"].Plain, .. files["tap-tell.js"].Plain]);
        return files.ToFrozenDictionary(StringComparer.Ordinal);

        // One request brings what is read together: a round trip is a second where a crowd shares the air.
        void Add(string name, byte[] text) => files.Add(name, Asset.Of(name, text));
    }

    private static byte[] Sent(string name, byte[] written) => System.IO.Path.GetExtension(name) switch
    {
        ".js" => Encoding.UTF8.GetBytes(Script(Encoding.UTF8.GetString(written))),
        ".css" => Encoding.UTF8.GetBytes(Sheet(Encoding.UTF8.GetString(written))),
        _ => written,
    };

    // Only what is surely no part of a text goes: lines that are comments, and what follows code on its line and holds no quote.
    private static string Script(string written) => string.Join('\n', written.Split('\n').Select(l => Remark().Replace(l, "").Trim())
        .Where(l => l.Length > 0 && !l.StartsWith("//", StringComparison.Ordinal)));

    // No string in a sheet holds a comment or any of these marks with a space beside it.
    private static string Sheet(string written) => Marks().Replace(Comments().Replace(written, ""), "${mark}").Replace(";}", "}", StringComparison.Ordinal);

    [GeneratedRegex("""(?<=[;{}]) // [^'"`]*$""", RegexOptions.None, 1_000)]
    private static partial Regex Remark();

    [GeneratedRegex(@"/\*.*?\*/", RegexOptions.Singleline, 1_000)]
    private static partial Regex Comments();

    [GeneratedRegex(@"\s*(?<mark>[{};,])\s*|(?<=:)\s+", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Marks();

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
