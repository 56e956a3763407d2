namespace OutageAggregator.Web.Words;

// Charts, and what they show in words.
internal partial class English
{
    internal virtual string ChartOfIncident(string service) => $"Reports about {service} around the incident";
    internal virtual string ChartOfTrouble(string service, int most) =>
        $"Reports about {service}, the last 12 hours: the most in 15 minutes was {Count(most)}";

    /// <summary>Beside a shaded stretch.</summary>
    internal virtual string Of(ChartBand band) => band.Phase is { } phase ? Of(phase) : "Incident";
    internal virtual string ReportedLate => "Told late";
    internal virtual string BackForMe => "Back for me";
    internal virtual string NoData => "no data";

    /// <summary>After the highest number of the axis.</summary>
    internal virtual string ReportsPer(int minutes) => $" reports per {Per(minutes)}";

    /// <summary>Beside the highest bar: "Peak 5,102 at 00:10"; on a chart of many days "on 9 Nov at 00:00", and "on 9 Nov" of a day.</summary>
    internal virtual string PeakAt(ChartData data, ChartPoint peak)
    {
        var at = peak.Start.Start;
        var date = data.To - data.From < 4 * Minute.PerDay ? "" : $"on {ShortDate(at, withYear: false)}";
        var clock = data.StepMinutes >= Minute.PerDay && IsMidnight(at) ? "" : $"at {ClockBeside(data.From.Start, at)}";
        return string.Join(' ', new[] { "Peak", Count(peak.Reports), date, clock }.Where(w => w.Length > 0));
    }

    /// <summary>A lane's name and its number, and more about it where there is room.</summary>
    internal virtual (string Number, string More) Lane(string name, long total, int most) =>
        total == 0 ? ($"{name}: none", "") : ($"{name}: {Count(total)}", $" in all, most {Count(most)}");

    // A year has hundreds: nobody would hear them to the end.
    private const int MostBands = 12;

    /// <summary>The picture in a few sentences.</summary>
    internal virtual string Summary(ChartData data)
    {
        var total = data.Points.Sum(p => (long)p.Reports);
        var late = data.Points.Sum(p => (long)p.Late);
        var back = data.Points.Sum(p => (long)p.Back);
        var unseen = data.Gaps.Sum(g => g.Length);
        string[] sentences =
        [
            $"{DateAndClock(data.From.Start)} to {DateAndClock(data.To.Start)}.",
            data.Peak is not { } peak ? "No reports."
                : $"{Reports(total)} in all; the most in {In(data.StepMinutes)}: {Count(peak.Reports)} at {DateAndClock(peak.Start.Start)}"
                    + (peak.HasExpectation ? $", where {Usual(peak.Expected)} is usual." : "."),
            late > 0 ? $"{Count(late)} told late, drawn apart." : "",
            back > 0 ? $"{Count(back)} said it was back." : "",
            data.Bands.Length > MostBands ? EarlierBands(data.Bands.Length - MostBands) : "",
            .. data.Bands.TakeLast(MostBands).Select(band => band.To is { } to
                ? $"{Of(band)}: {DateAndClock(band.From.Start)} to {DateAndClock(to.Start)}."
                : $"{Of(band)}: since {DateAndClock(band.From.Start)}."),
            unseen > 0 ? $"{Count(unseen)} {(unseen == 1 ? "minute" : "minutes")} without data." : "",
        ];
        return string.Join(' ', sentences.Where(s => s.Length > 0));
    }

    internal virtual string LegendReports => "Reports";
    internal virtual string LegendExcess => "More than chance explains";
    internal virtual string LegendUsual => "Usual, and how far it varies";
    internal virtual string LegendLate => "Told over 5 minutes late";
    internal virtual string LegendGap => "No data: not counted, or kept no longer";
    internal virtual string LegendPending => "Still counting";
    internal virtual string ChartTimesIn(ChartData data) => Capital(TimesIn(data.From, data.To));
    internal virtual string ChartInWords => "The chart in words and numbers";
    internal virtual string ChartNumbers => "Numbers of the chart";
    internal virtual string ChartTable(ChartData data, int minutes) => $"Reports per {Per(minutes)}, {TimesIn(data.From, data.To)}";
    internal virtual IEnumerable<string> ChartColumns => ["From", "Reports", "Usual", ReportedLate, BackForMe];

    /// <summary>The beginning of a row of the table, after another row's: "9 Nov, 00:00"; of days "9 Nov 2024", where it is midnight.</summary>
    internal virtual string RowStart(Minute before, ChartRow row)
    {
        var (at, ofDays) = (row.From.Start, row.To - row.From >= Minute.PerDay);
        var date = ShortDate(at, withYear: ofDays);
        return ofDays && IsMidnight(at) ? date : $"{date}, {ClockBeside(before.Start, at)}";
    }

    private bool IsMidnight(DateTimeOffset at) => Zone.At(at).TimeOfDay == TimeSpan.Zero;
}
