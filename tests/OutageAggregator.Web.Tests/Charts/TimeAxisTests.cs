using System.Xml.Linq;
using NodaTime;
using OutageAggregator.Web.ChartNumbers;
using static OutageAggregator.Web.Tests.Charts.ChartFixtures;

namespace OutageAggregator.Web.Tests.Charts;

/// <summary>The time axis by the clocks of a zone, also on days on which they are changed.</summary>
public sealed class TimeAxisTests
{
    [Theory]
    // The night of the outage, from noon to noon: midnight comes an hour earlier in Rome, at 18:15 UTC in Nepal, at 10:15 on the Chatham Islands.
    [InlineData("UTC", "2024-11-08T12:00Z", 24, "12:00 15:00 18:00 21:00 9-Nov 03:00 06:00 09:00 12:00", 12.0)]
    [InlineData("Europe/Rome", "2024-11-08T11:00Z", 24, "12:00 15:00 18:00 21:00 9-Nov 03:00 06:00 09:00 12:00", 12.0)]
    [InlineData("Asia/Kathmandu", "2024-11-08T12:00Z", 24, "18:00 21:00 9-Nov 03:00 06:00 09:00 12:00 15:00", 6.25)]
    [InlineData("Pacific/Chatham", "2024-11-08T06:00Z", 24, "21:00 9-Nov 03:00 06:00 09:00 12:00 15:00 18:00", 4.25)]
    [InlineData("America/St_Johns", "2024-11-08T18:00Z", 24, "15:00 18:00 21:00 9-Nov 03:00 06:00 09:00 12:00", 9.5)]
    [InlineData("America/Sao_Paulo", "2024-11-08T15:00Z", 24, "12:00 15:00 18:00 21:00 9-Nov 03:00 06:00 09:00 12:00", 12.0)]
    // 25 hours: four of them from midnight to three, and none of a name that another has.
    [InlineData("Europe/Rome", "2024-10-26T22:00Z", 25, "27-Oct 03:00 06:00 09:00 12:00 15:00 18:00 21:00 28-Oct", 0.0, 25.0)]
    [InlineData("America/New_York", "2024-11-03T04:00Z", 25, "3-Nov 03:00 06:00 09:00 12:00 15:00 18:00 21:00 4-Nov", 0.0, 25.0)]
    [InlineData("Australia/Sydney", "2024-04-06T13:00Z", 25, "7-Apr 03:00 06:00 09:00 12:00 15:00 18:00 21:00 8-Apr", 0.0, 25.0)]
    [InlineData("Pacific/Chatham", "2024-04-06T10:15Z", 25, "7-Apr 03:00 06:00 09:00 12:00 15:00 18:00 21:00 8-Apr", 0.0, 25.0)]
    // 23 hours.
    [InlineData("Europe/Rome", "2024-03-30T23:00Z", 23, "31-Mar 03:00 06:00 09:00 12:00 15:00 18:00 21:00 1-Apr", 0.0, 23.0)]
    [InlineData("Australia/Sydney", "2024-10-05T14:00Z", 23, "6-Oct 03:00 06:00 09:00 12:00 15:00 18:00 21:00 7-Oct", 0.0, 23.0)]
    // The hour that comes twice is marked twice and told once; the hour that never comes is not told.
    [InlineData("Europe/Rome", "2024-10-26T21:00Z", 8, "23:00 27-Oct 01:00 02:00 03:00 04:00 05:00 06:00", 1.0)]
    [InlineData("Europe/Rome", "2024-03-30T22:00Z", 8, "23:00 31-Mar 01:00 03:00 04:00 05:00 06:00 07:00 08:00", 1.0)]
    // Half an hour of it, midnight twice, and no midnight at all: the day begins at one.
    [InlineData("Australia/Lord_Howe", "2024-04-06T13:00Z", 4, "7-Apr 00:30 01:00 01:30 02:00 02:30 03:00 03:30", 0.0)]
    [InlineData("America/Havana", "2024-11-03T02:00Z", 8, "22:00 23:00 3-Nov 01:00 02:00 03:00 04:00 05:00", 2.0)]
    [InlineData("Asia/Beirut", "2024-03-30T20:00Z", 8, "22:00 23:00 31-Mar 02:00 03:00 04:00 05:00 06:00 07:00", 2.0)]
    // Samoa went from one side of the date line to the other and had no 30 December.
    [InlineData("Pacific/Apia", "2011-12-30T04:00Z", 12, "18:00 20:00 22:00 31-Dec 02:00 04:00 06:00", 6.0)]
    public void Its_ticks_are_full_hours_there_and_its_days_begin_there(string zone, string from, int hours, string ticks, params double[] midnights)
    {
        var svg = Draw(Axis(from, hours * 60, 5), zone);

        Assert.Equal(ticks.Split(' '), Ticks(svg).Select(t => t.Value.Replace(' ', '-')));
        Assert.Equal(midnights.Select(m => Math.Round(m / hours * 100, 3)), Days(svg));
    }

