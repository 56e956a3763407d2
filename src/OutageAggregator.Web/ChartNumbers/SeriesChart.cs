namespace OutageAggregator.Web.ChartNumbers;

/// <summary>From a read series to a chart's data.</summary>
public static class SeriesChart
{
    /// <param name="now">The minute that is being counted.</param>
    /// <param name="to">Right end of the time axis, where it should lie beyond the last point.</param>
    public static ChartData Of(string id, Series series, Minute now, Minute to, ImmutableArray<ChartBand> bands)
    {
        var step = series.Query.StepMinutes;
        var points = series.Points.Select(p => new ChartPoint(
            p.Start, p.Counts.Reports, p.Counts.Back, p.Counts.Late, p.Expected ?? double.NaN, p.Upper ?? 0));
        return new ChartData(
            id, series.Query.From, Minute.Max(to, series.Query.To), now, step, [.. points], GapsOf(series.Points, step), bands);
    }

    /// <summary>One band an incident, the earliest first.</summary>
    public static ImmutableArray<ChartBand> BandsOf(IEnumerable<Incident> incidents) =>
        [.. incidents.OrderBy(i => i.StartedAt).Select(i => new ChartBand(null, i.StartedAt, i.EndedAt))];

    /// <summary>One band a phase, in time order; the end is a minute and no stretch.</summary>
    public static ImmutableArray<ChartBand> BandsOf(Incident incident) =>
        [.. incident.Phases.Where(p => p.Kind != PhaseKind.End).OrderBy(p => p.From).Select(p => new ChartBand(p.Kind, p.From, p.To))];

    private static ImmutableArray<MinuteRange> GapsOf(ImmutableArray<SeriesSpan> points, int step)
    {
        var gaps = ImmutableArray.CreateBuilder<MinuteRange>();
        foreach (var point in points.Where(p => p.Verdict == PointVerdict.Gap))
        {
            if (gaps.Count > 0 && gaps[^1].To == point.Start)
                gaps[^1] = gaps[^1] with { To = point.Start + step };
            else
                gaps.Add(new MinuteRange(point.Start, point.Start + step));
        }
        return gaps.ToImmutable();
    }
}
