using System.Buffers.Text;
using System.IO.Compression;

namespace OutageAggregator.Web.Caching;

/// <summary>
/// The bytes of an answer, and a hash of them for its ETag. A JSON answer lacks its freshness, which changes every second while its
/// data does not: <see cref="With"/> adds it, and keeps what was sent last, so that a crowd costs one join and one compression a second.
/// </summary>
internal class Rendered(byte[] body, string mediaType, bool isJson)
{
    // Below this, compressing costs more than it saves.
    private const int SmallBytes = 1_024;
    private static readonly byte[] s_member = ",\"freshness\":"u8.ToArray();

    private readonly string _hash = Base64Url.EncodeToString(SHA256.HashData(body).AsSpan(0, 12));
    private Sent? _latest;

    internal string MediaType => mediaType;
    internal int Length => body.Length;

    /// <summary>True for an object to which freshness is added.</summary>
    internal bool IsJson => isJson;

    internal static Rendered<T> Json<T>(T body) => new(AnswerJson.Write(body), "application/json", true);
    internal static Rendered<string> Csv(byte[] body) => new(body, "text/csv; charset=utf-8", false);
    internal static Rendered<string> Document(byte[] body, string mediaType) => new(body, mediaType, false);

    /// <summary>The answer as it is sent while a freshness holds; one that carries none stays the same.</summary>
    internal Sent With(FreshnessMark freshness)
    {
        var latest = Volatile.Read(ref _latest);
        if (latest is null || (isJson && !ReferenceEquals(latest.Freshness, freshness)))
            Volatile.Write(ref _latest, latest = new Sent(this, freshness));
        return latest;
    }

    /// <summary>The body with a last member, where it is an object: <c>{"a":1}</c> becomes <c>{"a":1,"freshness":{...}}</c>.</summary>
    internal byte[] Join(byte[] freshness)
    {
        if (!isJson)
            return body;
        var whole = new byte[body.Length + s_member.Length + freshness.Length];
        body.AsSpan(..^1).CopyTo(whole);
        s_member.CopyTo(whole.AsSpan(body.Length - 1));
        freshness.CopyTo(whole, body.Length - 1 + s_member.Length);
        whole[^1] = (byte)'}';
        return whole;
    }

    /// <summary>An answer with its freshness, in each encoding that somebody asked for.</summary>
    internal sealed class Sent
    {
        private readonly Lazy<byte[]> _plain;
        private readonly Lazy<byte[]> _brotli;
        private readonly Lazy<byte[]> _gzip;

        internal Sent(Rendered rendered, FreshnessMark freshness)
        {
            Freshness = freshness;
            ETag = rendered.IsJson ? $"W/\"{rendered._hash}-{freshness.Tag}\"" : $"\"{rendered._hash}\"";
            IsWorthCompressing = rendered.Length + (rendered.IsJson ? s_member.Length + freshness.Json.Length : 0) > SmallBytes;
            _plain = new(() => rendered.Join(freshness.Json));
            _brotli = new(() => Compression.Brotli(_plain.Value, CompressionLevel.Fastest));
            _gzip = new(() => Compression.Gzip(_plain.Value, CompressionLevel.Fastest));
        }

        internal FreshnessMark Freshness { get; }

        /// <summary>Of the plain bytes: it is sent as a weak one where they are compressed.</summary>
        internal string ETag { get; }

        internal bool IsWorthCompressing { get; }

        internal byte[] In(string? encoding) => encoding switch
        {
            "br" => _brotli.Value,
            "gzip" => _gzip.Value,
            _ => _plain.Value,
        };
    }
}

/// <summary>The bytes of an answer of a type, which the description of the API then names.</summary>
internal sealed class Rendered<T>(byte[] body, string mediaType, bool isJson) : Rendered(body, mediaType, isJson);

/// <summary>A freshness in each form in which answers carry it, the same for all answers of a second.</summary>
/// <param name="Header">The structured field of RFC 9651.</param>
/// <param name="Tag">What of it an ETag speaks of: the minute it was observed in, and whether it is fresh and real.</param>
internal sealed record FreshnessMark(string Header, string Tag, byte[] Json)
{
    internal static FreshnessMark None { get; } = new("", "", []);
}

/// <summary>Renders once what readers hand to everybody who asks within a second: it is remembered as long as they remember it.</summary>
internal sealed class RenderMemo<TAnswer, T>(Func<TAnswer, Rendered<T>> render) where TAnswer : class
{
    private readonly ConditionalWeakTable<TAnswer, Rendered<T>> _known = [];

    internal Rendered<T> Of(TAnswer answer) => _known.GetValue(answer, key => render(key));
}