    [Theory]
    [InlineData("Europe/Rome", "2024-11-08T11:00Z", "UTC+1")]
    [InlineData("Europe/London", "2024-11-08T11:00Z", "UTC")]
    [InlineData("Asia/Kathmandu", "2024-11-08T11:00Z", "UTC+5:45")]
    [InlineData("America/St_Johns", "2024-11-08T11:00Z", "UTC−3:30")]
    [InlineData("Europe/Rome", "2024-10-26T22:00Z", "UTC+2/UTC+1")]
    [InlineData("Pacific/Chatham", "2024-09-28T12:00Z", "UTC+12:45/UTC+13:45")]
    public void The_zone_of_its_times_is_named_beside_it(string zone, string from, string name) =>
        Assert.Equal(name, Elements(Draw(Axis(from, 1_440, 5), zone), "text", "zone").Single().Value);

    [Theory]
    [InlineData("Europe/Rome", "7-Nov 14-Nov 21-Nov 28-Nov 5-Dec")]
    [InlineData("Pacific/Chatham", "7-Nov 14-Nov 21-Nov 28-Nov 5-Dec")]
    public void Marks_of_whole_days_are_the_midnights_of_the_zone(string zone, string days)
    {
        var axis = Axis("2024-11-06T00:00Z", 30 * Minute.PerDay, 60);
        var svg = Draw(axis, zone);
        var first = DateTimeZoneProviders.Tzdb[zone].AtStartOfDay(new LocalDate(2024, 11, 7)).ToInstant();

        Assert.Equal(days.Split(' '), Ticks(svg).Select(t => t.Value.Replace(' ', '-')));
        Assert.Equal(Math.Round(axis.Place(Minute.Of(first.ToDateTimeOffset())) * 100, 3), Days(svg)[0]);
    }

    [Theory]
    // The week in which the clocks of Rome, or of New York, or of the Chatham Islands are put back: each day begins at their midnight.
    [InlineData("UTC", "2024-10-24T12:00Z", 7, 30, "25-Oct 26-Oct 27-Oct 28-Oct 29-Oct 30-Oct 31-Oct", "12 36 60 84 108 132 156")]
    [InlineData("Europe/Rome", "2024-10-24T12:00Z", 7, 30, "25-Oct 26-Oct 27-Oct 28-Oct 29-Oct 30-Oct 31-Oct", "10 34 58 83 107 131 155")]
    [InlineData("America/New_York", "2024-10-31T12:00Z", 7, 30, "1-Nov 2-Nov 3-Nov 4-Nov 5-Nov 6-Nov 7-Nov", "16 40 64 89 113 137 161")]
    [InlineData("Pacific/Chatham", "2024-04-04T12:00Z", 7, 30, "6-Apr 7-Apr 8-Apr 9-Apr 10-Apr 11-Apr 12-Apr", "22.25 46.25 71.25 95.25 119.25 143.25 167.25")]
    [InlineData("Asia/Kathmandu", "2024-11-02T00:00Z", 7, 30, "3-Nov 4-Nov 5-Nov 6-Nov 7-Nov 8-Nov 9-Nov", "18.25 42.25 66.25 90.25 114.25 138.25 162.25")]
    // A month of weeks, over the change.
    [InlineData("Europe/Rome", "2024-10-10T00:00Z", 30, 120, "17-Oct 24-Oct 31-Oct 7-Nov", "166 334 503 671")]
    // Thirteen months: the first days of every other one, in winter an hour later than in summer.
    [InlineData("UTC", "2023-10-10T00:00Z", 396, 1_440, "1-Nov-2023 1-Jan-2024 1-Mar-2024 1-May-2024 1-Jul-2024 1-Sep-2024 1-Nov-2024", "528 1992 3432 4896 6360 7848 9312")]
    [InlineData("Europe/Rome", "2023-10-10T00:00Z", 396, 1_440, "1-Nov-2023 1-Jan-2024 1-Mar-2024 1-May-2024 1-Jul-2024 1-Sep-2024 1-Nov-2024", "527 1991 3431 4894 6358 7846 9311")]
    [InlineData("America/St_Johns", "2023-10-10T00:00Z", 396, 1_440, "1-Nov-2023 1-Jan-2024 1-Mar-2024 1-May-2024 1-Jul-2024 1-Sep-2024 1-Nov-2024", "530.5 1995.5 3435.5 4898.5 6362.5 7850.5 9314.5")]
    public void The_marks_of_weeks_months_and_a_year_are_midnights_of_the_zone_also_where_clocks_are_changed(
        string zone, string from, int days, int step, string ticks, string midnights)
    {
        var svg = Draw(Axis(from, days * Minute.PerDay, step), zone);

        Assert.Equal(ticks.Split(' '), Ticks(svg).Select(t => t.Value.Replace(' ', '-')));
        var hours = midnights.Split(' ').Select(m => double.Parse(m, CultureInfo.InvariantCulture));
        Assert.Equal(hours.Select(h => Math.Round(h / days / 24 * 100, 3)), Days(svg));
    }

