namespace OutageAggregator.Core.Tests.Services;

/// <summary>What is not there is not found.</summary>
public sealed class PrecisionSearchTests
{
    [Theory]
    [InlineData("dkb")] // a letter more than DB
    [InlineData("kick")] // a letter less than "Tick"
    [InlineData("sky")] // in the middle of Bluesky
    [InlineData("ick")]
    [InlineData("mast")]
    [InlineData("hub")]
    [InlineData("now or never again")]
    public void Short_words_are_not_found_in_other_words(string query) =>
        Assert.DoesNotContain(
            SearchCatalog.Catalog.Search(query, 5), s => s.Slug.ToString() is "deutsche-bahn" or "ticketmaster" or "bluesky");

    [Theory]
    [InlineData("asdf")]
    [InlineData("qwertz")]
    [InlineData("98765432")]
    [InlineData("hello")]
    [InlineData("buongiorno")]
    [InlineData("weather tomorrow")]
    [InlineData("pizza near me")]
    [InlineData("who won the match last night")]
    [InlineData("quelle heure est-il")]
    [InlineData("printer offline")]
    [InlineData("is peloton down")]
    [InlineData("us bank")]
    [InlineData("bank")]
    [InlineData("app")]
    [InlineData("bank app not opening")]
    [InlineData("online banking geht nicht")]
    [InlineData("a")]
    [InlineData("wi")]
    public void What_means_nothing_here_finds_nothing(string query) => Assert.Empty(SearchCatalog.Catalog.Search(query, 5));

    [Theory]
    [InlineData("not working")]
    [InlineData("outage")]
    [InlineData("aktuelle störungen")]
    [InlineData("non funziona")]
    [InlineData("fora do ar")]
    [InlineData("عطل")]
    [InlineData("چرا باز نمیشه")]
    [InlineData("açılmıyor")]
    [InlineData("awaria")]
    [InlineData("障害")]
    [InlineData("काम नहीं कर रहा है")]
    [InlineData("打不开")]
    public void A_question_about_nothing_finds_nothing(string query) => Assert.Empty(SearchCatalog.Catalog.Search(query, 5));

    [Theory]
    [InlineData("chatgpt", Closeness.Exact)]
    [InlineData("gpt", Closeness.Exact)]
    [InlineData("chatg", Closeness.Good)]
    [InlineData("teams microsoft", Closeness.Good)]
    [InlineData("maps", Closeness.Good)]
    [InlineData("whatsapp web browser", Closeness.Good)]
    [InlineData("chatgtp", Closeness.Guess)]
    [InlineData("gram", null)]
    [InlineData("master", Closeness.Guess)]
    public void Each_find_says_how_close_it_is(string query, Closeness? closeness) => Assert.Equal(closeness, SearchCatalog.Closeness(query));

    [Fact]
    public void Guesses_are_few_and_only_where_nothing_better_is_found()
    {
        var catalog = new Catalog(
            [new Category("all", "All")],
            Enumerable.Range(0, 26).Select(i => Of($"spotify{(char)('a' + i)}")));
        Assert.Equal(5, catalog.Find("spotufy", 50).Count);
        Assert.Equal(["spotifya"], catalog.Find("spotifya", 50).Select(h => h.Service.Name));

        static Service Of(string name) => new(ServiceSlug.Parse(name), name, "all", [], null, "Etc/UTC", null);
    }
}
