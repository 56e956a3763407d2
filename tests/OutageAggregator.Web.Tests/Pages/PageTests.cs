using System.Net;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using OutageAggregator.Runtime.Reading;
using OutageAggregator.TestKit.Web;
using OutageAggregator.Web.Admission;

namespace OutageAggregator.Web.Tests.Pages;

public sealed partial class PageTests
{
    public static TheoryData<string> Addresses { get; } =
    [
        "/", "/?query=chatgbt", "/?query=nothing+like+it", "/?category=ai", "/services/chatgpt", "/services/chatgpt?region=IT", "/services/openai",
        "/services/chatgpt?range=30d", "/services/chatgpt?region=IT&problem=login&range=2w",
        "/services/claude", "/services/chatgpt/report", "/incidents/chatgpt-1", "/incidents/chatgpt-2", "/archive", "/archive?service=chatgpt",
        "/methodology", "/methodology/track-record", "/shadow", "/privacy", "/developers", "/zones", "/propose", "/services/chatgpt?zone=Asia/Kathmandu",
    ];

    [Theory]
    [MemberData(nameof(Addresses))]
    public async Task A_page_says_its_language_and_direction_and_holds_nothing_that_a_strict_policy_refuses(string address)
    {
        var (app, _) = await PageWorld.StartAsync();
        await using var owned = app;

        var html = await app.PageAsync(address);

        Assert.StartsWith("<!DOCTYPE html>", html, StringComparison.Ordinal);
        Assert.Contains("<html lang=\"en\" dir=\"ltr\">", html, StringComparison.Ordinal);
        Assert.Single(Headings().Matches(html));
        Assert.DoesNotMatch(@"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)|javascript:", html);
        Assert.DoesNotContain("&amp;amp;", html, StringComparison.Ordinal);
        Assert.Empty(app.Errors);
    }

    [Fact]
    public async Task No_link_of_any_page_is_dead()
    {
        var (app, _) = await PageWorld.StartAsync(s => s.AddSingleton(new LimitSettings { ReadsPerMinute = 0 }));
        await using var owned = app;
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var waiting = new Queue<string>(Addresses.Select(a => a.Data));
        while (waiting.TryDequeue(out var address))
        {
            using var answer = await app.Client.GetAsync(address);
            Assert.True(answer.StatusCode == HttpStatusCode.OK, $"{address} answers {(int)answer.StatusCode}.");
            if (answer.Content.Headers.ContentType?.MediaType != "text/html")
                continue;
            foreach (Match link in Links().Matches(await answer.Content.ReadAsStringAsync()))
            {
                var target = WebUtility.HtmlDecode(link.Groups[1].Value).Split('#')[0];
                if (target.StartsWith('/') && seen.Add(target))
                    waiting.Enqueue(target);
            }
        }
        Assert.InRange(seen.Count, 25, 1_000);
    }

