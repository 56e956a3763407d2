using System.Buffers.Text;
using System.IO.Compression;

namespace OutageAggregator.Web.Caching;

/// <summary>
/// The bytes of an answer, and a hash of them for its ETag. A JSON answer lacks its freshness, which changes every second while its
/// data does not: <see cref="With"/> adds it, and keeps what was sent last, so that a crowd costs one join and one compression a second.
/// </summary>
/// <param name="isJson">True for an object to which freshness is added.</param>
internal sealed class Rendered(byte[] body, string mediaType, bool isJson = false)
{
    // Below this, compressing costs more than it saves.
    private const int SmallBytes = 1_024;
    private static readonly byte[] s_member = ",\"freshness\":"u8.ToArray();
    private readonly string _hash = Base64Url.EncodeToString(SHA256.HashData(body).AsSpan(0, 12));
    private Sent? _latest;

    internal string MediaType => mediaType;
    internal int Length => body.Length;
    internal static Rendered Json<T>(T body) => new(AnswerJson.Write(body), Http.MediaType.Json, isJson: true);

    /// <summary>The answer as it is sent while a freshness holds; one that carries none stays the same.</summary>
    internal Sent With(FreshnessMark freshness)
    {
        var latest = Volatile.Read(ref _latest);
        if (latest is null || (isJson && !ReferenceEquals(latest.Freshness, freshness)))
            Volatile.Write(ref _latest, latest = new Sent(Join(freshness.Json), TagOf(freshness), freshness));
        return latest;
    }

    /// <summary>The body with a last member, where it is an object: <c>{"a":1}</c> becomes <c>{"a":1,"freshness":{...}}</c>.</summary>
    internal byte[] Join(byte[] freshness) => isJson ? [.. body.AsSpan(..^1), .. s_member, .. freshness, (byte)'}'] : body;

    private string TagOf(FreshnessMark freshness) => isJson ? $"W/\"{_hash}-{freshness.Tag}\"" : $"\"{_hash}\"";

    /// <summary>An answer with its freshness, in each encoding that somebody asked for.</summary>
    /// <param name="ETag">Of the plain bytes: it is sent as a weak one where they are compressed.</param>
    internal sealed record Sent(byte[] Plain, string ETag, FreshnessMark Freshness)
    {
        private readonly Lazy<byte[]> _brotli = new(() => Compression.Brotli(Plain, CompressionLevel.Fastest));
        private readonly Lazy<byte[]> _gzip = new(() => Compression.Gzip(Plain, CompressionLevel.Fastest));

        internal bool IsWorthCompressing => Plain.Length > SmallBytes;
        internal byte[] In(string? encoding) => encoding switch { "br" => _brotli.Value, "gzip" => _gzip.Value, _ => Plain };
    }
}

/// <summary>A freshness in each form in which answers carry it, the same for all answers of a second.</summary>
/// <param name="Header">The structured field of RFC 9651.</param>
/// <param name="Tag">What of it an ETag speaks of: the minute it was observed in, and whether it is fresh and real.</param>
internal sealed record FreshnessMark(string Header, string Tag, byte[] Json)
{
    internal static FreshnessMark None { get; } = new("", "", []);
}

/// <summary>Renders once what readers hand to everybody who asks within a second: it is remembered as long as they remember it.</summary>
internal sealed class RenderMemo<TAnswer>(Func<TAnswer, Rendered> render) where TAnswer : class
{
    private readonly ConditionalWeakTable<TAnswer, Rendered> _known = [];

    internal Rendered Of(TAnswer answer) => _known.GetValue(answer, key => render(key));
}
