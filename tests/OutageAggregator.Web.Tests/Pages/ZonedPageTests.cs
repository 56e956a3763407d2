using System.Net;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using OutageAggregator.TestKit.Web;
using OutageAggregator.Web.Addresses;
using OutageAggregator.Web.Admission;
using OutageAggregator.Web.Words;
using OutageAggregator.Web.Zones;

namespace OutageAggregator.Web.Tests.Pages;

/// <summary>A page tells all of its times in one zone, and says in which.</summary>
public sealed partial class ZonedPageTests
{
    public static TheoryData<string, string> Zones { get; } = new()
    {
        { "UTC", "Times in UTC." },
        { "Europe/Rome", "Times in Europe/Rome (UTC+1)." },
        { "America/New_York", "Times in America/New York (UTC−5)." },
        { "America/Sao_Paulo", "Times in America/Sao Paulo (UTC−3)." },
        { "Asia/Kathmandu", "Times in Asia/Kathmandu (UTC+5:45)." },
        { "Pacific/Chatham", "Times in Pacific/Chatham (UTC+13:45)." },
    };

    private static readonly string[] s_pages =
    [
        "/", "/?category=ai", "/?query=chat", "/services/chatgpt", "/services/chatgpt?region=IT", "/services/openai", "/services/claude/report", "/incidents/chatgpt-1",
        "/incidents/chatgpt-2", "/archive", "/archive?service=chatgpt", "/methodology", "/methodology/track-record", "/shadow", "/privacy", "/developers",
        "/zones", "/zones?to=/services/chatgpt",
    ];

    // Their clocks were changed within them.
    private static readonly string[] s_longCharts = ["/services/chatgpt?region=IT&range=7d&problem=login", "/services/chatgpt?range=30d", "/services/chatgpt?range=13mo"];

