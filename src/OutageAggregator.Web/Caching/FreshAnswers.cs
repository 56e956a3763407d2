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
/// carries no freshness in its rows, so its ETag is strong where it is not compressed.
/// </para>
/// <c>Cache-Control: no-cache</c>: may be kept, must be asked about each time. That costs a 304 and no shared cache shows green
/// for what is red.
/// </summary>
internal sealed class FreshAnswers(FreshnessReader reader, ServerNotice notice)
{
    private const string HeaderName = "Freshness";

    internal async ValueTask<IResult> OfAsync(Rendered rendered, HttpContext context)
    {
        var freshness = await reader.ReadAsync(context.RequestAborted);
        context.Response.Headers[HeaderName] = Header(freshness);
        return new CachedAnswer(
            rendered,
            rendered.IsJson ? JsonSerializer.SerializeToUtf8Bytes(FreshnessAnswer.Of(freshness, notice), FreshnessJson.Written.FreshnessAnswer) : [],
            rendered.IsJson ? $"W/\"{rendered.Hash}-{Mark(freshness)}\"" : $"\"{rendered.Hash}\"");
    }

    private string Mark(Freshness freshness) => string.Create(
        CultureInfo.InvariantCulture, $"{Minute.Of(freshness.ObservedAt).Number:x}{(freshness.IsStale ? "s" : "f")}{(notice.Demo ? "d" : "")}");

    private string Header(Freshness freshness) => string.Create(CultureInfo.InvariantCulture,
        $"{(freshness.IsStale ? "stale" : "fresh")};observed=@{freshness.ObservedAt.ToUnixTimeSeconds()};age={(long)freshness.Age.TotalSeconds}"
        + $"{(notice.ClockSpeed is { } speed ? $";simulated={speed:0.0##}" : "")}{(notice.Demo ? ";demo" : "")}");
}
