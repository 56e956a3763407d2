using OutageAggregator.Web.Words;
using OutageAggregator.Web.Zones;
using static OutageAggregator.Web.Tests.Charts.ChartFixtures;

namespace OutageAggregator.Web.Tests.Charts;

public sealed class ChartWordsTests
{
    [Fact]
    public void The_summary_says_how_many_when_most_and_what_is_usual() =>
        Assert.Equal(
            "8 Nov 2024, 11:00 UTC to 9 Nov 2024, 11:00 UTC. 22,223 reports in all; the most in 5 minutes: 5,200 at 9 Nov 2024, 00:10 UTC, "
            + "where 10 is usual. Incident: 9 Nov 2024, 00:00 UTC to 9 Nov 2024, 00:35 UTC.",
            Languages.English.Summary(Spike()));

    [Fact]
    public void The_summary_of_nothing_says_so() =>
        Assert.Equal("8 Nov 2024, 11:00 UTC to 8 Nov 2024, 11:05 UTC. No reports.", Languages.English.Summary(Of([0])));

    [Fact]
    public void The_summary_names_late_reports_and_minutes_without_data()
    {
        var data = Of([1, 0]);

        var summary = Languages.English.Summary(data with
        {
            Points = [.. data.Points.Select(p => p with { Late = 2 })],
            Gaps = [new MinuteRange(Start + 5, Start + 10)],
        });

        Assert.Contains("4 told late, drawn apart.", summary, StringComparison.Ordinal);
        Assert.Contains("5 minutes without data.", summary, StringComparison.Ordinal);
    }

    [Fact]
    public void The_table_adds_a_day_up_by_the_hour_and_loses_nothing()
    {
        var rows = Spike().Rows(48, PageZone.Utc);

        Assert.Equal(24, rows.Length);
        Assert.Equal(22_223, rows.Sum(r => r.Reports));
        Assert.Equal(120, rows[0].Expected!.Value, 6);
        Assert.All(rows, r => Assert.Equal(60, r.To - r.From));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 2_000)]
    [InlineData(5, 287)]
    [InlineData(15, 96)]
    [InlineData(60, 500)]
    public void A_table_never_grows_beyond_what_was_asked_and_keeps_every_report(int step, int points)
    {
        var data = Of([.. Enumerable.Range(1, points)], step);

        var rows = data.Rows(48, PageZone.Utc);

        // One more row than asked where the first one starts at a round time before the chart does.
        Assert.InRange(rows.Length, 1, 49);
        Assert.Equal(points * (points + 1) / 2, rows.Sum(r => r.Reports));
        Assert.Equal(data.From, rows[0].From);
        Assert.Equal(data.To, rows[^1].To);
    }

    [Fact]
    public void A_row_that_was_not_all_observed_is_marked()
    {
        var rows = (Of(new int[288]) with { Gaps = [new MinuteRange(Start + 70, Start + 75)] }).Rows(48, PageZone.Utc);

        Assert.Equal([Start + 60], rows.Where(r => r.IsGap).Select(r => r.From));
    }

    [Theory]
    [InlineData(0, "0")]
    [InlineData(0.01, "less than 0.1")]
    [InlineData(0.44, "0.4")]
    [InlineData(3, "3")]
    [InlineData(9.96, "10")]
    [InlineData(19_403.4, "19,403")]
    public void The_usual_is_told_without_false_precision(double value, string text) =>
        Assert.Equal(text, Languages.English.Usual(value));

    [Theory]
    [InlineData(1, "minute", "a minute")]
    [InlineData(5, "5 minutes", "5 minutes")]
    [InlineData(60, "hour", "an hour")]
    [InlineData(120, "2 hours", "2 hours")]
    [InlineData(1_440, "day", "a day")]
    public void Steps_are_told_in_words(int minutes, string per, string within)
    {
        Assert.Equal(per, Languages.English.Per(minutes));
        Assert.Equal(within, Languages.English.In(minutes));
    }

    [Theory]
    // Six hours from noon on, in zones whose hours begin when those of UTC do, a quarter before and half of one before.
    [InlineData("UTC", "11:00", "12:00")]
    [InlineData("America/New_York", "06:00", "07:00")]
    [InlineData("Asia/Kathmandu", "16:45", "17:00")]
    [InlineData("Asia/Kolkata", "16:30", "17:00")]
    public void The_rows_of_a_table_begin_with_the_hours_of_the_zone(string zone, string first, string second)
    {
        var words = Languages.English.In(ZoneNames.Find(zone)!);

        var rows = Of(new int[72]).Rows(48, words.Zone);

        Assert.Equal([$"8 Nov, {first}", $"8 Nov, {second}"], rows.Take(2).Select(r => words.RowStart(rows[0].From, r)));
    }

    [Fact]
    public void The_row_of_an_hour_that_comes_twice_says_which_one_it_is()
    {
        var words = Languages.English.In(ZoneNames.Find("Europe/Rome")!);
        var from = Minute.Of(new DateTimeOffset(2024, 10, 26, 22, 0, 0, TimeSpan.Zero));
        var data = Of(new int[300]) with { From = from, To = from + 1_500, CountedTo = from + 1_500, Points = [] };

        var rows = data.Rows(48, words.Zone);

        Assert.Equal(25, rows.Length);
        Assert.Equal(
            ["27 Oct, 00:00", "27 Oct, 01:00", "27 Oct, 02:00", "27 Oct, 02:00 UTC+1", "27 Oct, 03:00"],
            rows.Take(5).Select((r, i) => words.RowStart(rows[Math.Max(0, i - 1)].From, r)));
        Assert.Equal("Reports per hour, times in Europe/Rome (UTC+2, then UTC+1)", words.ChartTable(data, 60));
    }

    [Theory]
    [InlineData("Europe/Rome", "8 Nov 2024, 12:00 UTC+1 to 9 Nov 2024, 12:00 UTC+1.", "at 9 Nov 2024, 01:10 UTC+1,")]
    [InlineData("America/New_York", "8 Nov 2024, 06:00 UTC−5 to 9 Nov 2024, 06:00 UTC−5.", "at 8 Nov 2024, 19:10 UTC−5,")]
    [InlineData("Asia/Kathmandu", "8 Nov 2024, 16:45 UTC+5:45 to 9 Nov 2024, 16:45 UTC+5:45.", "at 9 Nov 2024, 05:55 UTC+5:45,")]
    public void The_summary_tells_its_times_in_the_zone_of_the_page(string zone, string stretch, string peak)
    {
        var summary = Languages.English.In(ZoneNames.Find(zone)!).Summary(Spike());

        Assert.StartsWith(stretch, summary, StringComparison.Ordinal);
        Assert.Contains(peak, summary, StringComparison.Ordinal);
    }
}
