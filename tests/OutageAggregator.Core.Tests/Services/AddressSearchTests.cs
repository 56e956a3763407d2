namespace OutageAggregator.Core.Tests.Services;

/// <summary>People paste addresses.</summary>
public sealed class AddressSearchTests
{
    [Theory]
    [InlineData("chatgpt.com", "chatgpt")]
    [InlineData("https://chatgpt.com/", "chatgpt")]
    [InlineData("www.chatgpt.com/c/123?x=1", "chatgpt")]
    [InlineData("HTTPS://ChatGPT.com", "chatgpt")]
    [InlineData("chatgpt.com.", "chatgpt")]
    [InlineData("chatgpt.com:443/c/", "chatgpt")]
    [InlineData("https://user@chatgpt.com/", "chatgpt")]
    [InlineData("<https://chatgpt.com>", "chatgpt")]
    [InlineData("chat.openai.com", "chatgpt")] // its own, below another's
    [InlineData("platform.openai.com", "openai")]
    [InlineData("web.whatsapp.com", "whatsapp")]
    [InlineData("https://mail.google.com/mail/u/0/#inbox", "gmail")]
    [InlineData("drive.google.com", "google")]
    [InlineData("https://eu-west-1.console.aws.amazon.com/s3", "aws")]
    [InlineData("https://www.bbc.co.uk/iplayer", "bbc-iplayer")]
    [InlineData("http://www.youtube.com/watch?v=abc", "youtube")]
    [InlineData("youtu.be/abc", "youtube")]
    [InlineData("t.me/durov", "telegram")]
    [InlineData("x.com", "x")]
    [InlineData("https://example.org@chatgpt.com/", "chatgpt")]
    public void An_address_is_a_key(string query, string slug)
    {
        Assert.Equal(slug, SearchCatalog.Catalog.Asked(query)?.Slug.ToString());
        Assert.Equal(slug, SearchCatalog.Catalog.Resolve(query)?.Slug.ToString());
    }

    [Theory]
    [InlineData("is chatgpt.com down", "chatgpt")]
    [InlineData("https://www.instagram.com/reel/C9xyz123/?igsh=1 lädt nicht", "instagram")]
    public void It_may_be_asked_about(string query, string slug)
    {
        Assert.Equal(slug, SearchCatalog.Catalog.Asked(query)?.Slug.ToString());
        Assert.Null(SearchCatalog.Catalog.Resolve(query));
    }

    [Theory]
    [InlineData("amazon.fr", "amazon")]
    [InlineData("www.netflix.de", "netflix")]
    [InlineData("whatsapp.co.uk", "whatsapp")]
    [InlineData("spotify.com", "spotify")]
    public void Of_an_address_that_nobody_has_its_name_is_looked_for(string query, string slug) => Assert.Equal(slug, SearchCatalog.First(query));

    [Theory]
    [InlineData("https://example.org/login?next=1")]
    [InlineData("news.ycombinator.com")]
    [InlineData("notchatgpt.community")]
    [InlineData("https://")]
    [InlineData("1.2.3.4")]
    [InlineData("https://example.org/chatgpt.com")]
    [InlineData("..")]
    public void An_address_of_something_else_finds_nothing(string query) => Assert.Empty(SearchCatalog.Catalog.Search(query, 5));

    [Fact]
    public void A_long_address_is_read_as_far_as_its_host()
    {
        var address = "https://www.chatgpt.com/c/" + new string('a', 100_000);
        Assert.Equal("chatgpt", SearchCatalog.Catalog.Asked(address)?.Slug.ToString());
        Assert.Equal("chatgpt", SearchCatalog.Catalog.Resolve(address)?.Slug.ToString());
        Assert.Null(SearchCatalog.Catalog.Resolve("chatgpt " + new string('a', 100_000)));
        Assert.Null(SearchCatalog.Catalog.Asked("chatgpt " + new string('a', 100_000)));
    }

    [Fact]
    public void Two_services_have_no_domain_in_common()
    {
        var fault = Assert.Throws<ArgumentException>(() => new Catalog([new Category("all", "All")], [Of("one"), Of("two")]));
        Assert.Contains("The domain 'example.org' is used by 2 services.", fault.Message, StringComparison.Ordinal);

        static Service Of(string slug) => new(ServiceSlug.Parse(slug), slug, "all", [], null, "Etc/UTC", null) { Domains = ["example.org"] };
    }
}
