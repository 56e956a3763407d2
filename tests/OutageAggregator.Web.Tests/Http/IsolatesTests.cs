using System.Net;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using OutageAggregator.TestKit.Web;
using OutageAggregator.Web.Http;
using OutageAggregator.Web.Layout;

namespace OutageAggregator.Web.Tests.Http;

/// <summary>A name in another script or direction stands isolated in every sentence, in HTML and in plain text.</summary>
public sealed class IsolatesTests
{
    private const string Digikala = "دیجی‌کالا";

    [Theory]
    [InlineData("[دیجی‌کالا]: 12 reports", "en")]
    [InlineData("Trouble with [بانک ملت] now", "en")]
    [InlineData("[اسنپ], [تپسی] and [דואר ישראל]", "en")]
    [InlineData("Found for “[ютуб]”", "en")]
    [InlineData("[Яндекс] 360 and [ВКонтакте]!", "en")]
    [InlineData("[楽天], [한국전력] ([यूट्यूब])", "en")]
    [InlineData("[شبکه۳+] is down. [آپارات] is not.", "en")]
    [InlineData("[کانال2] · [کانال] 3x - [ב.ב.ק]", "en")]
    [InlineData("Disney+, Société Générale, Łódź, Türkiye, 10⁻⁹, 5 µs – “x”", "en")]
    [InlineData("گزارش مشکل دربارهٔ [ChatGPT] در ۱۲ دقیقه", "fa")]
    [InlineData("از [Disney+] تا [9GAG]، [AT&T]", "fa")]
    [InlineData("楽天 and [ютуб]", "ja")]
    [InlineData("भारत में [یوتیوب]", "hi")]
    [InlineData("segnalazioni su [اسنپ] in Italia", "it")]
    public void A_run_of_another_script_is_isolated_and_nothing_else(string marked, string language)
    {
        var text = marked.Replace("[", "", StringComparison.Ordinal).Replace("]", "", StringComparison.Ordinal);

        var isolated = Isolates.In(text, language);

        Assert.Equal(marked.Replace('[', Isolates.Begin).Replace(']', Isolates.End), isolated);
        Assert.Equal(isolated, Isolates.In(isolated, language));
    }

    [Fact]
    public void On_a_page_elements_isolate_and_where_none_may_stand_characters_do()
    {
        const string Name = "اسنپ";
        var html = $"""
            <html><head><title>{Name}: outage</title><meta name="description" content="{Name}: 5"></head><body data-live-from="/x?{Name}">
            <h1>{Name}</h1><p aria-label="about {Name} &gt; x">It&#x27;s {Name} &amp; 5</p><bdi>{Name}</bdi><select><option value="{Name}">{Name} x</option></select>
            <svg><title>{Name} y</title><text>{Name}</text></svg><script>"{Name}"</script><input value="{Name}"> <p>5 &amp; it&#x27;s all</p></body></html>
            """;

        var isolated = WebUtility.HtmlDecode(IsolatedHtml.Of(html, "en")).Replace(Isolates.Begin, '⟨').Replace(Isolates.End, '⟩');

        Assert.Equal(WebUtility.HtmlDecode($"""
            <html><head><title>⟨{Name}⟩: outage</title><meta name="description" content="⟨{Name}⟩: 5"></head><body data-live-from="/x?{Name}">
            <h1><bdi>{Name}</bdi></h1><p aria-label="about ⟨{Name}⟩ &gt; x">It&#x27;s <bdi>{Name}</bdi> &amp; 5</p><bdi>{Name}</bdi><select><option value="{Name}">⟨{Name}⟩ x</option></select>
            <svg><title>⟨{Name}⟩ y</title><text>⟨{Name}⟩</text></svg><script>"{Name}"</script><input value="{Name}"> <p>5 &amp; it&#x27;s all</p></body></html>
            """), isolated);
    }

