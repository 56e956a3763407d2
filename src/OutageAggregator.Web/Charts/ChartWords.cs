using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using OutageAggregator.Core.Series;

namespace OutageAggregator.Web.Charts;

/// <summary>One row of the table that says what a chart shows.</summary>
/// <param name="From">First minute.</param>
/// <param name="To">End, exclusive.</param>
/// <param name="Reports">"It's down", told in time.</param>
/// <param name="Expected">Usual number of them, or null where nothing is known of the usual.</param>
/// <param name="Back">"Back for me".</param>
/// <param name="Late">Told late.</param>
/// <param name="IsGap">True where any of it was not observed.</param>
public readonly record struct ChartRow(Minute From, Minute To, int Reports, double? Expected, int Back, int Late, bool IsGap);

/// <summary>What a chart shows, in words and as a table: the text alternative, from the same data as the picture.</summary>
public static class ChartWords
{
    /// <summary>"19,403": grouped, no decimals.</summary>
    public static string Count(double value) => Math.Round(value).ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>A usual number: a decimal below 10, none above, never a flat 0 for what is rare; words where it is not known.</summary>
    public static string Usual(double? value) => value switch
    {
        null => "not known yet",
        <= 0 => "0",
        < 0.05 => "less than 0.1",
        < 10 => value.Value.ToString("0.#", CultureInfo.InvariantCulture),
        _ => Count(value.Value),
    };

    /// <summary>"9 Nov 2024, 00:10 UTC".</summary>
    public static string Moment(Minute minute) => minute.Start.ToString("d MMM yyyy, HH:mm 'UTC'", CultureInfo.InvariantCulture);

    /// <summary>A step after "per": "minute", "5 minutes", "hour", "day".</summary>
    public static string Per(int minutes) => minutes switch
    {
        1 => "minute",
        60 => "hour",
        Minute.PerDay => "day",
        _ when minutes % Minute.PerDay == 0 => string.Create(CultureInfo.InvariantCulture, $"{minutes / Minute.PerDay} days"),
        _ when minutes % 60 == 0 => string.Create(CultureInfo.InvariantCulture, $"{minutes / 60} hours"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{minutes} minutes"),
    };

    /// <summary>A step after "in": "a minute", "5 minutes", "an hour", "a day".</summary>
    public static string In(int minutes) => minutes switch
    {
        1 => "a minute",
        60 => "an hour",
        Minute.PerDay => "a day",
        _ => Per(minutes),
    };

    /// <summary>The picture in a few sentences.</summary>
    public static string Summary(ChartData data)
    {
        var words = new StringBuilder();
        var total = data.Points.Sum(p => (long)p.Reports);
        _ = words.Append(CultureInfo.InvariantCulture, $"{Moment(data.From)} to {Moment(data.To)}. ");
        if (total == 0)
        {
            _ = words.Append("No reports. ");
        }
        else
        {
            var peak = PeakOf(data)!.Value;
            _ = words.Append(CultureInfo.InvariantCulture, $"{Count(total)} {(total == 1 ? "report" : "reports")} in all; ")
                .Append(CultureInfo.InvariantCulture, $"the most in {In(data.StepMinutes)}: {Count(peak.Reports)} at {Moment(peak.Start)}")
                .Append(peak.HasExpectation ? $", where {Usual(peak.Expected)} is usual. " : ". ");
        }
        var late = data.Points.Sum(p => (long)p.Late);
        if (late > 0)
            _ = words.Append(CultureInfo.InvariantCulture, $"{Count(late)} told late, drawn apart. ");
        var back = data.Points.Sum(p => (long)p.Back);
        if (back > 0)
            _ = words.Append(CultureInfo.InvariantCulture, $"{Count(back)} said it was back. ");
        foreach (var band in data.Bands)
        {
            _ = band.To is { } to
                ? words.Append(CultureInfo.InvariantCulture, $"{band.Label}: {Moment(band.From)} to {Moment(to)}. ")
                : words.Append(CultureInfo.InvariantCulture, $"{band.Label}: since {Moment(band.From)}. ");
        }
        var unseen = data.Gaps.Sum(g => g.Length);
        if (unseen > 0)
            _ = words.Append(CultureInfo.InvariantCulture, $"{Count(unseen)} {(unseen == 1 ? "minute" : "minutes")} without data. ");
        return words.ToString().TrimEnd();
    }

    /// <summary>The chart's numbers in at most <paramref name="most"/> rows of equal length, whole steps each.</summary>
    public static ImmutableArray<ChartRow> Rows(ChartData data, int most)
    {
        var stepsPerRow = Math.Max(1, (data.Steps + most - 1) / most);
        // Whole hours read better than odd stretches wherever there is room for them.
        if (60 % data.StepMinutes == 0 && stepsPerRow * data.StepMinutes < 60 && data.Steps * data.StepMinutes / 60 <= most
            && data.Steps * data.StepMinutes >= 6 * 60)
        {
            stepsPerRow = 60 / data.StepMinutes;
        }
        var minutes = stepsPerRow * data.StepMinutes;
        var start = data.From.FloorTo(minutes) is var floor && (data.From - floor) % data.StepMinutes == 0 ? floor : data.From;
        var rows = ImmutableArray.CreateBuilder<ChartRow>();
        var next = 0;
        for (var at = start; at < data.To; at += minutes)
        {
            var end = Minute.Min(at + minutes, data.To);
            var row = new ChartRow(Minute.Max(at, data.From), end, 0, null, 0, 0, data.Gaps.Any(g => g.From < end && g.To > at));
            for (; next < data.Points.Length && data.Points[next].Start < end; next++)
            {
                var point = data.Points[next];
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

    /// <summary>The first of the highest points; null where there is no report.</summary>
    internal static ChartPoint? PeakOf(ChartData data)
    {
        ChartPoint? peak = null;
        foreach (var point in data.Points)
        {
            if (point.Reports > (peak?.Reports ?? 0))
                peak = point;
        }
        return peak;
    }
}
