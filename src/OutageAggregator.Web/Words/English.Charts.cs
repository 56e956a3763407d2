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

    /// <summary>Before the time of day of the highest bar.</summary>
    /// <param name="day">Where the chart is of many days, when it was.</param>
    internal virtual string PeakAt(int reports, Minute? day) =>
        $"Peak {Count(reports)} {(day is { } on ? $"on {ShortDate(on.Start, withYear: false)}" : "at ")}";

    /// <summary>After the day of the highest bar; nothing where a bar is a whole day.</summary>
    internal virtual string PeakClock(Minute at, int step) => step >= Minute.PerDay ? "" : $" at {Clock(at.Start)}";

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
    internal virtual string TimesInUtc => "Times in UTC";
    internal virtual string ChartInWords => "The chart in words and numbers";
    internal virtual string ChartNumbers => "Numbers of the chart";
    internal virtual string ChartTable(int minutes) => $"Reports per {Per(minutes)}, times in UTC";
    internal virtual IEnumerable<string> ChartColumns => ["From", "Reports", "Usual", ReportedLate, BackForMe];

    /// <summary>The beginning of a row of the table: "9 Nov, 00:00".</summary>
    internal virtual string RowStart(Minute minute) => $"{ShortDate(minute.Start, withYear: false)}, {Clock(minute.Start)}";
}
