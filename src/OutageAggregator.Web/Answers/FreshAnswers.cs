namespace OutageAggregator.Web.Answers;

/// <summary>
/// Sends rendered answers with their freshness and ETag, or 304 to a caller who has them already.
/// <para>
/// The age of the data is another one every second, so the ETag is weak and speaks of the data, whether it is fresh, and the minute it was
/// observed in. The header <c>Freshness</c>, a structured field of RFC 9651, is exact on every answer, 304 included.
/// </para>
/// <c>Cache-Control: no-cache</c>: that costs a 304, and no shared cache shows green for what is red.
/// </summary>
internal sealed class FreshAnswers(FreshnessReader reader, ServerNotice notice, LastKnown known)
{
    // What the key and the rest of an answer take, at most.
    private const int OtherBytes = 1_024;
    private Told? _told;

    /// <summary>An answer that is told again while the store can't be read, with the freshness of when it was read.</summary>
    /// <param name="key">All that the answer depends on besides time: what was asked, as it was asked.</param>
    /// <returns>Null where <paramref name="read"/> says that what is asked for is not there.</returns>
    internal async ValueTask<CachedAnswer?> KnownAsync(HttpContext context, string key, Func<Task<Rendered?>> read) =>
        await known.ReadAsync(key, read, r => r.Length + OtherBytes) is { } answer
            ? await OfAsync(context, answer.Told, answer.LookedAt)
            : null;

    /// <param name="lookedAt">When the look at the store began that it is told from: long ago where the store is away.</param>
    internal async ValueTask<CachedAnswer> OfAsync(HttpContext context, Rendered rendered, DateTimeOffset? lookedAt = null)
    {
        var mark = MarkOf(await reader.ReadAsync(lookedAt ?? DateTimeOffset.MaxValue, context.RequestAborted));
        context.Response.Headers["Freshness"] = mark.Header;
        return new CachedAnswer(rendered, mark);
    }

    /// <summary>The forms of a freshness: the ones made last, where it reads the same.</summary>
    private FreshnessMark MarkOf(Freshness freshness)
    {
        var (observed, age) = (freshness.ObservedAt.ToUnixTimeSeconds(), (long)freshness.Age.TotalSeconds);
        if (Volatile.Read(ref _told) is { } told && told.Of == (observed, age, freshness.IsStale))
            return told.Mark;
        var mark = new FreshnessMark(
            $"{(freshness.IsStale ? "stale" : "fresh")};observed=@{observed};age={age}"
                + $"{(notice.ClockSpeed is { } speed ? $";simulated={speed:0.0##}" : "")}{(notice.Demo ? ";demo" : "")}",
            $"{Minute.Of(freshness.ObservedAt).Number:x}{(freshness.IsStale ? "s" : "f")}{(notice.Demo ? "d" : "")}",
            AnswerJson.Write(FreshnessAnswer.Of(freshness, notice)));
        Volatile.Write(ref _told, new Told((observed, age, freshness.IsStale), mark));
        return mark;
    }

    private sealed record Told((long Observed, long Age, bool IsStale) Of, FreshnessMark Mark);
}

/// <summary>How old the data of an answer is, and whether it is real.</summary>
/// <param name="ObservedAt">The newest instant at which reports could be taken; 1970-01-01T00:00:00Z where there never was one.</param>
/// <param name="AgeSeconds">Whole seconds since then.</param>
/// <param name="State"><c>stale</c> from 90 seconds on; on a simulated clock from 10 real seconds on, where that is longer.</param>
/// <param name="Clock">Only where the server's clock is a simulated one.</param>
/// <param name="Demo">Only, and true, where the server made up data for a demonstration.</param>
public sealed record FreshnessAnswer(
    DateTimeOffset ObservedAt, long AgeSeconds, FreshnessState State,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] ClockAnswer? Clock,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] bool? Demo)
{
    internal static FreshnessAnswer Of(Freshness freshness, ServerNotice notice) => new(
        freshness.ObservedAt, (long)freshness.Age.TotalSeconds, freshness.IsStale ? FreshnessState.Stale : FreshnessState.Fresh,
        notice.ClockSpeed is { } speed ? new ClockAnswer(true, speed) : null, notice.Demo ? true : null);
}

public enum FreshnessState { Fresh, Stale }

/// <summary>A clock that isn't the world's.</summary>
/// <param name="Simulated">True.</param>
/// <param name="Speed">Simulated seconds per real second.</param>
public sealed record ClockAnswer(bool Simulated, double Speed);

/// <summary>What every answer that is told from data carries besides it.</summary>
public sealed record FreshAnswer(FreshnessAnswer Freshness);