    [Fact]
    public void A_page_in_one_script_stays_byte_for_byte_as_it_was()
    {
        const string Page = "<!DOCTYPE html><html><body class=\"a>b\"><p>It&#x27;s Disney&#x2B; &amp; caf&#xE9; <br/>x</p><svg viewBox=\"0 0 1 1\"/><p>y</p></body></html>";
        Assert.Equal(Page, IsolatedHtml.Of(Page, "en"));
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/?query=%DA%86%D8%AA")]
    [InlineData("/services/chatgpt")]
    [InlineData("/services/openai")]
    [InlineData("/services/chatgpt/report")]
    [InlineData("/services/chatgpt/report?reported=duplicate&kind=down")]
    [InlineData("/incidents/chatgpt-2")]
    [InlineData("/archive")]
    [InlineData("/archive?service=chatgpt")]
    public async Task On_every_page_a_name_stands_isolated_wherever_it_stands(string address)
    {
        var (app, _) = await PageWorld.StartAsync(services => services.AddSingleton(TestCatalog.Create(chatGpt: Digikala)));
        await using var owned = app;

        var html = WebUtility.HtmlDecode(await app.PageAsync(address));

        var alone = Regex.Replace(html, $"<bdi>{Digikala}</bdi>|{Isolates.Begin}{Digikala}{Isolates.End}", "", RegexOptions.None, TimeSpan.FromSeconds(5));
        Assert.NotEqual(html, alone);
        Assert.DoesNotContain(Digikala, alone, StringComparison.Ordinal);
    }

    [Fact]
    public async Task In_answers_sentences_isolate_and_names_stay_as_they_are()
    {
        var (app, _) = await PageWorld.StartAsync(services => services.AddSingleton(TestCatalog.Create(chatGpt: Digikala)));
        await using var owned = app;
        var isolated = $"{Isolates.Begin}{Digikala}{Isolates.End}";

        var incident = await (await app.Client.GetAsync("/api/v1/incidents/chatgpt-2")).JsonAsync(HttpStatusCode.OK);
        Assert.StartsWith($"{isolated}: ", incident.GetProperty("sentence").GetProperty("en").GetString(), StringComparison.Ordinal);
        Assert.StartsWith($"{isolated}: ", incident.GetProperty("sentence").GetProperty("it").GetString(), StringComparison.Ordinal);
        Assert.Contains($" {Digikala} ", incident.GetProperty("sentence").GetProperty("fa").GetString(), StringComparison.Ordinal);
        Assert.Contains($"{Isolates.Begin}OutageAggregator{Isolates.End}", incident.GetProperty("sentence").GetProperty("fa").GetString(), StringComparison.Ordinal);
        var receipt = await (await app.Client.SendAsync(Answers.Post("/api/v1/reports", """{"service":"chatgpt","region":"Атлантида"}"""))).JsonAsync(HttpStatusCode.Accepted);
        Assert.Contains($"trouble with {isolated} in", receipt.GetProperty("situation").GetProperty("sentence").GetString(), StringComparison.Ordinal);
        Assert.Contains($"'{Isolates.Begin}Атлантида{Isolates.End}'", receipt.GetProperty("notes")[0].GetProperty("message").GetString(), StringComparison.Ordinal);
        var problem = await (await app.Client.SendAsync(Answers.Post("/api/v1/reports", """{"service":"chatgtp"}"""))).ProblemAsync(HttpStatusCode.NotFound, "unknown-service");
        Assert.Contains($"chatgpt ({isolated})", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Contains($"chatgpt ({isolated})", problem.ErrorOf("service"), StringComparison.Ordinal);
        Assert.Equal(Digikala, problem.GetProperty("suggestions")[0].GetProperty("name").GetString());
        var service = await (await app.Client.GetAsync("/api/v1/services/chatgpt")).JsonAsync(HttpStatusCode.OK);
        Assert.Equal(Digikala, service.GetProperty("name").GetString());
    }
}