    [Theory]
    [InlineData("UTC")]
    [InlineData("Europe/Rome")]
    [InlineData("America/New_York")]
    [InlineData("America/Sao_Paulo")]
    [InlineData("America/Havana")]
    [InlineData("America/Santiago")]
    [InlineData("Asia/Kathmandu")]
    [InlineData("Asia/Beirut")]
    [InlineData("Asia/Tehran")]
    [InlineData("Africa/Casablanca")]
    [InlineData("Australia/Lord_Howe")]
    [InlineData("Australia/Eucla")]
    [InlineData("Pacific/Chatham")]
    [InlineData("Pacific/Kiritimati")]
    public void Whatever_the_day_each_tick_says_what_a_clock_there_shows_and_no_two_say_the_same(string name)
    {
        var zone = DateTimeZoneProviders.Tzdb[name];
        // Around each change of the clocks within a year, and on a day without one.
        var changes = zone.GetZoneIntervals(Instant.FromUtc(2024, 1, 1, 0, 0), Instant.FromUtc(2025, 1, 1, 0, 0)).Skip(1).Select(i => i.Start);
        foreach (var around in changes.Append(Instant.FromUtc(2024, 11, 9, 0, 10)))
        {
            foreach (var (before, hours) in new[] { (1, 2), (3, 8), (13, 25), (30, 72) })
            {
                var axis = Axis(Minute.Of((around - Duration.FromHours(before)).ToDateTimeOffset()), hours * 60, 5);
                var svg = Draw(axis, name);
                var told = Ticks(svg).Select(t => (t.Value, At: MinuteOf(axis, t.Attribute("x")!.Value))).ToList();

                Assert.InRange(told.Count, 2, 10);
                Assert.All(told, t => Assert.Equal(Shown(zone, t.At, t.Value.Contains(':', StringComparison.Ordinal)), t.Value));
                Assert.Equal(told.Count, told.Select(t => (t.Value, Local(zone, t.At).Date)).Distinct().Count());
                var days = Enumerable.Range(0, (hours * 60) + 1).Select(m => axis.From + m)
                    .Where(m => Local(zone, m).Date > Local(zone, m - 1).Date && !Enumerable.Range(1, 120).Any(e => Local(zone, m - e).Date >= Local(zone, m).Date));
                Assert.Equal(days.Select(m => Math.Round(axis.Place(m) * 100, 3)), Days(svg));
            }
        }
    }

    private static string Shown(DateTimeZone zone, Minute at, bool isTime) =>
        Local(zone, at).ToString(isTime ? "HH:mm" : "d MMM", CultureInfo.InvariantCulture);

    private static LocalDateTime Local(DateTimeZone zone, Minute at) => Instant.FromDateTimeOffset(at.Start).InZone(zone).LocalDateTime;

    private static Minute MinuteOf(ChartData axis, string place) =>
        axis.From + (int)Math.Round(double.Parse(place.TrimEnd('%'), CultureInfo.InvariantCulture) / 100 * (axis.To - axis.From));

    private static ChartData Axis(string from, int minutes, int step) => Axis(Minute.Of(DateTimeOffset.Parse(from, CultureInfo.InvariantCulture)), minutes, step);

    private static ChartData Axis(Minute from, int minutes, int step) => new("c", from, from + minutes, from + minutes, step, [], [], []);

    private static List<XElement> Ticks(XElement svg) =>
        [.. Elements(svg, "text", "time").OrderBy(t => double.Parse(t.Attribute("x")!.Value.TrimEnd('%'), CultureInfo.InvariantCulture))];

    private static double[] Days(XElement svg) =>
        [.. Elements(svg, "line", "day").Select(l => double.Parse(l.Attribute("x1")!.Value.TrimEnd('%'), CultureInfo.InvariantCulture))];
}