    [Fact]
    public async Task A_suggestion_leads_to_a_page_in_the_zone()
    {
        var (app, _) = await PageWorld.StartAsync();
        await using var owned = app;

        Assert.Contains("data-href=\"/services/chatgpt?zone=Asia/Kathmandu\"", await app.PageAsync("/suggestions?query=chatg&zone=Asia/Kathmandu"), StringComparison.Ordinal);
        Assert.Contains("data-href=\"/services/chatgpt\"", await app.PageAsync("/suggestions?query=chatg"), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Zones))]
    public async Task Whatever_a_page_tells_it_tells_in_the_zone_that_it_names(string zone, string name)
    {
        var words = Languages.English.In(ZoneNames.Find(zone)!);
        var (app, _) = await PageWorld.StartAsync(s => s.AddSingleton(new LimitSettings { ReadsPerMinute = 0 }));
        await using var owned = app;
        foreach (var address in s_pages)
        {
            var html = await app.PageAsync(words.Zone.Keep(address));

            Assert.Contains(name, WebUtility.HtmlDecode(html), StringComparison.Ordinal);
            var times = Times().Matches(html);
            Assert.NotEmpty(times);
            Assert.All(times, t =>
            {
                var at = DateTimeOffset.Parse(t.Groups["at"].Value, CultureInfo.InvariantCulture);
                Assert.Contains(WebUtility.HtmlDecode(t.Groups["told"].Value), new[] { words.DateAndClock(at), words.NamedClock(at), words.Date(at) });
            });
            // Sentences, titles, descriptions and charts: times that say in which zone they are say this one.
            var offset = words.Offset(PageWorld.Now);
            Assert.All(Named().Matches(WebUtility.HtmlDecode(Citation().Replace(html, ""))), m => Assert.Equal($"{address} {offset}", $"{address} {m.Groups["zone"].Value}"));
        }
    }

    [Theory]
    // The onset was at 23:41 UTC on 4 November.
    [InlineData("UTC", "4 November 2024", "4 Nov 2024, 23:41 UTC", "23:41 UTC on 4 November 2024", "5 Nov")]
    [InlineData("Europe/Rome", "5 November 2024", "5 Nov 2024, 00:41 UTC+1", "00:41 and 01:22 UTC+1 on 5 November 2024", "5 Nov")]
    [InlineData("America/New_York", "4 November 2024", "4 Nov 2024, 18:41 UTC−5", "18:41 and 19:22 UTC−5 on 4 November 2024", null)]
    [InlineData("Asia/Kathmandu", "5 November 2024", "5 Nov 2024, 05:26 UTC+5:45", "05:26 and 06:07 UTC+5:45 on 5 November 2024", null)]
    [InlineData("Pacific/Chatham", "5 November 2024", "5 Nov 2024, 13:26 UTC+13:45", "13:26 and 14:07 UTC+13:45 on 5 November 2024", null)]
    public async Task Heading_title_timeline_sentence_table_and_chart_of_an_incident_agree(string zone, string day, string onset, string between, string? tick)
    {
        var (app, _) = await PageWorld.StartAsync();
        await using var owned = app;

        var html = WebUtility.HtmlDecode(await app.PageAsync($"/incidents/chatgpt-1?zone={zone}"));

        Assert.Contains($"<title>ChatGPT outage of {day}", html, StringComparison.Ordinal);
        Assert.Contains($"<h1>ChatGPT outage of {day}</h1>", html, StringComparison.Ordinal);
        Assert.Contains($"{onset}</time>Onset", html, StringComparison.Ordinal);
        Assert.Contains($"<td><time datetime=\"2024-11-04T23:41:00Z\">{onset}</time></td>", html, StringComparison.Ordinal);
        Assert.Contains(between, Part(html, "<p class=\"lede\">", "</p>"), StringComparison.Ordinal);
        Assert.Contains(between, Part(html, "<meta property=\"og:description\" content=\"", "\">"), StringComparison.Ordinal);
        Assert.Equal(tick is null ? [] : [tick], Dates().Matches(html).Select(m => m.Groups["date"].Value));
        // What others quote is the same for all of them, and has an address without a zone.
        Assert.Contains("between 23:41 UTC on 4 November 2024 and 00:22 UTC on 5 November 2024", Part(html, "id=\"citation\">", "</blockquote>"), StringComparison.Ordinal);
        Assert.EndsWith("/incidents/chatgpt-1", Part(html, "id=\"citation\">", "</blockquote>"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("UTC", "outage since 00:02 UTC")]
    [InlineData("Europe/Rome", "outage since 01:02 UTC+1")]
    [InlineData("America/New_York", "outage since 19:02 UTC−5")]
    [InlineData("Asia/Kathmandu", "outage since 05:47 UTC+5:45")]
    public async Task The_title_of_a_service_says_since_when_there(string zone, string title)
    {
        var (app, _) = await PageWorld.StartAsync();
        await using var owned = app;

        Assert.Contains($"<title>ChatGPT: {title} ", WebUtility.HtmlDecode(await app.PageAsync($"/services/chatgpt?zone={zone}")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_link_to_a_page_keeps_the_zone_and_none_to_data_has_it()
    {
        var (app, _) = await PageWorld.StartAsync(s => s.AddSingleton(new LimitSettings { ReadsPerMinute = 0 }));
        await using var owned = app;
        foreach (var address in s_pages.Concat(s_longCharts))
        {
            var html = await app.PageAsync(ZoneNames.Find("Europe/Rome")!.Keep(address));
            foreach (var link in Links().Matches(html).Select(m => WebUtility.HtmlDecode(m.Groups["address"].Value)))
            {
                var isPage = !link.StartsWith("/api/", StringComparison.Ordinal) && !link.StartsWith("/assets/", StringComparison.Ordinal) && !link.StartsWith("/openapi/", StringComparison.Ordinal)
                    && link != "/manifest.webmanifest";
                Assert.True(isPage ? ZoneIn().IsMatch(link) : !link.Contains("zone=", StringComparison.Ordinal), $"{address} leads to {link}");
            }
            // Where the search leads, too.
            Assert.Equal(html.Contains("class=\"search\"", StringComparison.Ordinal), html.Contains("<input type=\"hidden\" name=\"zone\" value=\"Europe/Rome\" />", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task A_report_from_a_page_is_answered_in_its_zone()
    {
        var (app, _) = await PageWorld.StartAsync();
        await using var owned = app;
        var form = Part(await app.PageAsync("/services/claude/report?zone=Asia/Kathmandu"), "<form action=\"", "\"", last: "/api/v1/reports");
        async Task<string> PressAsync()
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, WebUtility.HtmlDecode(form));
            request.Headers.Accept.ParseAdd("text/html");
            request.Content = new FormUrlEncodedContent([new("service", "claude"), new("kind", "down")]);
            using var posted = await app.Client.SendAsync(request);
            Assert.Equal(HttpStatusCode.SeeOther, posted.StatusCode);
            return await app.PageAsync(posted.Headers.Location!.OriginalString);
        }
        _ = await PressAsync();

        Assert.Contains("The same connection counts again from <time datetime=\"2024-11-09T00:51:30Z\">06:36 UTC+5:45</time> on.", WebUtility.HtmlDecode(await PressAsync()), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/services/ChatGPT?zone=Europe/Rome", "/services/chatgpt?zone=Europe/Rome")]
    [InlineData("/services/chatgpt?region=italy&zone=Asia/Kathmandu", "/services/chatgpt?zone=Asia/Kathmandu&region=IT")]
    [InlineData("/services/ChatGPT?range=7d&zone=Europe/Rome&problem=login&region=italy", "/services/chatgpt?zone=Europe/Rome&region=IT&range=7d&problem=login")]
    [InlineData("/services/ChatGPT?range=2w&zone=Europe/Rome", "/services/chatgpt?range=2w&zone=Europe/Rome")]
    [InlineData("/?query=is+claude+down&zone=pacific/chatham", "/services/claude?zone=Pacific/Chatham")]
    [InlineData("/?query=claude&zone=UTC", "/services/claude")]
    public async Task A_redirection_keeps_it(string address, string kept)
    {
        var (app, _) = await PageWorld.StartAsync();
        await using var owned = app;

        using var answer = await app.Client.GetAsync(address);

        Assert.Equal(kept, Uri.UnescapeDataString(answer.Headers.Location!.OriginalString));
    }

    [Theory]
    [InlineData("Europe/Romme")]
    [InlineData("UTC%2B1")]
    [InlineData("Europe/Rome&zone=Europe/Paris")]
    [InlineData("%22%3E%3Cscript%3E")]
    public async Task A_zone_that_is_not_known_is_said_and_the_page_is_in_utc(string zone)
    {
        var (app, _) = await PageWorld.StartAsync();
        await using var owned = app;

        foreach (var address in new[] { "/services/chatgpt", "/", "/incidents/chatgpt-2", "/services/claude/report" })
        {
            var html = await app.PageAsync($"{address}?zone={zone}");

            Assert.Contains("The address asks for a time zone that is not known here, so times are in UTC.", html, StringComparison.Ordinal);
            Assert.Contains("9 Nov 2024, 00:21 UTC", html, StringComparison.Ordinal);
            Assert.DoesNotContain("<script>", html, StringComparison.Ordinal);
            Assert.DoesNotContain("href=\"/archive?zone", html, StringComparison.Ordinal);
        }
        Assert.DoesNotContain("is not known here", await app.PageAsync("/services/chatgpt"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Zones_are_pages_of_their_own_with_tags_of_their_own_and_one_canonical_address()
    {
        var (app, _) = await PageWorld.StartAsync(s => s.AddSingleton(new SiteSettings { PublicUrl = PublicUrl.Parse("https://example.org", null) }));
        await using var owned = app;
        async Task<(string Tag, string Html)> AskAsync(string zone)
        {
            using var answer = await app.Client.GetAsync($"/services/chatgpt{zone}");
            return (answer.Headers.ETag!.Tag, await answer.Content.ReadAsStringAsync());
        }
        var (utc, rome, kathmandu) = (await AskAsync(""), await AskAsync("?zone=Europe/Rome"), await AskAsync("?zone=Asia/Kathmandu"));

        Assert.Equal(3, new[] { utc.Tag, rome.Tag, kathmandu.Tag }.Distinct(StringComparer.Ordinal).Count());
        // Whatever its name, it is one page.
        Assert.Equal(rome, await AskAsync("?zone=europe/rome"));
        Assert.Equal(utc, await AskAsync("?zone=Etc/UTC"));
        Assert.All([utc.Html, rome.Html], html => Assert.Contains("<link rel=\"canonical\" href=\"https://example.org/services/chatgpt\" />", html, StringComparison.Ordinal));
        Assert.Contains("noindex", rome.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("noindex", utc.Html, StringComparison.Ordinal);
        using var again = new HttpRequestMessage(HttpMethod.Get, "/services/chatgpt?zone=Europe/Rome");
        again.Headers.TryAddWithoutValidation("If-None-Match", rome.Tag);
        using var held = await app.Client.SendAsync(again);
        Assert.Equal(HttpStatusCode.NotModified, held.StatusCode);
    }

    [Theory]
    [InlineData("/zones?to=/services/chatgpt?region=IT&zone=Europe/Rome", "/services/chatgpt", "region=IT")]
    [InlineData("/zones?to=/?query=a%2526b%26category=ai%26zone=Asia/Tokyo", "/", "query=a&b category=ai")]
    [InlineData("/zones", "/", "")]
    [InlineData("/zones?to=//example.org/", "/", "")]
    [InlineData("/zones?to=/%5Cexample.org", "/", "")]
    [InlineData("/zones?to=https://example.org/", "/", "")]
    [InlineData("/zones?to=/%0d%0aSet-Cookie:x", "/", "")]
    public async Task The_form_to_choose_a_zone_leads_back_to_the_page_and_nowhere_else(string address, string action, string fields)
    {
        var (app, _) = await PageWorld.StartAsync();
        await using var owned = app;

        var html = WebUtility.HtmlDecode(await app.PageAsync(address));
        var form = html[html.IndexOf(" data-zones>", StringComparison.Ordinal)..html.IndexOf("</form>", StringComparison.Ordinal)];

        Assert.Contains($"action=\"{action}\" method=\"get\" data-zones>", html, StringComparison.Ordinal);
        Assert.Equal(fields, string.Join(' ', Hidden().Matches(form).Select(m => $"{m.Groups["name"].Value}={m.Groups["value"].Value}")));
        Assert.Contains(">Asia/Kathmandu, 06:06</option>", form, StringComparison.Ordinal);
        Assert.Equal(address.EndsWith("&zone=Europe/Rome", StringComparison.Ordinal), form.Contains("value=\"Europe/Rome\" selected", StringComparison.Ordinal));
    }

    private static string Part(string html, string from, string to, string last = "")
    {
        var at = html.IndexOf(from + last, StringComparison.Ordinal) + from.Length;
        return html[at..html.IndexOf(to, at, StringComparison.Ordinal)];
    }

    [GeneratedRegex("<time datetime=\"(?<at>[^\"]+)\"[^>]*>(?<told>[^<]+)</time>", RegexOptions.ExplicitCapture, 5_000)]
    private static partial Regex Times();

    [GeneratedRegex("<text class=\"time date[^>]*>(?<date>[^<]+)<", RegexOptions.ExplicitCapture, 5_000)]
    private static partial Regex Dates();

    [GeneratedRegex("[0-9]{2}:[0-9]{2} (?<zone>UTC([+−][0-9:]+)?)", RegexOptions.ExplicitCapture, 5_000)]
    private static partial Regex Named();

    [GeneratedRegex("<blockquote.*?</blockquote>", RegexOptions.ExplicitCapture | RegexOptions.Singleline, 5_000)]
    private static partial Regex Citation();

    [GeneratedRegex(" href=\"(?<address>/[^\"]*)\"", RegexOptions.ExplicitCapture, 5_000)]
    private static partial Regex Links();

    [GeneratedRegex("[?&]zone=(Europe/Rome|UTC)$", RegexOptions.ExplicitCapture, 5_000)]
    private static partial Regex ZoneIn();

    [GeneratedRegex("type=\"hidden\" name=\"(?<name>[^\"]*)\" value=\"(?<value>[^\"]*)\"", RegexOptions.ExplicitCapture, 5_000)]
    private static partial Regex Hidden();
}
