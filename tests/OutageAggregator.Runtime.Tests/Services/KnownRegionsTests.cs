using NodaTime;
using OutageAggregator.Runtime.Services;

namespace OutageAggregator.Runtime.Tests.Services;

/// <summary>What countries and territories are called.</summary>
public sealed class KnownRegionsTests
{
    [Theory]
    [InlineData("Italy", "IT")]
    [InlineData("italia", "IT")]
    [InlineData("ITALIE", "IT")]
    [InlineData("uk", "GB")]
    [InlineData("Great Britain", "GB")]
    [InlineData("scotland", "GB")]
    [InlineData("USA", "US")]
    [InlineData("United States of America", "US")]
    [InlineData("EE. UU.", "US")]
    [InlineData("Türkiye", "TR")]
    [InlineData("turkiye", "TR")]
    [InlineData("Turkey", "TR")]
    [InlineData("Côte d’Ivoire", "CI")]
    [InlineData("ivory coast", "CI")]
    [InlineData("Czech Republic", "CZ")]
    [InlineData("Česko", "CZ")]
    [InlineData("DEU", "DE")]
    [InlineData("276", "DE")]
    [InlineData("Deutschland", "DE")]
    [InlineData("Niemcy", "DE")]
    [InlineData("الإمارات العربية المتحدة", "AE")]
    [InlineData("ایران", "IR")]
    [InlineData("इटली", "IT")]
    [InlineData("日本", "JP")]
    [InlineData("대한민국", "KR")]
    [InlineData("Ελλάδα", "GR")]
    [InlineData("EL", "GR")]
    [InlineData("Україна", "UA")]
    [InlineData("Sverige", "SE")]
    [InlineData("Congo", "CG")]
    [InlineData("DR Congo", "CD")]
    [InlineData("Åland", "AX")]
    [InlineData("Viet Nam", "VN")]
    [InlineData("RU", "RU")]
    [InlineData("Europe/Rome", "IT")]
    [InlineData("EUROPE/ROME", "IT")]
    [InlineData("America/New York", "US")]
    [InlineData("America/Argentina/Buenos_Aires", "AR")]
    [InlineData("America/Buenos_Aires", "AR")]
    [InlineData("Asia/Calcutta", "IN")]
    [InlineData("Asia/Rangoon", "MM")]
    [InlineData("Asia/Saigon", "VN")]
    [InlineData("Atlantic/Faeroe", "FO")]
    [InlineData("Africa/Asmera", "ER")]
    [InlineData("Pacific/Truk", "FM")]
    [InlineData("Europe/Belfast", "GB")]
    [InlineData("Europe/Oslo", "NO")]
    [InlineData("Japan", "JP")]
    [InlineData("PRC", "CN")]
    [InlineData("world", "world")]
    [InlineData("zz", "ZZ")]
    public void A_code_a_name_or_a_time_zone_means_its_country(string text, string code) => Assert.Equal(Region.Parse(code), KnownRegions.Names.Find(text));

    [Theory]
    [InlineData("")]
    [InlineData("Atlantis")]
    [InlineData("XX")]
    [InlineData("T1")]
    [InlineData("UTC")]
    [InlineData("CET")]
    [InlineData("EST5EDT")]
    [InlineData("Etc/GMT-1")]
    [InlineData("Europe")]
    [InlineData("999")]
    public void What_means_no_country_means_none(string text) => Assert.Null(KnownRegions.Names.Find(text));

    [Fact]
    public void Every_country_is_found_by_what_it_is_called_here_and_by_its_alpha_3()
    {
        Assert.All(Region.Countries, r => Assert.Equal(r, KnownRegions.Names.Find(r.Name)));
        Assert.All(new[] { "GBR", "USA", "KOR", "ALA", "ATA", "ESH" }, c => Assert.NotNull(KnownRegions.Names.Find(c)));
    }

    [Fact]
    public void Every_time_zone_of_a_city_is_in_a_country()
    {
        var cities = DateTimeZoneProviders.Tzdb.Ids.Where(id => id.Contains('/', StringComparison.Ordinal) && !id.StartsWith("Etc/", StringComparison.Ordinal));

        Assert.DoesNotContain(cities, id => KnownRegions.Names.OfZone(id) is null);
        Assert.All(DateTimeZoneProviders.Tzdb.Ids, id => Assert.True(KnownRegions.Names.IsZone(id), id));
        Assert.False(KnownRegions.Names.IsZone("Not/AZone"));
    }

    [Theory]
    [InlineData("Itlay", "IT")]
    [InlineData("Germny", "DE")]
    [InlineData("Untied Kingdom", "GB")]
    [InlineData("Deutchland", "DE")]
    public void A_misspelt_name_comes_near(string text, string code) => Assert.Equal(Region.Parse(code), KnownRegions.Names.Near(text, 3)[0]);

    [Fact]
    public void What_is_like_no_name_comes_near_none() => Assert.Empty(KnownRegions.Names.Near("qqqqqqqq", 3));
}
