using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using OutageAggregator.Core.Windows;
using OutageAggregator.Runtime.Reading;
using OutageAggregator.Web.Answers;

namespace OutageAggregator.Web.Caching;

/// <summary>
/// Sends rendered answers with their freshness and ETag, or 304 to a caller who has them already.
/// <para>
/// A JSON body carries the freshness, whose age is another one every second; an ETag over it would never match. So the ETag is weak
/// and speaks of the data, whether it is fresh, and the minute it was observed in: a caller who is told 304 holds the same data, and a freshness
/// that is right to the minute. The header <c>Freshness</c>, a structured field of RFC 9651, is exact on every answer, 304 included. CSV
/// carries no freshness in its rows, so its ETag is strong.
/// </para>
/// <c>Cache-Control: no-cache</c>: may be kept, must be asked about each time. That costs a 304 and no shared cache shows green
/// for what is red.
/// </summary>
internal sealed class FreshAnswers(FreshnessReader reader, ServerNotice notice)
{
    private const string HeaderName = "Freshness";

    internal async ValueTask<IResult> OfAsync(Rendered rendered, HttpContext context) =>
        new Answer(rendered, await reader.ReadAsync(context.RequestAborted), notice);

    private sealed class Answer(Rendered rendered, Freshness freshness, ServerNotice notice) : IResult
    {
        public async Task ExecuteAsync(HttpContext httpContext)
        {
            var (request, response) = (httpContext.Request, httpContext.Response);
            var etag = ETag();
            response.Headers.ETag = etag;
            response.Headers.CacheControl = "no-cache";
            response.Headers[HeaderName] = Header();
            if (EntityTags.Holds(request, etag))
            {
                response.StatusCode = StatusCodes.Status304NotModified;
                return;
            }

            response.ContentType = rendered.MediaType;
            var tail = rendered.IsJson ? Tail() : [];
            var head = rendered.IsJson ? rendered.Body[..^1] : rendered.Body;
            response.ContentLength = head.Length + tail.Length;
            if (HttpMethods.IsHead(request.Method))
                return;
            var output = response.BodyWriter;
            output.Write(head.Span);
            output.Write(tail);
            _ = await output.FlushAsync(httpContext.RequestAborted);
        }

        private string ETag() => rendered.IsJson
            ? string.Create(CultureInfo.InvariantCulture,
                $"W/\"{rendered.Hash}-{Minute.Of(freshness.ObservedAt).Number:x}{(freshness.IsStale ? "s" : "f")}{(notice.Demo ? "d" : "")}\"")
            : $"\"{rendered.Hash}\"";

        private string Header() => string.Create(CultureInfo.InvariantCulture,
            $"{(freshness.IsStale ? "stale" : "fresh")};observed=@{freshness.ObservedAt.ToUnixTimeSeconds()};age={(long)freshness.Age.TotalSeconds}"
            + $"{(notice.ClockSpeed is { } speed ? $";simulated={speed:0.0##}" : "")}{(notice.Demo ? ";demo" : "")}");

        // What replaces the closing brace.
        private byte[] Tail()
        {
            var json = JsonSerializer.SerializeToUtf8Bytes(FreshnessAnswer.Of(freshness, notice), FreshnessJson.Written.FreshnessAnswer);
            var name = ",\"freshness\":"u8;
            var tail = new byte[name.Length + json.Length + 1];
            name.CopyTo(tail);
            json.CopyTo(tail, name.Length);
            tail[^1] = (byte)'}';
            return tail;
        }
    }
}