    [Fact]
    public async Task Home_shows_what_is_in_trouble_before_everything_else()
    {
        var (app, _) = await PageWorld.StartAsync();
        await using var owned = app;

        var html = await app.PageAsync("/");

        Assert.Contains("In trouble now: ChatGPT", html, StringComparison.Ordinal);
        Assert.Contains("class=\"sparkline\"", html, StringComparison.Ordinal);
        Assert.Contains("href=\"/incidents/chatgpt-2\"", html, StringComparison.Ordinal);
        Assert.True(html.IndexOf("/services/chatgpt", StringComparison.Ordinal) < html.IndexOf("/services/aws", StringComparison.Ordinal));
        foreach (var slug in new[] { "openai", "chatgpt", "openai-api", "claude", "gemini", "whatsapp", "telegram", "aws" })
            Assert.Contains($"href=\"/services/{slug}\"", html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("chatgbt", "ChatGPT")]
    [InlineData("whatsap", "WhatsApp")]
    [InlineData("telegrem", "Telegram")]
    public async Task A_typo_finds_the_service(string query, string name)
    {
        var (app, _) = await PageWorld.StartAsync();
        await using var owned = app;

        var html = await app.PageAsync($"/?query={query}");

        Assert.Matches($"data-live=\"found\">\\s*<li><span class=\"monogram tone-[0-4]\"[^>]*></span><a href=\"/services/[a-z]+\">{name}</a>", html);
    }

    [Fact]
    public async Task A_service_answers_the_question_shows_the_day_and_offers_the_button()
    {
        var (app, _) = await PageWorld.StartAsync();
        await using var owned = app;

        var html = await app.PageAsync("/services/chatgpt");

        Assert.Contains("It&#x27;s not just you", html, StringComparison.Ordinal);
        Assert.Contains("status-outage", html, StringComparison.Ordinal);
        Assert.Contains("<form action=\"/api/v1/reports\" method=\"post\"", html, StringComparison.Ordinal);
        Assert.Contains("<title id=\"day-title\">Reports about ChatGPT, the last 24 hours</title>", html, StringComparison.Ordinal);
        Assert.Matches("Told late: 7[ <]", html);
        Assert.Matches("Back for me: 4[ <]", html);
        Assert.Contains("href=\"/services/chatgpt?region=IT\"", html, StringComparison.Ordinal);
        Assert.Contains("Log-in", html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("IT", "Log-in", "Slow", 4)]
    [InlineData("US", "Slow", "Log-in", 0)]
    public async Task The_page_of_a_region_shows_what_that_region_says(string region, string problem, string other, int back)
    {
        var (app, _) = await PageWorld.StartAsync();
        await using var owned = app;

        var html = await app.PageAsync($"/services/chatgpt?region={region}");

        var problems = html[html.IndexOf("<h2 id=\"problems\">", StringComparison.Ordinal)..html.IndexOf("<h2 id=\"surfaces\">", StringComparison.Ordinal)];
        Assert.Contains(problem, problems, StringComparison.Ordinal);
        Assert.DoesNotContain(other, problems, StringComparison.Ordinal);
        Assert.Matches($"<dt>said it&#x27;s back from [A-Z][a-z A-Z]+</dt><dd>{back}</dd>", html);
        Assert.Contains(", all regions; follow one", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_family_lists_its_products()
    {
        var (app, _) = await PageWorld.StartAsync();
        await using var owned = app;

        var html = await app.PageAsync("/services/openai");

        Assert.Contains("Which product is it?", html, StringComparison.Ordinal);
        Assert.Contains("href=\"/services/openai-api\"", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_incident_says_why_it_is_one_in_words_and_in_numbers()
    {
        var (app, _) = await PageWorld.StartAsync();
        await using var owned = app;

        var html = WebUtility.HtmlDecode(await app.PageAsync("/incidents/chatgpt-1"));

        Assert.Contains("ChatGPT outage of 4 November 2024", html, StringComparison.Ordinal);
        Assert.Contains("Within 5 minutes, 214 different reporters said ChatGPT was down, where fewer than one is usual at that hour of the week.", html, StringComparison.Ordinal);
        Assert.Contains("one of 39 million such stretches", html, StringComparison.Ordinal);
        Assert.Contains("2.5 × 10⁻⁸", html, StringComparison.Ordinal);
        Assert.Contains("<dt>Upper bound</dt><dd>6</dd>", html, StringComparison.Ordinal);
        Assert.Contains("(at least 6 needed)", html, StringComparison.Ordinal);
        Assert.Contains("Over, after 41 minutes", html, StringComparison.Ordinal);
        Assert.Contains($"{app.Address}incidents/chatgpt-1", html, StringComparison.Ordinal);
    }

    [Theory]
    // 19 minutes of 50 that are over and two of the quiet ones, where two are usual, and at most five by chance; and five of the quiet ones in 41 minutes.
    [InlineData("/incidents/chatgpt-2", "About 949 more reports than usual (946 to 951; 1.9 would have been usual).")]
    [InlineData("/incidents/chatgpt-1", "About 1 more report than usual (between 4 fewer and 4 more; 4.1 would have been usual).")]
    public async Task An_incident_says_how_many_more_than_usual_reported(string address, string sentence)
    {
        var (app, _) = await PageWorld.StartAsync();
        await using var owned = app;
        var html = WebUtility.HtmlDecode(await app.PageAsync(address));
        Assert.Equal(sentence, html.Split("<p>").Select(p => p.Split("</p>")[0]).Single(p => p.Contains("would have been usual", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task The_archive_holds_both_incidents_the_latest_first()
    {
        var (app, _) = await PageWorld.StartAsync();
        await using var owned = app;

        var html = await app.PageAsync("/archive");

        var (current, past) = (html.IndexOf("/incidents/chatgpt-2", StringComparison.Ordinal), html.IndexOf("/incidents/chatgpt-1", StringComparison.Ordinal));
        Assert.InRange(current, 0, past);
    }

    [Fact]
    public async Task Stale_data_is_shown_as_such_and_nothing_as_usual()
    {
        var (app, clock) = await PageWorld.StartAsync();
        await using var owned = app;
        clock.Jump(TimeSpan.FromMinutes(5));

        foreach (var address in new[] { "/", "/services/claude", "/incidents/chatgpt-2" })
        {
            var html = await app.PageAsync(address);

            Assert.Contains("freshness stale", html, StringComparison.Ordinal);
            Assert.Contains("status-unknown", html, StringComparison.Ordinal);
            Assert.DoesNotContain("status-normal", html, StringComparison.Ordinal);
            Assert.DoesNotContain("status-outage", html, StringComparison.Ordinal);
            Assert.DoesNotContain("Nothing unusual", html, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Addresses))]
    public async Task A_demonstration_on_a_simulated_clock_says_so_on_every_page(string address)
    {
        var (app, _) = await PageWorld.StartAsync(s => s.AddSingleton(new ServerNotice(60, Demo: true)));
        await using var owned = app;

        var html = await app.PageAsync(address);

        Assert.Contains("<strong>Demonstration.</strong>", html, StringComparison.Ordinal);
        Assert.Contains("<strong>Simulated clock.</strong>", html, StringComparison.Ordinal);
        Assert.Contains("60 times as fast as real time", html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, "Demonstration, not real. ", "demo-")]
    [InlineData(false, "Simulated clock, not live. ", "simulated-")]
    public async Task What_leaves_a_demonstration_says_that_it_is_none_of_the_worlds(bool demo, string mark, string file)
    {
        var (app, _) = await PageWorld.StartAsync(s => s.AddSingleton(new ServerNotice(60, demo)));
        await using var owned = app;

        var html = await app.PageAsync("/incidents/chatgpt-1");
        Assert.Contains($"<meta property=\"og:description\" content=\"{mark}ChatGPT: ", html, StringComparison.Ordinal);
        Assert.Contains($"<meta property=\"og:title\" content=\"{mark}ChatGPT outage", html, StringComparison.Ordinal);
        Assert.Contains($"id=\"citation\">{mark}ChatGPT: ", html, StringComparison.Ordinal);
        Assert.Contains($"<meta property=\"og:description\" content=\"{mark}It&#x27;s not just you", await app.PageAsync("/services/chatgpt"), StringComparison.Ordinal);
        using var csv = await app.Client.GetAsync("/api/v1/services/chatgpt/series.csv?step=1h");
        Assert.Equal($"{file}chatgpt-world-1h.csv", csv.Content.Headers.ContentDisposition?.FileName?.Trim('"'));
    }

    [Fact]
    public async Task A_name_with_markup_in_it_stays_a_name_on_every_page()
    {
        const string Name = "<img src=x onerror=alert(1)> & \"Co\"";
        var (app, _) = await PageWorld.StartAsync(s => s.AddSingleton(TestCatalog.Create(chatGpt: Name)));
        await using var owned = app;

        foreach (var address in new[] { "/", "/services/chatgpt", "/services/chatgpt/report", "/services/openai", "/incidents/chatgpt-1", "/archive" })
        {
            var html = await app.PageAsync(address);
            Assert.DoesNotContain("<img", html, StringComparison.Ordinal);
            Assert.Contains("&lt;img", html, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_search_text_is_repeated_as_text()
    {
        var (app, _) = await PageWorld.StartAsync();
        await using var owned = app;

        var html = await app.PageAsync("/?query=" + Uri.EscapeDataString("\"><script>alert(1)</script>"));

        Assert.DoesNotContain("<script>alert", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_service_is_a_page_that_says_what_comes_near()
    {
        var (app, _) = await PageWorld.StartAsync();
        await using var owned = app;
        using var request = new HttpRequestMessage(HttpMethod.Get, "/services/chatgtp");
        request.Headers.Accept.ParseAdd("text/html");

        using var answer = await app.Client.SendAsync(request);
        var html = await answer.Content.ReadAsStringAsync();

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Contains("<a href=\"/services/chatgpt\">ChatGPT</a>", html, StringComparison.Ordinal);
        Assert.Contains("class=\"masthead\"", html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/services/ChatGPT", "/services/chatgpt")]
    [InlineData("/services/chat-gpt", "/services/chatgpt")]
    [InlineData("/services/ChatGPT?region=it&x=1", "/services/chatgpt?x=1&region=IT")]
    [InlineData("/services/chatgpt?region=italia", "/services/chatgpt?region=IT")]
    [InlineData("/services/chatgpt?region=world", "/services/chatgpt")]
    public async Task Another_way_to_write_an_address_leads_to_the_one_that_is_kept(string address, string kept)
    {
        var (app, _) = await PageWorld.StartAsync();
        await using var owned = app;

        using var answer = await app.Client.GetAsync(address);

        Assert.Equal(HttpStatusCode.Found, answer.StatusCode);
        Assert.Equal(kept, answer.Headers.Location!.OriginalString);
    }

    [Theory]
    [InlineData("/incidents/chatgpt-9")]
    [InlineData("/incidents/chatgpt-02")]
    [InlineData("/incidents/nothing")]
    [InlineData("/services/nothing-like-it/report")]
    [InlineData("/archive?service=nothing-like-it")]
    public async Task What_is_not_there_is_404(string address)
    {
        var (app, _) = await PageWorld.StartAsync();
        await using var owned = app;

        using var answer = await app.Client.GetAsync(address);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [GeneratedRegex("<h1[ >]")]
    private static partial Regex Headings();

    [GeneratedRegex("<a [^>]*?href=\"([^\"]+)\"")]
    private static partial Regex Links();
}
