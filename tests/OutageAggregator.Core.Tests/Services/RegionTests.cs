namespace OutageAggregator.Core.Tests.Services;

public sealed class RegionTests
{
    [Fact]
    public void Every_country_and_territory_of_ISO_3166_is_a_region_with_the_name_people_know()
    {
        Assert.Equal(249, Region.Countries.Count);
        Assert.Equal(Region.Countries.Order(), Region.Countries);
        Assert.Equal(("AD", "Andorra"), (Region.Countries[0].ToString(), Region.Countries[0].Name));
        Assert.Equal(
            [
                "American Samoa", "Bosnia and Herzegovina", "Bouvet Island", "Congo (DR)", "Congo", "Côte d'Ivoire", "Czechia", "United Kingdom",
                "Heard Island & McDonald Islands", "Italy", "North Korea", "South Korea", "Türkiye", "United States", "Samoa", "Unknown region", "World",
            ],
            new[] { "AS", "BA", "BV", "CD", "CG", "CI", "CZ", "GB", "HM", "IT", "KP", "KR", "TR", "US", "WS", "ZZ", "world" }.Select(c => Region.Parse(c).Name));
        Assert.All(Region.Countries, r => Assert.True(Region.TryParse($"{r}", out var again) && again == r));
    }

    [Theory]
    [InlineData("XX")]
    [InlineData("ITA")]
    [InlineData("")]
    [InlineData(null)]
    public void What_is_no_code_is_no_region(string? text) => Assert.False(Region.TryParse(text, out _));
}
