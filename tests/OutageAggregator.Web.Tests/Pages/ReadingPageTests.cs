using System.Net;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using OutageAggregator.Storage;
using OutageAggregator.TestKit.Web;

namespace OutageAggregator.Web.Tests.Pages;

/// <summary>The charts of a service: how far back, of which region and problem; and its regions beside each other.</summary>
public sealed partial class ReadingPageTests
{
    [Theory]
    [InlineData("24h", "/services/chatgpt", "The last 24 hours", "reports per 5 minutes", "step=5m")]
    [InlineData("7d", "/services/chatgpt?range=7d", "The last 7 days", "reports per 30 minutes", "step=30m")]
    [InlineData("30d", "/services/chatgpt?range=30d", "The last 30 days", "reports per 2 hours", "step=1h")]
    [InlineData("13mo", "/services/chatgpt?range=13mo", "The last 13 months", "reports per day", "step=1d")]
    public async Task Each_range_has_an_address_a_heading_a_fitting_step_and_links_to_the_others(
        string range, string address, string heading, string unit, string step)
    {
        var (app, _) = await PageWorld.StartAsync();
        await using var owned = app;

        var html = await app.PageAsync($"/services/chatgpt?range={range}");

        Assert.Contains($"<h2>{heading}</h2>", html, StringComparison.Ordinal);
        Assert.Contains($" {unit}</", html, StringComparison.Ordinal);
        Assert.Contains(step, WebUtility.HtmlDecode(html), StringComparison.Ordinal);
        var links = Ranges().Matches(html).Select(m => (Address: WebUtility.HtmlDecode(m.Groups["address"].Value), IsThis: m.Groups["current"].Success)).ToList();
        Assert.Equal(
            ["/services/chatgpt", "/services/chatgpt?range=7d", "/services/chatgpt?range=30d", "/services/chatgpt?range=13mo"],
            links.Select(l => l.Address));
        Assert.Equal([address], links.Where(l => l.IsThis).Select(l => l.Address));
        Assert.InRange(Steps().Match(html).Groups["steps"].Value.Split(',').Length, 200, 400);
    }

