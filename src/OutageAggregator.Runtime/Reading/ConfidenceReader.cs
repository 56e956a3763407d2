namespace OutageAggregator.Runtime.Reading;

/// <summary>How far the usual of a service can be trusted; the rule is <see cref="ConfidenceReader.Of"/>.</summary>
public enum Confidence : byte
{
    /// <summary>Too few reports, or too few days of them, to know what is usual.</summary>
    TooFew = 0,

    /// <summary>What is counted scatters so widely around the usual that only large surges stand out.</summary>
    Erratic = 1,

    Good = 2,
}

/// <summary>
/// Tells how far the usual of a service can be trusted: from the days its baseline has learnt, the reports usual in a day, and
/// how the whole hours of the last week scattered around what was usual. The scatter is the overdispersion alpha of
/// variance = mean + alpha mean^2, by moments over the observed hours that no incident touches:
/// <code>
///   alpha = sum((counted - usual)^2 - usual) / sum(usual^2)
/// </code>
/// It changes slowly and costs a week of hours, so it is read once in ten minutes.
/// </summary>
public sealed class ConfidenceReader(ICountStore counts, IIncidentLog log, BaselineReader baselines, TimeProvider clock)
{
    /// <summary>The fewest days learnt for the usual of a minute of the week to be known: each day of the week once.</summary>
    public const double EnoughDays = 7;

    /// <summary>The fewest reports usual in a day for which a change can be told from chance.</summary>
    public const double EnoughReportsPerDay = 12;

    /// <summary>
    /// From this overdispersion on, an hour's standard deviation is over 70 % of its mean, however many reports there are.
    /// </summary>
    public const double ErraticDispersion = 0.5;

    private const int Hour = 60;
    private const int Week = 7 * Minute.PerDay;

    private readonly AnswerCache<ServiceSlug, Confidence> _answers = new(clock, TimeSpan.FromMinutes(10), 1_024, keepsLast: true);

    /// <summary>
    /// The rule: <c>too-few</c> below <see cref="EnoughDays"/> or <see cref="EnoughReportsPerDay"/>, else <c>erratic</c> from
    /// <see cref="ErraticDispersion"/> on, else <c>good</c>.
    /// </summary>
    /// <param name="daysLearnt">Days' worth of minutes the baseline knows.</param>
    /// <param name="reportsPerDay">Reports usual in a day.</param>
    /// <param name="dispersion">Overdispersion of the last week's hours around the usual.</param>
    public static Confidence Of(double daysLearnt, double reportsPerDay, double dispersion) =>
        daysLearnt < EnoughDays || reportsPerDay < EnoughReportsPerDay ? Confidence.TooFew
        : dispersion >= ErraticDispersion ? Confidence.Erratic
        : Confidence.Good;

    /// <summary>The confidence in a service's usual, all regions together.</summary>
    public ValueTask<Confidence> ReadAsync(ServiceSlug service, CancellationToken cancellation) =>
        _answers.GetAsync(service, LookAsync, cancellation);

    private async Task<Confidence> LookAsync(ServiceSlug service)
    {
        var key = new WatchKey(service, Region.World);
        var to = Minute.Of(clock.GetUtcNow()).FloorTo(Hour);
        var from = to - Week;
        var baseline = await baselines.ReadAsync(key, to, CancellationToken.None);
        var perDay = baseline.Over(to - Minute.PerDay, to).Mean;
        if (Of(baseline.DaysLearnt, perDay, 0) == Confidence.TooFew)
            return Confidence.TooFew;

        var counted = (await counts.ReadSeriesAsync(key, from, to, Hour, default, CancellationToken.None))
            .ToDictionary(p => p.Start, p => p.Counts.Reports);
        var observed = await counts.ReadObservedAsync(from, to, CancellationToken.None);
        var incidents = await log.FindAsync(new IncidentQuery(service, From: from, To: to), CancellationToken.None);
        double unexplained = 0, squares = 0;
        for (var hour = from; hour < to; hour += Hour)
        {
            var range = new MinuteRange(hour, hour + Hour);
            if (!observed.Any(o => o.From <= range.From && o.To >= range.To)
                || incidents.Any(i => i.StartedAt < range.To && (i.EndedAt ?? to) > range.From))
            {
                continue;
            }
            var usual = baseline.Over(range.From, range.To).Mean;
            var distance = counted.GetValueOrDefault(hour) - usual;
            unexplained += (distance * distance) - usual;
            squares += usual * usual;
        }
        return Of(baseline.DaysLearnt, perDay, squares > 0 ? unexplained / squares : 0);
    }
}
