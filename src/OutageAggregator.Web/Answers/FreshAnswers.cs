using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using OutageAggregator.Core.Series;
using OutageAggregator.Runtime.Reading;
using OutageAggregator.Storage;
using OutageAggregator.Web.Caching;

namespace OutageAggregator.Web.Answers;

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
internal sealed class FreshAnswers(FreshnessReader reader, ServerNotice notice, TimeProvider clock)
{
    private const string HeaderName = "Freshness";

    // The largest answer, 2,000 points, is about 250 KB. Told again it is there twice: with its freshness, too.
    private const int MostKnownBytes = 16 * 1_024 * 1_024;

    // What the key and the rest of it take, at most.
    private const int OtherBytes = 1_024;

    private readonly LastKnown<Rendered> _known = new(MostKnownBytes, r => r.Length + OtherBytes);

    private Told? _told;

    /// <summary>An answer that is told again while the store can't be read, with the freshness of when it was read.</summary>
    /// <param name="key">All that the answer depends on besides time: what was asked, as it was asked.</param>
    /// <param name="read">Reads and renders it; null where what is asked for is not there.</param>
    /// <param name="context">The request.</param>
    /// <returns>Null where <paramref name="read"/> says so.</returns>
    internal async ValueTask<Fresh<T>?> KnownAsync<T>(string key, Func<ValueTask<Rendered<T>?>> read, HttpContext context)
    {
        Known<Rendered> known;
        try
        {
            var now = clock.GetUtcNow();
            if (await read() is not { } rendered)
                return null;
            known = new Known<Rendered>(rendered, now);
            _known.Keep(key, known);
        }
        catch (StoreUnavailableException) when (_known.Find(key) is { } last)
        {
            known = last;
        }
        return await OfAsync((Rendered<T>)known.Told, known.LookedAt, context);
    }

    internal ValueTask<Fresh<T>> OfAsync<T>(Rendered<T> rendered, HttpContext context) => OfAsync(rendered, DateTimeOffset.MaxValue, context);

    /// <param name="rendered">The answer.</param>
    /// <param name="lookedAt">When the look at the store began that it is told from: long ago where the store is away.</param>
    /// <param name="context">The request.</param>
    internal async ValueTask<Fresh<T>> OfAsync<T>(Rendered<T> rendered, DateTimeOffset lookedAt, HttpContext context)
    {
        var mark = MarkOf(await reader.ReadAsync(lookedAt, context.RequestAborted));
        context.Response.Headers[HeaderName] = mark.Header;
        return new Fresh<T>(rendered, mark);
    }

    /// <summary>The forms of a freshness: the ones made last, where it reads the same.</summary>
    private FreshnessMark MarkOf(Freshness freshness)
    {
        var (observed, age) = (freshness.ObservedAt.ToUnixTimeSeconds(), (long)freshness.Age.TotalSeconds);
        var told = Volatile.Read(ref _told);
        if (told is not null && told.Observed == observed && told.Age == age && told.IsStale == freshness.IsStale)
            return told.Mark;
        var mark = new FreshnessMark(
            string.Create(CultureInfo.InvariantCulture,
                $"{(freshness.IsStale ? "stale" : "fresh")};observed=@{observed};age={age}"
                + $"{(notice.ClockSpeed is { } speed ? $";simulated={speed:0.0##}" : "")}{(notice.Demo ? ";demo" : "")}"),
            string.Create(CultureInfo.InvariantCulture,
                $"{Minute.Of(freshness.ObservedAt).Number:x}{(freshness.IsStale ? "s" : "f")}{(notice.Demo ? "d" : "")}"),
            JsonSerializer.SerializeToUtf8Bytes(FreshnessAnswer.Of(freshness, notice), FreshnessJson.Written.FreshnessAnswer));
        Volatile.Write(ref _told, new Told(observed, age, freshness.IsStale, mark));
        return mark;
    }

    private sealed record Told(long Observed, long Age, bool IsStale, FreshnessMark Mark);
}