    [Theory]
    [InlineData("/services/chatgpt?range=2w")]
    [InlineData("/services/chatgpt?range=yesterday&region=IT")]
    [InlineData("/services/chatgpt?range=%3Cscript%3E")]
    public async Task A_range_that_there_is_none_of_is_said_and_not_repeated(string address)
    {
        var (app, _) = await PageWorld.StartAsync();
        await using var owned = app;

        var html = WebUtility.HtmlDecode(await app.PageAsync(address));

        Assert.Contains("so this is the last 24 hours. There are: 24h, 7d, 30d, 13mo.", html, StringComparison.Ordinal);
        Assert.Contains("<h2>The last 24 hours", html, StringComparison.Ordinal);
        Assert.DoesNotContain(address.Split("range=")[1].Split('&')[0], html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_problem_that_there_is_none_of_is_said_with_those_that_there_are()
    {
        var (app, _) = await PageWorld.StartAsync();
        await using var owned = app;

        var html = await app.PageAsync("/services/chatgpt?problem=passwords");

        Assert.Contains("There are: unavailable, login, errors, slow, missing-data, payment, other.", html, StringComparison.Ordinal);
        Assert.DoesNotContain("passwords", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_not_understood_is_one_page_however_it_is_written()
    {
        var (app, _) = await PageWorld.StartAsync();
        await using var owned = app;

        var pages = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => app.Client.GetAsync($"/services/chatgpt?range={i}w")));

        Assert.Single(pages.Select(p => p.Headers.ETag!.Tag).Distinct(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("/services/ChatGPT?range=7d&problem=login&region=it", "/services/chatgpt?region=IT&range=7d&problem=login")]
    [InlineData("/services/chat-gpt?range=24h", "/services/chatgpt")]
    public async Task Another_way_to_write_the_name_keeps_the_chart(string address, string kept)
    {
        var (app, _) = await PageWorld.StartAsync();
        await using var owned = app;

        using var answer = await app.Client.GetAsync(address);

        Assert.Equal(HttpStatusCode.Found, answer.StatusCode);
        Assert.Equal(kept, answer.Headers.Location!.OriginalString);
    }

    [Theory]
    // Log-in was named by the surge from Italy, slowness by one report in ten minutes from the United States; the day begins with a whole step.
    [InlineData("/services/chatgpt?problem=login", "The last 24 hours: Log-in", 1_000)]
    [InlineData("/services/chatgpt?problem=slow", "The last 24 hours: Slow", 145)]
    [InlineData("/services/chatgpt?problem=payment", "The last 24 hours: Payment", 0)]
    [InlineData("/services/chatgpt?region=IT&problem=login", "The last 24 hours: Log-in, from Italy", 1_000)]
    [InlineData("/services/chatgpt?region=US&problem=login", "The last 24 hours: Log-in, from United States", 0)]
    public async Task Each_problem_has_its_own_chart_of_all_regions_or_of_one_and_says_that_it_knows_no_usual(string address, string heading, int reports)
    {
        var (app, _) = await PageWorld.StartAsync();
        await using var owned = app;

        var html = WebUtility.HtmlDecode(await app.PageAsync(address));

        Assert.Contains($"<h2>{heading}</h2>", html, StringComparison.Ordinal);
        Assert.Contains("What is usual is known of all problems together, not of one.", html, StringComparison.Ordinal);
        Assert.DoesNotContain("class=\"expected\"", Chart(html), StringComparison.Ordinal);
        Assert.Equal(reports, Steps().Match(html).Groups["steps"].Value.Split(',').Sum(s => s.Length == 0 ? 0 : int.Parse(s, CultureInfo.InvariantCulture)));
        Assert.Contains($"&problem={address.Split("problem=")[1]}\"", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_bars_of_problems_and_regions_lead_to_their_charts_and_keep_what_is_chosen()
    {
        var (app, _) = await PageWorld.StartAsync();
        await using var owned = app;

        var html = WebUtility.HtmlDecode(await app.PageAsync("/services/chatgpt?region=IT&range=7d"));

        Assert.Contains("href=\"/services/chatgpt?region=IT&range=7d&problem=login\"", html, StringComparison.Ordinal);
        Assert.Contains("href=\"/services/chatgpt?region=US&range=7d\"", html, StringComparison.Ordinal);
        Assert.Contains("href=\"/services/chatgpt?range=7d\"", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task In_an_outage_the_regions_stand_beside_each_other_each_against_its_own_usual()
    {
        var (app, _) = await WithJapanAsync();
        await using var owned = app;

        var tiles = Tiles(await app.PageAsync("/services/chatgpt"));

        // Three a quarter of an hour are usual in Japan, and 300 came. In Italy nothing was ever reported before, so there is no ratio to tell.
        Assert.Matches("^heat-3 /services/chatgpt\\?region=JP Japan (9[0-9]|10[0-9])× the usual (3|2.9|3.1): 300 reports$", tiles[0]);
        Assert.Equal(" /services/chatgpt?region=IT Italy 750 reports", tiles[^1]);
        Assert.Matches("^heat-0 /services/chatgpt\\?region=US United States [0-9.]+× the usual 1.5: [12] reports?$", tiles[1]);
        Assert.Equal(3, tiles.Count);
    }

    [Fact]
    public async Task Without_an_outage_and_three_regions_or_without_fresh_data_no_regions_are_compared()
    {
        var (app, clock) = await WithJapanAsync();
        await using var owned = app;

        Assert.Empty(Tiles(await app.PageAsync("/services/claude")));
        clock.Jump(TimeSpan.FromMinutes(5));
        Assert.Empty(Tiles(await app.PageAsync("/services/chatgpt")));
    }

    private static async Task<(WebApp App, JumpingClock Clock)> WithJapanAsync()
    {
        var (app, clock) = await PageWorld.StartAsync();
        var now = Minute.Of(clock.GetUtcNow());
        var cell = ReportCell.Of(ReportKind.Down, Problem.Errors, Surface.Web);
        var cells = Enumerable.Range(16, 14 * Minute.PerDay).Where(m => m % 5 == 0).Select(m => new CellCount(now - m, cell, 1))
            .Append(new CellCount(now - 1, cell, 300));
        await app.Services.GetRequiredService<ICountStore>()
            .ImportAsync(new WatchKey(ServiceSlug.Parse("chatgpt"), Region.Parse("JP")), [.. cells.OrderBy(c => c.Minute)], CancellationToken.None);
        return (app, clock);
    }

    private static string Chart(string html)
    {
        var plot = html[html.IndexOf("<svg xmlns=", StringComparison.Ordinal)..];
        return plot[..plot.IndexOf("<ul class=\"legend\">", StringComparison.Ordinal)];
    }

    private static List<string> Tiles(string html) =>
    [
        .. Tile().Matches(html).Select(m => WebUtility.HtmlDecode(
            $"{m.Groups["class"].Value} {m.Groups["address"].Value} {Tags().Replace(m.Groups["text"].Value, "")}")),
    ];

    [GeneratedRegex("<a href=\"(?<address>/services/chatgpt[^\"]*)\"(?<current> aria-current=\"true\")?>[0-9]+ (?:hours|days|months)</a>")]
    private static partial Regex Ranges();

    [GeneratedRegex("data-chart=\"(?<steps>[^\"]*)\"")]
    private static partial Regex Steps();

    [GeneratedRegex("<li><a (?:class=\"(?<class>heat-[0-9])\" )?href=\"(?<address>[^\"]+)\"><span>(?<text>.*?)</a></li>")]
    private static partial Regex Tile();

    [GeneratedRegex("<[^>]+>")]
    private static partial Regex Tags();
}
