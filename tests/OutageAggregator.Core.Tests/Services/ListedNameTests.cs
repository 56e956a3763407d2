namespace OutageAggregator.Core.Tests.Services;

/// <summary>What is listed need not be proposed; and of names in one text the one that more of it is.</summary>
public sealed class ListedNameTests
{
    [Theory]
    [InlineData("sky broadband")]
    [InlineData("sky")]
    [InlineData("is sky down")]
    [InlineData("o2")]
    [InlineData("O2 down?")]
    [InlineData("you tube")]
    [InlineData("tube")]
    [InlineData("vodafone")]
    [InlineData("transport for")]
    [InlineData("chatgpt claude")]
    [InlineData("amazon web services")]
    [InlineData("https://www.netflix.com/browse")]
    [InlineData("تلگرام")]
    public void What_services_are_called_is_listed(string text) => Assert.True(SearchCatalog.Catalog.Lists(text));

    [Theory]
    [InlineData("vodafone ghana")]
    [InlineData("o2 ireland")]
    [InlineData("sky sports")]
    [InlineData("foo bank")]
    [InlineData("foobank.example")]
    [InlineData("chatgbt")]
    [InlineData("spot")]
    [InlineData("is it down")]
    [InlineData("")]
    public void What_is_called_otherwise_is_not(string text) => Assert.False(SearchCatalog.Catalog.Lists(text));

    [Theory]
    [InlineData("you tube", "youtube")]
    [InlineData("is you tube down", "youtube")]
    [InlineData("You Tube", "youtube")]
    [InlineData("now tv", "now-tv")]
    [InlineData("tube", "tfl")]
    [InlineData("is the tube down", "tfl")]
    public void A_joined_name_that_is_exact_goes_before_a_word_of_it(string text, string slug) =>
        Assert.Equal(slug, SearchCatalog.Catalog.Asked(text)?.Slug.ToString());
}
