using System.Text.Encodings.Web;

namespace OutageAggregator.Web.Http;

/// <summary>A body that is written in one piece, with its length known.</summary>
internal static class JsonBody
{
    /// <summary>Escapes what JSON demands and no more: people read these answers, which browsers are told not to take for HTML.</summary>
    internal static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    internal static Task WriteAsync<T>(HttpContext context, T body, string mediaType = MediaType.Json) =>
        WriteBytesAsync(context, AnswerJson.Write(body), mediaType);

    internal static Task WriteBytesAsync(HttpContext context, ReadOnlyMemory<byte> body, string mediaType = MediaType.Json)
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
