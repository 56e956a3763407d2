using System.IO.Compression;
using Microsoft.AspNetCore.Http;

// What is compressed here is in memory: there is nothing to wait for.
#pragma warning disable MA0045

namespace OutageAggregator.Web.Layout;

/// <summary>Compresses pages and assets, which carry no secrets that their length could tell.</summary>
internal static class Compression
{
    /// <summary>The best encoding the caller names: "br", "gzip", or null for none.</summary>
    internal static string? Accepted(HttpRequest request)
    {
        var gzip = false;
        foreach (var part in request.Headers.AcceptEncoding.ToString().Split(',', StringSplitOptions.TrimEntries))
        {
            // "br;q=0" refuses it; other weights don't matter to us.
            var isRefused = part.EndsWith(";q=0", StringComparison.Ordinal);
            if (part.StartsWith("br", StringComparison.Ordinal) && !isRefused)
                return "br";
            gzip |= part.StartsWith("gzip", StringComparison.Ordinal) && !isRefused;
        }
        return gzip ? "gzip" : null;
    }

    internal static byte[] Brotli(byte[] plain, CompressionLevel level) => Compress(plain, s => new BrotliStream(s, level));

    internal static byte[] Gzip(byte[] plain, CompressionLevel level) => Compress(plain, s => new GZipStream(s, level));

    private static byte[] Compress(byte[] plain, Func<Stream, Stream> wrap)
    {
        using var memory = new MemoryStream(plain.Length / 3);
        using (var compressor = wrap(memory))
            compressor.Write(plain);
        return memory.ToArray();
    }
}
