using System.Net;
using Microsoft.Extensions.DependencyInjection;
using OutageAggregator.TestKit.Web;

namespace OutageAggregator.Web.Tests.Pages;

/// <summary>The search on the home page: one answer opens, a guess is a question, and suggestions come while one types.</summary>
public sealed class SearchPageTests
{
    [Theory]
    [InlineData("chatgpt", "/services/chatgpt")]
    [InlineData("is chatgpt down?", "/services/chatgpt")]
    [InlineData("  ChatGPT  ", "/services/chatgpt")]
    [InlineData("bard", "/services/gemini")]
    [InlineData("claude.ai", "/services/claude")]
    [InlineData("телеграм не работает", "/services/telegram")]
    [InlineData("open ai", "/services/openai")]
    [InlineData("chatgpt&category=social", "/services/chatgpt")]
    public async Task One_service_that_is_asked_for_opens_at_once(string query, string address)
    {
        var (app, _) = await PageWorld.StartAsync();
        await using var owned = app;

        using var answer = await app.Client.GetAsync($"/?query={query}");

        Assert.Equal(HttpStatusCode.Found, answer.StatusCode);
        Assert.Equal(address, answer.Headers.Location!.OriginalString);
    }

    [Fact]
    public async Task An_address_longer_than_the_field_opens_whose_it_is()
    {
        var catalog = new Catalog(
            [new Category("ai", "AI assistants")],
            [new Service(ServiceSlug.Parse("chatgpt"), "ChatGPT", "ai", [], null, "UTC", null) { Domains = ["chatgpt.com"] }]);
        var (app, _) = await PageWorld.StartAsync(s => s.AddSingleton(catalog));
        await using var owned = app;
        foreach (var address in new[] { "chatgpt.com", "https://www.chatgpt.com/c/123?x=1", "https://chatgpt.com/c/" + new string('a', 1_000) })
        {
            using var answer = await app.Client.GetAsync($"/?query={Uri.EscapeDataString(address)}");
            Assert.Equal("/services/chatgpt", answer.Headers.Location?.OriginalString);
        }
    }

    [Theory]
    [InlineData("chatgpt or claude", "Found for")]
    [InlineData("openai ap", "Found for")]
    [InlineData("chatgbt", "Did you mean")]
    [InlineData("watsapp", "Did you mean")]
    [InlineData("qqqqqqqq", "Nothing found for")]
    [InlineData("is it down", "Nothing found for")]
    public async Task Several_and_guesses_are_a_page_that_says_which_they_are(string query, string heading)
    {
        var (app, _) = await PageWorld.StartAsync();
        await using var owned = app;

        var html = WebUtility.HtmlDecode(await app.PageAsync($"/?query={query}"));

        Assert.Contains(heading, html.Split("<h1 id=\"found\">")[1].Split("</h1>")[0], StringComparison.Ordinal);
        Assert.Contains($"“{query}”", html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("chatgpt or claude", false)]
    [InlineData("chatgpt claude", false)]
    [InlineData("google", false)]
    [InlineData("google news", true)]
    [InlineData("foo bank", true)]
    [InlineData("qqqqqqqq", true)]
    public async Task What_is_listed_is_not_offered_as_what_we_do_not_list(string query, bool isOffered)
    {
        var (app, _) = await PageWorld.StartAsync(s => s.AddSingleton(new Catalog([new Category("ai", "AI assistants")], [
            .. ((string[])["ChatGPT", "Claude", "OpenAI", "OpenAI API", "Google Maps", "Google Drive"]).Select(name => new Service(
                ServiceSlug.Parse(name.ToLowerInvariant().Replace(' ', '-')), name, "ai", [], null, "UTC", null))])));
        await using var owned = app;

        Assert.Equal(isOffered, (await app.PageAsync($"/?query={query}")).Contains("action=\"/api/v1/proposals\"", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Suggestions_are_a_listbox_with_an_address_for_each()
    {
        var (app, _) = await PageWorld.StartAsync();
        await using var owned = app;

        var html = await app.PageAsync("/suggestions?query=open");

        Assert.Contains("<ul role=\"listbox\" id=\"suggestions\"", html, StringComparison.Ordinal);
        Assert.Contains("data-told=\"2 suggestions\"", html, StringComparison.Ordinal);
        Assert.Matches("<li role=\"option\" id=\"suggestion-0\" aria-selected=\"false\" data-href=\"/services/openai\">", html);
        Assert.Matches("id=\"suggestion-1\" aria-selected=\"false\" data-href=\"/services/openai-api\">", html);
        Assert.Contains("<span>OpenAI API</span> <span class=\"soft small\">AI assistants</span>", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<html", html, StringComparison.Ordinal);
        Assert.Contains("aria-label=\"Did you mean\"", await app.PageAsync("/suggestions?query=chatgtp"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/suggestions")]
    [InlineData("/suggestions?query=")]
    [InlineData("/suggestions?query=qqqqqqqq")]
    [InlineData("/suggestions?query=is+it+down")]
    public async Task Where_there_is_nothing_to_suggest_there_is_no_listbox(string address)
    {
        var (app, _) = await PageWorld.StartAsync();
        await using var owned = app;
        Assert.Equal("", (await app.PageAsync(address)).Trim());
    }

    [Fact]
    public async Task Suggestions_are_few_and_small_in_a_catalog_of_hundreds()
    {
        var services = Enumerable.Range(0, 650).Select(i => new Service(ServiceSlug.Parse($"service-{i}"), $"Service number {i}", "ai", [], null, "UTC", null));
        var (app, _) = await PageWorld.StartAsync(s => s.AddSingleton(new Catalog([new Category("ai", "AI assistants")], [
            .. services, new Service(ServiceSlug.Parse("chatgpt"), "ChatGPT", "ai", [], null, "UTC", null)])));
        await using var owned = app;

        var html = await app.PageAsync("/suggestions?query=service+n");

        Assert.Equal(8, html.Split("role=\"option\"").Length - 1);
        Assert.InRange(html.Length, 500, 3_000);
    }

    [Fact]
    public async Task A_name_with_markup_in_it_is_suggested_as_a_name()
    {
        var (app, _) = await PageWorld.StartAsync(s => s.AddSingleton(TestCatalog.Create(chatGpt: "<img src=x> GPT")));
        await using var owned = app;

        var html = await app.PageAsync("/suggestions?query=gpt");

        Assert.DoesNotContain("<img", html, StringComparison.Ordinal);
        Assert.Contains("&lt;img src=x&gt; GPT", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_has_its_letters_where_it_is_found_and_on_its_page_and_not_in_the_list_of_all()
    {
        var (app, _) = await PageWorld.StartAsync();
        await using var owned = app;
        const string Letters = "data-letters=\"CG\" aria-hidden=\"true\"></span>";

        Assert.Contains(Letters, await app.PageAsync("/?query=chatgbt"), StringComparison.Ordinal);
        Assert.Contains(Letters, await app.PageAsync("/suggestions?query=chatg"), StringComparison.Ordinal);
        Assert.Contains(Letters + "ChatGPT</h1>", await app.PageAsync("/services/chatgpt"), StringComparison.Ordinal);
        Assert.DoesNotContain("data-letters", await app.PageAsync("/"), StringComparison.Ordinal);
    }
}
