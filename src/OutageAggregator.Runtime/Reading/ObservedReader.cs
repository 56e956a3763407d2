using OutageAggregator.Runtime.Watching;

namespace OutageAggregator.Runtime.Reading;

/// <summary>What this server has seen so far, of any service, or of one that was listed later.</summary>
/// <param name="Since">When it began to count, 28 days ago at the earliest; null where it never did.</param>
/// <param name="IsEnough">
/// Whether this time of day was seen on <see cref="Baseline.EnoughDays"/> days: before that nothing is usual, and nothing as usual.
/// </param>
public readonly record struct History(DateTimeOffset? Since, bool IsEnough);

/// <summary>Which of the newest minutes were observed.</summary>
/// <param name="Newest">The newest instant at which reports could be taken; null where there never was one.</param>
/// <param name="Stretches">The observed ones of about the last hour, ascending and disjoint.</param>
internal sealed record Observed(DateTimeOffset? Newest, IReadOnlyList<MinuteRange> Stretches)
{
    /// <summary>
    /// The observed stretches of a range. The minute that goes on is one of them from the beginning, and so are those that a fast clock has
    /// passed since the last look, as long as there was one of late.
    /// </summary>
    internal IEnumerable<MinuteRange> Of(MinuteRange range)
    {
        for (var i = 0; i < Stretches.Count; i++)
        {
            var stretch = Stretches[i];
            var to = i == Stretches.Count - 1 ? range.To : stretch.To;
            var part = new MinuteRange(Minute.Max(range.From, stretch.From), Minute.Min(range.To, to));
            if (part.Length > 0)
                yield return part;
        }
    }
}

/// <summary>Tells what was observed: lately, from one look a second however many ask, and ever.</summary>
public sealed class ObservedReader(ICountStore counts, TimeProvider clock)
{
    internal const int LatelyMinutes = 60;

    private readonly AnswerCache<bool, Observed> _lately = new(clock, RecentReader.Lifetime, 1, keepsLast: true);
    private readonly AnswerCache<DateTimeOffset, History> _history = new(clock, TimeSpan.FromMinutes(1), 1_024, keepsLast: true);

    /// <summary>True where the store could not be read at the last look.</summary>
    internal bool IsAway => _lately.IsAway;

    internal ValueTask<Observed> ReadAsync(CancellationToken cancellation) => _lately.GetAsync(true, _ => LookAsync(), cancellation);

    /// <summary>What had been seen at this time of day before, of any service or of one.</summary>
    public ValueTask<History> HistoryAsync(CancellationToken cancellation, Service? of = null) =>
        _history.GetAsync(of?.ListedAt ?? DateTimeOffset.MinValue, LookBackAsync, cancellation);

    private async Task<Observed> LookAsync()
    {
        var newest = await counts.LastObservedAsync(CancellationToken.None);
        if (newest is not { } at)
            return new Observed(null, []);
        var to = Minute.Of(at) + 1;
        return new Observed(newest, await counts.ReadObservedAsync(to - LatelyMinutes, to, CancellationToken.None));
    }

    private async Task<History> LookBackAsync(DateTimeOffset listedAt)
    {
        var now = Minute.Of(clock.GetUtcNow());
        var span = now.FloorTo(Baseline.SpanMinutes);
        var from = span - (Baseline.HistoryDays * Minute.PerDay);
        var observed = WatchLoader.SinceListed(await counts.ReadObservedAsync(from, now + 1, CancellationToken.None), listedAt);
        var seen = new Baseline(NodaTime.DateTimeZone.Utc);
        foreach (var (start, minutes) in new ServicePast(from, span, observed, [], []).Spans(from, span))
            seen.Learn(start, 0, minutes);
        return new History(observed is [var first, ..] ? first.From.Start : null, seen.Knows(span));
    }
}
