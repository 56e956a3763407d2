using System.Buffers.Text;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace OutageAggregator.Web.Caching;

/// <summary>The bytes of an answer, and a hash of them for its ETag. A JSON body is an object that lacks its freshness, which is added as it is sent.</summary>
internal sealed class Rendered
{
    private Rendered(byte[] body, string mediaType, bool isJson)
    {
        Body = body;
        MediaType = mediaType;
        IsJson = isJson;
        Hash = Base64Url.EncodeToString(SHA256.HashData(body).AsSpan(0, 12));
    }

    internal ReadOnlyMemory<byte> Body { get; }

    internal string MediaType { get; }

    internal bool IsJson { get; }

    /// <summary>96 bits of SHA-256.</summary>
    internal string Hash { get; }

    internal static Rendered Json<T>(T body, JsonTypeInfo<T> type) =>
        new(JsonSerializer.SerializeToUtf8Bytes(body, type), "application/json", true);

    internal static Rendered Csv(byte[] body) => new(body, "text/csv; charset=utf-8", false);

    internal static Rendered Document(byte[] body, string mediaType) => new(body, mediaType, false);
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
