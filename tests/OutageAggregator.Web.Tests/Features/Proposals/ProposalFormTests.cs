using System.Net;

namespace OutageAggregator.Web.Tests.Features.Proposals;

public sealed class ProposalFormTests
{
    private static async Task<string> PageAsync(ProposalsApp app, HttpResponseMessage redirect)
    {
        Assert.Equal(HttpStatusCode.SeeOther, redirect.StatusCode);
        var page = await app.App.Client.GetAsync(redirect.Headers.Location);
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        Assert.True(page.Headers.CacheControl!.NoStore);
        return await page.Content.ReadAsStringAsync();
    }

    // As it is read: the page writes most characters as entities.
    private static string Read(string page) => WebUtility.HtmlDecode(page);

    [Theory]
    [InlineData("Foo Bank")]
    [InlineData("is Foo Bank down?")]
    [InlineData("https://foobank.example/login")]
    [InlineData("telegrm xyzzy")]
    public async Task A_search_offers_to_report_what_it_does_not_list_in_one_press(string query)
    {
        await using var app = await ProposalsApp.StartAsync();

        var page = Read(await app.App.Client.GetStringAsync($"/?query={Uri.EscapeDataString(query)}"));

        Assert.Contains("<form class=\"propose\" action=\"/api/v1/proposals\" method=\"post\">", page, StringComparison.Ordinal);
        Assert.Contains($"<input type=\"hidden\" name=\"name\" value=\"{query}\"", page, StringComparison.Ordinal);
        Assert.Contains("as down</button>", page, StringComparison.Ordinal);
        Assert.Contains("We don’t list it yet", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("chatgpt whatsapp")]
    [InlineData("whatsapp & chatgpt")]
    public async Task Where_all_that_was_typed_is_listed_the_way_to_report_something_else_stays(string query)
    {
        await using var app = await ProposalsApp.StartAsync();

        var page = Read(await app.App.Client.GetStringAsync($"/?query={Uri.EscapeDataString(query)}"));

        Assert.DoesNotContain("<form class=\"propose\"", page, StringComparison.Ordinal);
        Assert.Contains($"<a href=\"/propose?name={Uri.EscapeDataString(query)}\">Report something we don’t list</a>", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("???")]
    [InlineData("4111111111111111")]
    public async Task A_search_that_names_nothing_offers_nothing(string query)
    {
        await using var app = await ProposalsApp.StartAsync();

        Assert.DoesNotContain("/api/v1/proposals", await app.App.Client.GetStringAsync($"/?query={Uri.EscapeDataString(query)}"), StringComparison.Ordinal);
        Assert.DoesNotContain("/api/v1/proposals", await app.App.Client.GetStringAsync("/"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_press_is_answered_by_a_page_without_scripts()
    {
        await using var app = await ProposalsApp.StartAsync();
        await app.NameAsync("foobank");

        var counted = Read(await PageAsync(app, await app.BrowserAsync("name=is+Foo+Bank+down%3F&timeZone=Europe%2FRome", "203.0.113.7")));
        var again = Read(await PageAsync(app, await app.BrowserAsync("name=foobank", "203.0.113.7")));

        Assert.Contains("Your report of “foobank” is counted for something we don’t list yet. 1 other report named it in the last hour.", counted, StringComparison.Ordinal);
        Assert.Contains("once it is listed, what was counted becomes its history", counted, StringComparison.Ordinal);
        Assert.Contains("from your connection was counted less than 30 minutes ago", again, StringComparison.Ordinal);
        Assert.Equal(2, (await app.ListAsync()).GetProperty("items")[0].GetProperty("reports").GetInt32());
    }

    [Theory]
    [InlineData(0, 59, "1 other report named it")]
    [InlineData(0, 60, "1 other report named it")]
    [InlineData(0, 61, "1 other report named it")]
    [InlineData(0, 200, "Nobody else named it")]
    [InlineData(20, 59, "1 other report named it")]
    [InlineData(20, 61, "1 other report named it")]
    [InlineData(29, 88, "1 other report named it")]
    public async Task A_page_that_is_opened_late_tells_of_the_others_and_hides_none(int pressedAgainAfter, int openedAfter, string says)
    {
        await using var app = await ProposalsApp.StartAsync();
        var start = app.Clock.GetUtcNow();
        var press = await app.BrowserAsync("name=Foo+Bank", "203.0.113.7");
        app.Clock.Advance(TimeSpan.FromMinutes(pressedAgainAfter));
        if (pressedAgainAfter > 0)
            press = await app.BrowserAsync("name=Foo+Bank", "203.0.113.7");
        app.Clock.Advance(TimeSpan.FromMinutes(30) - (app.Clock.GetUtcNow() - start));
        await app.NameAsync("foobank");
        app.Clock.Advance(TimeSpan.FromMinutes(openedAfter) - (app.Clock.GetUtcNow() - start));

        Assert.Contains(says, Read(await PageAsync(app, press)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_catalog_has_leads_to_its_form()
    {
        await using var app = await ProposalsApp.StartAsync();

        using var answer = await app.BrowserAsync("name=chat+gpt");

        Assert.Equal((HttpStatusCode.SeeOther, "/services/chatgpt/report"), (answer.StatusCode, answer.Headers.Location!.ToString()));
    }

    [Theory]
    [InlineData("<script>alert(1)</script>", "“script>alert(1)</script”")]
    [InlineData("\"><img src=x onerror=alert(1)>", "“img src=x onerror=alert(1”")]
    [InlineData("Foo' onmouseover='x", "“Foo onmouseover='x”")]
    [InlineData("Foo<b>x</b>", "“Foo<b>x</b”")]
    public async Task A_name_can_not_break_out_of_the_page(string name, string shown)
    {
        await using var app = await ProposalsApp.StartAsync();

        var searched = await app.App.Client.GetStringAsync($"/?query={Uri.EscapeDataString(name)}");
        var receipt = await PageAsync(app, await app.BrowserAsync($"name={Uri.EscapeDataString(name)}"));

        foreach (var page in (string[])[searched, receipt])
        {
            Assert.DoesNotContain("<script>alert", page, StringComparison.Ordinal);
            Assert.DoesNotContain("<img src=x", page, StringComparison.Ordinal);
            Assert.DoesNotContain(" onmouseover='x", page, StringComparison.Ordinal);
            Assert.DoesNotContain("<b>x", page, StringComparison.Ordinal);
        }
        Assert.Contains(shown, Read(receipt), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("بانک فو")]
    [InlineData("בנק פו")]
    [InlineData("Фубанк")]
    public async Task A_name_in_another_script_stands_isolated(string name)
    {
        await using var app = await ProposalsApp.StartAsync();

        var receipt = await PageAsync(app, await app.BrowserAsync($"name={Uri.EscapeDataString(name)}"));
        var answer = await (await app.ProposeAsync($$"""{"name":"{{name}}"}""")).JsonAsync(HttpStatusCode.Accepted);

        Assert.Contains($"“<bdi>{name}</bdi>”", Read(receipt), StringComparison.Ordinal);
        Assert.Contains($"\u2068{name}\u2069", answer.GetProperty("sentence").GetString(), StringComparison.Ordinal);
        Assert.Equal(name, answer.GetProperty("name").GetString());
    }

    [Fact]
    public async Task Nobody_can_link_to_a_page_that_thanks_for_a_report_that_never_was()
    {
        await using var app = await ProposalsApp.StartAsync();
        var location = (await app.BrowserAsync("name=Foo+Bank")).Headers.Location!.ToString();
        Assert.Contains("counted for something", await app.App.Client.GetStringAsync(location), StringComparison.Ordinal);

        foreach (var forged in (string[])[location[..^2], location + "&reason=duplicate", location.Replace("named=", "named=0", StringComparison.Ordinal), "/propose?named=3e23e8160039594a&at=1&token=x"])
        {
            var page = await app.App.Client.GetStringAsync(forged);
            Assert.DoesNotContain("Your report", page, StringComparison.Ordinal);
            Assert.DoesNotContain("Foo Bank", page, StringComparison.Ordinal);
            Assert.Contains("<form class=\"report-fields\" action=\"/api/v1/proposals\" method=\"post\">", page, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_names_are_on_no_public_page()
    {
        await using var app = await ProposalsApp.StartAsync();
        for (var i = 0; i < 20; i++)
            await app.NameAsync("Unheardof Inc");

        foreach (var address in (string[])["/", "/archive", "/propose", "/?query=unheard", "/api/v1/services", "/api/v1/services?query=unheardof", "/api/v1/incidents"])
            Assert.DoesNotContain("Unheardof", await app.App.Client.GetStringAsync(address), StringComparison.Ordinal);
    }
}
