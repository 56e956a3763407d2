using System.Net;
using Microsoft.Extensions.DependencyInjection;
using OutageAggregator.Storage;

namespace OutageAggregator.Web.Tests.Features.Reports;

public sealed class ReportFormTests(ReportsApp app) : IClassFixture<ReportsApp>
{
    private const string Form = "application/x-www-form-urlencoded";

    private Task<HttpResponseMessage> BrowserAsync(string address, string body, string? caller = null) => app.SendAsync(
        Answers.Post(address, body, Form)
            .With("Accept", "text/html,application/xhtml+xml,*/*;q=0.8")
            .With("Origin", app.App.Address.GetLeftPart(UriPartial.Authority))
            .With("Sec-Fetch-Site", "same-origin"),
        caller);

    private async Task<string> PageAsync(HttpResponseMessage redirect)
    {
        Assert.Equal(HttpStatusCode.SeeOther, redirect.StatusCode);
        var page = await app.App.Client.GetAsync(redirect.Headers.Location);
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        Assert.Equal("text/html", page.Content.Headers.ContentType?.MediaType);
        return await page.Content.ReadAsStringAsync();
    }

    [Fact]
    public async Task The_plain_form_reports_thanks_and_takes_back_without_scripts()
    {
        var caller = app.NextCaller();
        var sent = await BrowserAsync("/api/v1/reports", "service=chatgpt&kind=down&problem=login&surface=web&region=IT&comment=&wentTo=", caller);
        var location = sent.Headers.Location!.ToString();
        Assert.StartsWith("/services/chatgpt/report?region=IT&reported=", location, StringComparison.Ordinal);
        Assert.Contains("counted", await PageAsync(sent), StringComparison.Ordinal);

        var query = location[(location.IndexOf('?', StringComparison.Ordinal) + 1)..].Split('&').Select(p => p.Split('=')).ToDictionary(p => p[0], p => p[1], StringComparer.Ordinal);
        var taken = await BrowserAsync($"/api/v1/reports/{query["reported"]}/withdraw", $"token={query["token"]}&service=chatgpt", caller);
        Assert.Contains("Taken back", await PageAsync(taken), StringComparison.Ordinal);

        Assert.Contains("reported=", (await BrowserAsync("/api/v1/reports", "service=chatgpt&region=IT", caller)).Headers.Location!.ToString(), StringComparison.Ordinal);
        var again = await BrowserAsync("/api/v1/reports", "service=chatgpt&region=IT", caller);
        Assert.Contains("reported=duplicate", again.Headers.Location!.ToString(), StringComparison.Ordinal);
        Assert.Contains("already counted", await PageAsync(again), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_page_opened_later_does_not_take_somebody_elses_report_for_yours()
    {
        await using var own = new ReportsApp();
        await own.InitializeAsync();
        var now = Minute.Of(own.Clock.GetUtcNow());
        await own.App.Services.GetRequiredService<ICountStore>().ObserveAsync(new MinuteRange(now - (7 * Minute.PerDay), now + 1), default);
        own.Clock.Advance(TimeSpan.FromSeconds(2));
        var sent = await own.SendAsync(Answers.Post("/api/v1/reports", "service=claude&kind=down", Form).With("Accept", "text/html"));
        Assert.Contains("Yours is the only report", await own.App.Client.GetStringAsync(sent.Headers.Location), StringComparison.Ordinal);

        own.Clock.Advance(TimeSpan.FromMinutes(20));
        await (await own.ReportAsync("""{"service":"claude"}""")).JsonAsync(HttpStatusCode.Accepted);

        Assert.DoesNotContain("Yours is the only report", await own.App.Client.GetStringAsync(sent.Headers.Location), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_says_that_it_is_back_is_thanked_and_not_asked_whether_it_is_just_them()
    {
        var page = await PageAsync(await BrowserAsync("/api/v1/reports", "service=claude&kind=back&region=IT"));

        Assert.Contains("You said that Claude works again for you.", page, StringComparison.Ordinal);
        Assert.DoesNotContain("just you", page, StringComparison.Ordinal);
        // Once.
        Assert.Equal(2, page.Split("<main")[1].Split("Thank you").Length);
    }

    [Fact]
    public async Task A_script_that_posts_the_form_gets_JSON()
    {
        var receipt = await (await app.SendAsync(Answers.Post("/api/v1/reports", "service=chat+gpt&comment=caff%C3%A8+%26+more&timeZone=Europe%2FRome", Form))).JsonAsync(HttpStatusCode.Accepted);
        Assert.Equal("chatgpt", receipt.GetProperty("service").GetString());
        Assert.Equal("IT", receipt.GetProperty("region").GetString());
    }

    [Theory]
    [InlineData("service=chatgpt&service=claude", "service")]
    [InlineData("service=chatgpt&kind=up", "kind")]
    [InlineData("service=chatgpt&occurredAt=now", "occurredAt")]
    [InlineData("kind=down", "service")]
    [InlineData("", "service")]
    public async Task A_bad_field_of_a_form_is_named(string body, string field) =>
        Assert.NotEmpty((await (await app.SendAsync(Answers.Post("/api/v1/reports", body, Form))).ProblemAsync(HttpStatusCode.BadRequest, "invalid-input")).ErrorOf(field));

    [Theory]
    [InlineData("service=%")]
    [InlineData("service=%4")]
    [InlineData("service=%zz")]
    [InlineData("service=chatgpt&comment=%FF%FE")]
    [InlineData("%C3=x")]
    public async Task A_form_that_is_badly_encoded_is_refused(string body) =>
        await (await app.SendAsync(Answers.Post("/api/v1/reports", body, Form))).ProblemAsync(HttpStatusCode.BadRequest, "malformed-body");

    [Fact]
    public async Task A_person_who_sends_something_wrong_gets_a_page_that_says_what()
    {
        var response = await BrowserAsync("/api/v1/reports", "service=chatgtp");
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal("text/html", response.Content.Headers.ContentType?.MediaType);
        Assert.Contains("ChatGPT", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_can_link_to_thanks_for_a_report_that_never_was()
    {
        var page = await app.App.Client.GetStringAsync($"/services/chatgpt/report?reported={new string('0', 32)}-0&token={new string('A', 22)}");
        Assert.DoesNotContain("Thank you", page, StringComparison.Ordinal);
    }
}
