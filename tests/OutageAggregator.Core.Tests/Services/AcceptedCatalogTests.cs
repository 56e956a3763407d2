namespace OutageAggregator.Core.Tests.Services;

/// <summary>A catalog with services that were accepted beside those of its file.</summary>
public sealed class AcceptedCatalogTests
{
    private static readonly Catalog s_none = OfFile();

    private static Catalog OfFile(params Service[] more) => new(
        [new Category("ai", "AI"), new Category("other", "Other")],
        [Entry("claude", "Claude", "ai", "claude.example"), .. more]);

    private static Service Entry(string slug, string name, string category = "ai", params ImmutableArray<string> domains) =>
        new(ServiceSlug.Parse(slug), name, category, [$"{name} alias"], null, "Europe/Rome", null) { Domains = domains };

    private static Service? Find(Catalog catalog, string slug) => catalog.Find(ServiceSlug.Parse(slug));

    [Fact]
    public void What_is_accepted_is_found_as_what_the_file_has()
    {
        var catalog = OfFile();
        var before = catalog.Services;

        catalog.Accept([Entry("foobank", "Foo Bank", "ai", "foobank.example")]);

        Assert.Equal("Foo Bank", Find(catalog, "foobank")!.Name);
        Assert.Equal("foobank", catalog.Resolve("https://www.foobank.example/")!.Slug.ToString());
        Assert.Equal("foobank", catalog.Asked("is foo bank down?")!.Slug.ToString());
        Assert.Equal("foobank", catalog.Resolve("Foo Bank alias")!.Slug.ToString());
        Assert.Equal(["Claude", "Foo Bank"], catalog.Services.Select(s => s.Name));
        Assert.Equal("claude", catalog.Resolve("claude.example")!.Slug.ToString());
        // Whoever read before goes on with what he read.
        Assert.Single(before);
    }

    [Fact]
    public void Accepting_again_takes_the_place_of_what_was_accepted_before()
    {
        var catalog = OfFile();
        catalog.Accept([Entry("foobank", "Foo Bank")]);

        catalog.Accept([Entry("barbank", "Bar Bank")]);

        Assert.Null(Find(catalog, "foobank"));
        Assert.NotNull(Find(catalog, "barbank"));
    }

    [Fact]
    public void The_file_wins_a_slug_and_a_domain()
    {
        var catalog = OfFile(Entry("foobank", "Foo Bank of the file"), Entry("foo-pay", "Foo Pay", "ai", "pay.example"));

        catalog.Accept([Entry("foobank", "Foo Bank", "ai", "foobank.example"), Entry("foo-shop", "Foo Shop", "ai", "pay.example", "shop.example")]);

        Assert.Equal("Foo Bank of the file", Find(catalog, "foobank")!.Name);
        Assert.Null(catalog.Resolve("foobank.example"));
        Assert.Equal("foo-pay", catalog.Resolve("pay.example")!.Slug.ToString());
        Assert.Equal(["shop.example"], Find(catalog, "foo-shop")!.Domains);
    }

    [Fact]
    public void Of_two_accepted_ones_the_first_keeps_what_both_claim()
    {
        var catalog = OfFile();

        catalog.Accept([Entry("foobank", "First", "ai", "foobank.example"), Entry("foobank", "Second"), Entry("other-bank", "Other Bank", "ai", "foobank.example")]);

        Assert.Equal("First", Find(catalog, "foobank")!.Name);
        Assert.Equal("foobank", catalog.Resolve("foobank.example")!.Slug.ToString());
        Assert.Empty(Find(catalog, "other-bank")!.Domains);
    }

    [Fact]
    public void A_category_that_the_file_lost_becomes_its_last_one()
    {
        var catalog = OfFile();

        catalog.Accept([Entry("foobank", "Foo Bank", "banks")]);

        Assert.Equal("other", Find(catalog, "foobank")!.Category);
    }

    [Fact]
    public void Nothing_accepted_changes_nothing()
    {
        s_none.Accept([]);

        Assert.Equal(["Claude"], s_none.Services.Select(s => s.Name));
    }
}
