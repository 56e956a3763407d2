using OutageAggregator.Web.Words;
using OutageAggregator.Web.Zones;

namespace OutageAggregator.Web.Tests.Zones;

public sealed class PageZoneTests
{
    private static readonly DateTimeOffset s_night = new(2024, 11, 9, 0, 10, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("Europe/Rome", "Europe/Rome")]
    [InlineData("europe/rome", "Europe/Rome")]
    [InlineData("America/New York", "America/New_York")]
    [InlineData("Etc/GMT 5", "Etc/GMT+5")]
    // Given up, or only merged with another one.
    [InlineData("Asia/Calcutta", "Asia/Kolkata")]
    [InlineData("Asia/Katmandu", "Asia/Kathmandu")]
    [InlineData("Europe/Kiev", "Europe/Kyiv")]
    [InlineData("Europe/Amsterdam", "Europe/Amsterdam")]
    [InlineData("US/Eastern", "America/New_York")]
    [InlineData("UTC", "UTC")]
    [InlineData("Etc/UTC", "UTC")]
    [InlineData("Zulu", "UTC")]
    [InlineData("", "UTC")]
    public void A_zone_is_found_by_its_names(string asked, string name) => Assert.Equal(name, ZoneNames.Find(asked)!.Name);

    [Theory]
    [InlineData("Europe/Romme")]
    [InlineData("Mars/Olympus_Mons")]
    [InlineData("+01:00")]
    [InlineData("Europe/Rome,Europe/Paris")]
    [InlineData("Europe/RomeEurope/RomeEurope/RomeEurope/RomeEurope/Rome")]
    [InlineData("../../etc/passwd")]
    public void What_is_no_zone_is_not_found(string asked) => Assert.Null(ZoneNames.Find(asked));

    [Fact]
    public void The_zones_to_choose_from_are_some_hundreds_each_found_by_its_name()
    {
        Assert.InRange(ZoneNames.All.Length, 400, 500);
        Assert.Equal("UTC", ZoneNames.All[0].Name);
        Assert.All(ZoneNames.All, z => Assert.Same(z, ZoneNames.Find(z.Name)));
        Assert.All(ZoneNames.All, z => Assert.Equal(s_night, z.At(s_night)));
    }

    [Theory]
    [InlineData("UTC", "/services/chatgpt", "/services/chatgpt")]
    [InlineData("Europe/Rome", "/", "/?zone=Europe/Rome")]
    [InlineData("Europe/Rome", "/services/chatgpt?region=IT", "/services/chatgpt?region=IT&zone=Europe/Rome")]
    [InlineData("Etc/GMT+5", "/methodology#usual", "/methodology?zone=Etc/GMT%2B5#usual")]
    [InlineData("Europe/Rome", "/archive?service=x#last", "/archive?service=x&zone=Europe/Rome#last")]
    public void An_address_keeps_the_zone(string zone, string address, string kept) => Assert.Equal(kept, ZoneNames.Find(zone)!.Keep(address));

    [Theory]
    [InlineData("UTC", "9 Nov 2024, 00:10 UTC", "9 November 2024")]
    [InlineData("Europe/Rome", "9 Nov 2024, 01:10 UTC+1", "9 November 2024")]
    [InlineData("Europe/London", "9 Nov 2024, 00:10 UTC", "9 November 2024")]
    [InlineData("America/New_York", "8 Nov 2024, 19:10 UTC−5", "8 November 2024")]
    [InlineData("America/St_Johns", "8 Nov 2024, 20:40 UTC−3:30", "8 November 2024")]
    [InlineData("Asia/Kathmandu", "9 Nov 2024, 05:55 UTC+5:45", "9 November 2024")]
    [InlineData("Pacific/Chatham", "9 Nov 2024, 13:55 UTC+13:45", "9 November 2024")]
    [InlineData("Pacific/Kiritimati", "9 Nov 2024, 14:10 UTC+14", "9 November 2024")]
    [InlineData("Pacific/Marquesas", "8 Nov 2024, 14:40 UTC−9:30", "8 November 2024")]
    public void A_moment_is_told_as_the_clocks_there_show_it(string zone, string moment, string date)
    {
        var words = Languages.English.In(ZoneNames.Find(zone)!);

        Assert.Equal(moment, words.DateAndClock(s_night));
        Assert.Equal(date, words.Date(s_night));
    }

    // In the hour that comes twice a time of day alone would say nothing.
    [Theory]
    [InlineData("2024-10-27T00:30Z", "27 Oct 2024, 02:30 UTC+2")]
    [InlineData("2024-10-27T01:30Z", "27 Oct 2024, 02:30 UTC+1")]
    [InlineData("2024-03-31T00:59Z", "31 Mar 2024, 01:59 UTC+1")]
    [InlineData("2024-03-31T01:00Z", "31 Mar 2024, 03:00 UTC+2")]
    public void Each_minute_of_a_day_on_which_clocks_are_changed_has_a_name_of_its_own(string at, string moment) =>
        Assert.Equal(moment, Languages.English.In(ZoneNames.Find("Europe/Rome")!).DateAndClock(DateTimeOffset.Parse(at, CultureInfo.InvariantCulture)));

    [Theory]
    [InlineData("UTC", "2024-10-26T22:00Z", 25, "times in UTC")]
    [InlineData("Europe/Rome", "2024-11-08T23:00Z", 24, "times in Europe/Rome (UTC+1)")]
    [InlineData("Europe/Rome", "2024-10-26T22:00Z", 25, "times in Europe/Rome (UTC+2, then UTC+1)")]
    [InlineData("America/New_York", "2024-11-03T04:00Z", 25, "times in America/New York (UTC−4, then UTC−5)")]
    [InlineData("Europe/Rome", "2023-11-08T00:00Z", 9_600, "times in Europe/Rome (UTC+1, then UTC+2)")]
    public void The_zone_of_a_stretch_is_named(string zone, string from, int hours, string name)
    {
        var start = Minute.Of(DateTimeOffset.Parse(from, CultureInfo.InvariantCulture));

        Assert.Equal(name, Languages.English.In(ZoneNames.Find(zone)!).TimesIn(start, start + (hours * 60)));
    }
}
