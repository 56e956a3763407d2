namespace OutageAggregator.Web.ChartNumbers;

/// <summary>One step of a chart: what was told in [Start, Start + step).</summary>
/// <param name="Start">First minute of the step.</param>
/// <param name="Late">"It was down", told more than 5 minutes after.</param>
/// <param name="Expected">Reports usual in the step; NaN where nothing is known of the usual.</param>
/// <param name="Upper">The most that chance makes plausible in the step; 0 together with an unknown expectation.</param>
public readonly record struct ChartPoint(Minute Start, int Reports, int Back, int Late, double Expected, int Upper)
{
    /// <summary>True where there is something to compare with.</summary>
    public bool HasExpectation => double.IsFinite(Expected);

    /// <summary>Where the usual ends and what stands out begins; 0 where nothing is known of the usual.</summary>
    public double Bound => HasExpectation ? Math.Max(Upper, Expected) : 0;
}

/// <summary>What a shaded stretch of a chart stands for; each kind has a pattern of its own besides its colour.</summary>
public enum BandKind
{
    Incident,
    Onset,
    Peak,
    Recovery,
    Recurrence,
}

/// <summary>A shaded stretch, half-open; <paramref name="To"/> is null while it lasts.</summary>
public readonly record struct ChartBand(BandKind Kind, Minute From, Minute? To);

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
    /// <summary>How many steps the time axis holds.</summary>
    public int Steps => Math.Max(1, (To - From + StepMinutes - 1) / StepMinutes);

    /// <summary>True for a step that counting is still in.</summary>
    public bool IsPending(ChartPoint point) => point.Start + StepMinutes > CountedTo;

    /// <summary>Where a minute lies on the time axis: 0 at the left end, 1 at the right end, clipped to it.</summary>
    public double Place(Minute minute) => Math.Clamp((minute - From) / (double)Math.Max(1, To - From), 0, 1);

    /// <summary>The first of the highest points; null where there is no report.</summary>
    public ChartPoint? Peak
    {
        get
        {
            ChartPoint? peak = null;
            foreach (var point in Points)
            {
                if (point.Reports > (peak?.Reports ?? 0))
                    peak = point;
            }
            return peak;
        }
    }

    /// <summary>The chart's numbers in at most <paramref name="most"/> rows of equal length, whole steps each.</summary>
    public ImmutableArray<ChartRow> Rows(int most)
    {
        var stepsPerRow = Math.Max(1, (Steps + most - 1) / most);
        // Whole hours read better than odd stretches wherever there is room for them.
        if (60 % StepMinutes == 0 && stepsPerRow * StepMinutes < 60 && Steps * StepMinutes / 60 <= most
            && Steps * StepMinutes >= 6 * 60)
        {
            stepsPerRow = 60 / StepMinutes;
        }
        var minutes = stepsPerRow * StepMinutes;
        var start = From.FloorTo(minutes) is var floor && (From - floor) % StepMinutes == 0 ? floor : From;
        var rows = ImmutableArray.CreateBuilder<ChartRow>();
        var next = 0;
        for (var at = start; at < To; at += minutes)
        {
            var end = Minute.Min(at + minutes, To);
            var row = new ChartRow(Minute.Max(at, From), end, 0, null, 0, 0, Gaps.Any(g => g.From < end && g.To > at));
            for (; next < Points.Length && Points[next].Start < end; next++)
            {
                var point = Points[next];
                row = row with
                {
                    Reports = row.Reports + point.Reports,
                    Expected = point.HasExpectation ? (row.Expected ?? 0) + point.Expected : row.Expected,
                    Back = row.Back + point.Back,
                    Late = row.Late + point.Late,
                };
            }
            rows.Add(row);
        }
        return rows.ToImmutable();
    }
}
