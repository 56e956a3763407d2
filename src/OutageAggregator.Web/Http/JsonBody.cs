using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;

namespace OutageAggregator.Web.Http;

/// <summary>A JSON answer that is written in one piece, with its length known.</summary>
internal static class JsonBody
{
    /// <summary>
    /// Escapes what JSON demands and no more: people read these answers. The stricter default guards JSON inside HTML pages; ours is data of
    /// its own type, which browsers are told not to guess about.
    /// </summary>
    internal static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    internal static Task WriteAsync<T>(HttpContext context, T body, JsonTypeInfo<T> type, string mediaType = "application/json") =>
        WriteAsync(context, JsonSerializer.SerializeToUtf8Bytes(body, type), mediaType);

    internal static Task WriteAsync(HttpContext context, ReadOnlyMemory<byte> body, string mediaType = "application/json")
    {
        context.Response.ContentType = mediaType;
        context.Response.ContentLength = body.Length;
        return HttpMethods.IsHead(context.Request.Method)
            ? Task.CompletedTask
            : context.Response.Body.WriteAsync(body, context.RequestAborted).AsTask();
    }

    internal static ReadOnlyMemory<byte> ToBytes(Action<Utf8JsonWriter> write)
    {
        var body = new ArrayBufferWriter<byte>(512);
#pragma warning disable MA0045 // The writer writes to memory: there is nothing to wait for.
        using (var json = new Utf8JsonWriter(body, Plain))
            write(json);
#pragma warning restore MA0045
        return body.WrittenMemory;
    }
}
