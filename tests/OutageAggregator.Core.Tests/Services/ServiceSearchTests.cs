namespace OutageAggregator.Core.Tests.Services;

public sealed class ServiceSearchTests
{
    private static readonly Catalog s_catalog = new(
        [new Category("all", "All")],
        [
            Of("chatgpt", "ChatGPT", "Chat GPT", "چت جی پی تی"),
            Of("claude", "Claude", "کلود"),
            Of("x", "X", "Twitter"),
            Of("microsoft-teams", "Microsoft Teams", "Teams"),
            Of("microsoft-365", "Microsoft 365", "Office 365"),
            Of("vodafone-italy", "Vodafone Italy", "Vodafone Italia"),
            Of("vodafone-spain", "Vodafone Spain", "Vodafone España"),
            Of("sfr", "SFR", "Société française du radiotéléphone"),
            Of("disney-plus", "Disney+"),
            Of("att", "AT&T"),
            Of("telegram", "Telegram", "تلگرام", "Телеграм"),
            Of("ntt-docomo", "NTT Docomo", "ドコモ"),
            Of("tim", "TIM", "Telecom Italia"),
            Of("time-warner", "Time Warner", "Warner"),
            Of("warner-two", "Another Warner", "Warner"),
        ]);

    [Theory]
    [InlineData("chatgpt", "chatgpt")]
    [InlineData("CHATGPT", "chatgpt")]
    [InlineData("chat gpt", "chatgpt")]
    [InlineData("chatgbt", "chatgpt")] // one letter wrong
    [InlineData("chtagpt", "chatgpt")] // two letters swapped
    [InlineData("chagpt", "chatgpt")] // one letter missing
    [InlineData("chattgpt", "chatgpt")] // one letter too many
    [InlineData("چت‌جی‌پی‌تی", "chatgpt")] // the same words, joined without spaces
    [InlineData("clade", "claude")]
    [InlineData("كلود", "claude")] // the Arabic form of a letter that Persian writes otherwise
    [InlineData("twiter", "x")]
    [InlineData("teams", "microsoft-teams")]
    [InlineData("micorsoft te", "microsoft-teams")]
    [InlineData("teams microsoft", "microsoft-teams")]
    [InlineData("office", "microsoft-365")]
    [InlineData("office ۳۶۵", "microsoft-365")]
    [InlineData("office ３６５", "microsoft-365")]
    [InlineData("espana", "vodafone-spain")]
    [InlineData("ESPAÑA", "vodafone-spain")]
    [InlineData("societe francaise", "sfr")]
    [InlineData("disney plus", "disney-plus")]
    [InlineData("disney+", "disney-plus")]
    [InlineData("at&t", "att")]
    [InlineData("تلگرام", "telegram")]
    [InlineData("ТЕЛЕГРАМ", "telegram")]
    [InlineData("ドコモ", "ntt-docomo")]
    public void What_people_type_finds_the_service_first(string query, string slug) =>
        Assert.Equal(slug, s_catalog.Search(query, 5)[0].Slug.ToString());

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("!?")]
    [InlineData("zzzzzz")]
    [InlineData("xy")]
    [InlineData("\u0000\u202E")]
    public void What_names_nothing_finds_nothing(string query) => Assert.Empty(s_catalog.Search(query, 5));

    [Fact]
    public void The_same_comes_before_its_beginning_before_a_word_before_a_typo() =>
        Assert.Equal(["tim", "time-warner"], s_catalog.Search("tim", 5).Select(s => s.Slug.ToString()));

    [Fact]
    public void Equally_good_matches_come_by_name_and_no_more_than_asked()
    {
        Assert.Equal(["vodafone-italy", "vodafone-spain"], s_catalog.Search("vodafone", 5).Select(s => s.Slug.ToString()));
        Assert.Equal(["vodafone-italy"], s_catalog.Search("vodafone", 1).Select(s => s.Slug.ToString()));
    }

    [Theory]
    [InlineData("ChatGPT", "chatgpt")]
    [InlineData("chat-gpt", "chatgpt")]
    [InlineData("twitter", "x")]
    [InlineData("Vodafone Espana", "vodafone-spain")]
    [InlineData("chatgbt", null)] // a typo is nothing exact
    [InlineData("warner", null)] // two services are called so
    [InlineData("", null)]
    public void A_text_resolves_only_to_the_one_service_it_names(string text, string? slug) =>
        Assert.Equal(slug, s_catalog.Resolve(text)?.Slug.ToString());

    [Fact]
    public void A_text_of_any_length_is_cut_and_answered()
    {
        Assert.Equal("chatgpt", s_catalog.Search("chatgpt" + new string(' ', 1_000_000), 1)[0].Slug.ToString());
        Assert.Empty(s_catalog.Search(new string('+', 1_000_000), 1));
        Assert.Null(s_catalog.Resolve(new string('a', 1_000_000)));
    }

    [Fact]
    public void Fifty_thousand_services_are_searched_and_the_right_one_is_first()
    {
        var catalog = new Catalog(
            [new Category("all", "All")],
            Enumerable.Range(0, Catalog.MaxServices).Select(i => Of($"service-{i}", $"Service number {i}", $"Nummer {i}")));
        Assert.Equal("service-31415", catalog.Search("servcie number 31415", 3)[0].Slug.ToString());
        Assert.Equal(10, catalog.Search("service", 10).Count);
    }

    private static Service Of(string slug, string name, params string[] aliases) =>
        new(ServiceSlug.Parse(slug), name, "all", [.. aliases], Family: null, "Etc/UTC", Homepage: null);
}
