namespace OutageAggregator.Web.ChartNumbers;

/// <summary>One step of a chart: what was told in [Start, Start + step).</summary>
/// <param name="Start">First minute of the step.</param>
/// <param name="Late">"It was down", told more than 5 minutes after.</param>
/// <param name="Expected">Reports usual in the step; NaN where nothing is known of the usual.</param>
/// <param name="Upper">The most that chance makes plausible in the step; 0 together with an unknown expectation.</param>
public readonly record struct ChartPoint(Minute Start, int Reports, int Back, int Late, double Expected, int Upper)
{
    public bool HasExpectation => double.IsFinite(Expected);

    /// <summary>Where the usual ends and what stands out begins; 0 where nothing is known of the usual.</summary>
    public double Bound => HasExpectation ? Math.Max(Upper, Expected) : 0;
}

/// <summary>A shaded stretch, half-open; <paramref name="To"/> is null while it lasts.</summary>
/// <param name="Phase">Each has a pattern of its own besides its colour; null stands for a whole incident.</param>
public readonly record struct ChartBand(PhaseKind? Phase, Minute From, Minute? To);

/// <summary>Everything a spike chart shows: the same data always gives the same picture.</summary>
/// <param name="Id">Prefix of the ids inside the SVG: unique on a page, letters, digits and hyphens.</param>
/// <param name="To">Right end of the time axis, above <paramref name="From"/>.</param>
/// <param name="CountedTo">Up to where counting went so far; a step that reaches beyond it is drawn as unfinished.</param>
/// <param name="Points">Ascending by start, each in [From, To), at most one a step; a step without a point has no reports.</param>
/// <param name="Gaps">Stretches nobody observed: hatched, because their zeros say nothing.</param>
public sealed record ChartData(
    string Id, Minute From, Minute To, Minute CountedTo, int StepMinutes, ImmutableArray<ChartPoint> Points,
    ImmutableArray<MinuteRange> Gaps, ImmutableArray<ChartBand> Bands)
{
    // A twelfth of the plot is as high as a line of text.
    private const int Dwarfing = 12;
    private const int FewestToDwarf = 4;

    // Rows of the table: what a reader would call a stretch.
    private static readonly int[] s_rowMinutes = [1, 5, 15, 30, 60, 120, 240, 360, 720, Minute.PerDay, 2 * Minute.PerDay, 7 * Minute.PerDay, 14 * Minute.PerDay];

    public int Steps => Math.Max(1, (To - From + StepMinutes - 1) / StepMinutes);
    public bool IsPending(ChartPoint point) => point.Start + StepMinutes > CountedTo;

    /// <summary>
    /// What of an address asks the API for the same steps, or the longest that add up to them:
    /// <c>?from=2024-11-09T00:00:00Z&amp;to=...&amp;step=5m</c>.
    /// </summary>
    public string Query => $"?from={Times.Text(From.Start)}&to={Times.Text(To.Start)}&step="
        + SeriesReader.Steps.Last(s => StepMinutes % s == 0) switch { 60 => "1h", Minute.PerDay => "1d", var minutes => $"{minutes}m" };

    /// <summary>Where a minute lies on the time axis: 0 at the left end, 1 at the right end, clipped to it.</summary>
    public double Place(Minute minute) => Math.Clamp((minute - From) / (double)Math.Max(1, To - From), 0, 1);

    /// <summary>The first of the highest points; null where there is no report.</summary>
    public ChartPoint? Peak =>
        Points.Where(p => p.Reports > 0).Select(p => (ChartPoint?)p).MaxBy(p => p!.Value.Reports);

    /// <summary>Whether a peak is more than chance: than its bound, or, where nothing is known of the usual, than four times the middle of all steps.</summary>
    internal bool StandsOut(ChartPoint peak) => peak.HasExpectation
        ? peak.Reports > peak.Upper
        : peak.Reports > 4 * Points.Select(p => p.Reports).Order().ElementAt(Points.Length / 2);

    /// <summary>
    /// Where a peak dwarfs the rest: the most of what stands lower than a twelfth of it, which nobody could read on one scale. Null where
    /// one scale is enough, and where the rest is less than half of the steps, as around an incident.
    /// </summary>
    public double? Dwarfed
    {
        get
        {
            if (Peak is not { Reports: > Dwarfing * FewestToDwarf } peak)
                return null;
            var low = Points.Where(p => Dwarfing * Math.Max(p.Reports, p.Bound) < peak.Reports).ToList();
            return (Points.Length - low.Count) * 2 > Steps || !low.Exists(p => p.Reports > 0) ? null : low.Max(p => Math.Max(p.Reports, p.Bound));
        }
    }

    /// <summary>
    /// The chart's numbers in at most <paramref name="most"/> rows of equal length, whole steps each, which begin at round times of a zone
    /// where its steps do.
    /// </summary>
    internal ImmutableArray<ChartRow> Rows(int most, PageZone zone)
    {
        var stepsPerRow = Math.Max(1, (Steps + most - 1) / most);
        // Whole hours read better than odd stretches wherever there is room for them.
        if (60 % StepMinutes == 0 && stepsPerRow * StepMinutes < 60 && Steps * StepMinutes / 60 <= most && Steps * StepMinutes >= 6 * 60)
            stepsPerRow = 60 / StepMinutes;
        var minutes = s_rowMinutes.FirstOrDefault(m => m >= stepsPerRow * StepMinutes && m % StepMinutes == 0, stepsPerRow * StepMinutes);
        var ahead = zone.Stretches(From, To)[0].Offset;
        var start = (From + ahead).FloorTo(minutes) - ahead is var floor && (From - floor) % StepMinutes == 0 ? floor : From;
        var rows = ImmutableArray.CreateBuilder<ChartRow>();
        for (var at = start; at < To; at += minutes)
        {
            var (from, end) = (Minute.Max(at, From), Minute.Min(at + minutes, To));
            var points = Points.Where(p => p.Start >= at && p.Start < end).ToList();
            double? expected = points.Exists(p => p.HasExpectation) ? points.Where(p => p.HasExpectation).Sum(p => p.Expected) : null;
            rows.Add(new ChartRow(
                from, end, points.Sum(p => p.Reports), expected, points.Sum(p => p.Back), points.Sum(p => p.Late),
                Gaps.Any(g => g.From < end && g.To > at)));
        }
        return rows.ToImmutable();
    }
}

/// <summary>One row of the table that says what a chart shows.</summary>
/// <param name="Expected">Usual number of them, or null where nothing is known of the usual.</param>
/// <param name="IsGap">True where any of it was not observed.</param>
public readonly record struct ChartRow(Minute From, Minute To, int Reports, double? Expected, int Back, int Late, bool IsGap);
