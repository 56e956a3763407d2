using System.IO.Compression;

namespace OutageAggregator.Web.Caching;

/// <summary>Compresses pages and assets, which carry no secrets that their length could tell.</summary>
internal static class Compression
{
    internal static string? Accepted(HttpRequest request)
    {
        if (!StringWithQualityHeaderValue.TryParseList(request.Headers.AcceptEncoding, out var accepted))
            return null;
        // A weight of 0 refuses; between the others the shorter answer wins, whatever the weights.
        bool Takes(string encoding) => accepted.Any(a => a.Quality != 0 && a.Value == encoding);
        return Takes("br") ? "br" : Takes("gzip") ? "gzip" : null;
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
