using System.Buffers.Text;
using System.IO.Compression;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace OutageAggregator.Web.Caching;

/// <summary>
/// The bytes of an answer, and a hash of them for its ETag. A JSON answer lacks its freshness, which changes every second while its
/// data does not: <see cref="With"/> adds it, and keeps what was sent last, so that a crowd costs one compression a second.
/// </summary>
internal sealed class Rendered
{
    // Below this, compressing costs more than it saves.
    private const int SmallBytes = 1_024;

    private static readonly byte[] s_freshness = ",\"freshness\":"u8.ToArray();

    private readonly byte[] _body;
    private Sent? _latest;

    private Rendered(byte[] body, string mediaType, bool isJson)
    {
        _body = body;
        MediaType = mediaType;
        IsJson = isJson;
        Hash = Base64Url.EncodeToString(SHA256.HashData(body).AsSpan(0, 12));
    }

    internal string MediaType { get; }

    /// <summary>Bytes, without the freshness.</summary>
    internal int Length => _body.Length;

    /// <summary>True for an object to which freshness is added.</summary>
    internal bool IsJson { get; }

    /// <summary>96 bits of SHA-256, without the freshness.</summary>
    internal string Hash { get; }

    internal static Rendered Json<T>(T body, JsonTypeInfo<T> type) =>
        new(JsonSerializer.SerializeToUtf8Bytes(body, type), "application/json", true);

    internal static Rendered Csv(byte[] body) => new(body, "text/csv; charset=utf-8", false);

    internal static Rendered Document(byte[] body, string mediaType) => new(body, mediaType, false);

    /// <summary>The body as it is sent with a last member <c>freshness</c>; as it is where it is not an object or there is none.</summary>
    /// <param name="freshness">JSON, or empty.</param>
    internal Sent With(byte[] freshness)
    {
        var latest = Volatile.Read(ref _latest);
        if (latest is null || !latest.Freshness.AsSpan().SequenceEqual(freshness))
            Volatile.Write(ref _latest, latest = new Sent(freshness, Join(freshness)));
        return latest;
    }

    /// <summary>Whether <see cref="With"/> gives more bytes than are sent plain; builds nothing.</summary>
    internal bool IsWorthCompressing(byte[] freshness) =>
        _body.Length + (IsJoined(freshness) ? s_freshness.Length + freshness.Length : 0) > SmallBytes;

    private bool IsJoined(byte[] freshness) => IsJson && freshness.Length > 0;

    private byte[] Join(byte[] freshness)
    {
        if (!IsJoined(freshness))
            return _body;
        // {"a":1}  becomes  {"a":1,"freshness":{...}}
        var whole = new byte[_body.Length + s_freshness.Length + freshness.Length];
        _body.AsSpan(..^1).CopyTo(whole);
        s_freshness.CopyTo(whole.AsSpan(_body.Length - 1));
        freshness.CopyTo(whole, _body.Length - 1 + s_freshness.Length);
        whole[^1] = (byte)'}';
        return whole;
    }

    /// <summary>An answer in each encoding in which somebody asked for it.</summary>
    internal sealed class Sent(byte[] freshness, byte[] plain)
    {
        private readonly Lazy<byte[]> _brotli = new(() => Compression.Brotli(plain, CompressionLevel.Fastest));
        private readonly Lazy<byte[]> _gzip = new(() => Compression.Gzip(plain, CompressionLevel.Fastest));

        internal byte[] Freshness => freshness;

        /// <param name="encoding"><c>br</c>, <c>gzip</c>, or null for the plain bytes.</param>
        internal byte[] In(string? encoding) => encoding switch
        {
            "br" => _brotli.Value,
            "gzip" => _gzip.Value,
            _ => plain,
        };
    }
}

/// <summary>
/// Remembers what an answer of a reader looks like for as long as the reader remembers the answer: readers hand the same immutable
/// object to everybody who asks within a second, and it is rendered once. There is no lifetime to get wrong.
/// </summary>
internal sealed class RenderMemo<TAnswer>(Func<TAnswer, Rendered> render)
    where TAnswer : class
{
    private readonly ConditionalWeakTable<TAnswer, Rendered> _known = [];

    internal Rendered Of(TAnswer answer) => _known.GetValue(answer, key => render(key));
}
