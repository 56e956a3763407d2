using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using OutageAggregator.Storage;

namespace OutageAggregator.Web.Tests.Features.Reports;

/// <summary>What is told of a report after the tap.</summary>
public sealed class AmendReportTests(ReportsApp app) : IClassFixture<ReportsApp>
{
    private const string Form = "application/x-www-form-urlencoded";

    private async Task<string> ReportedAsync(string json) =>
        (await (await app.ReportAsync(json)).JsonAsync(HttpStatusCode.Accepted)).GetProperty("withdraw").GetString()!;

    private Task<HttpResponseMessage> PatchAsync(string address, string json, string mediaType = "application/json")
    {
        var request = Answers.Post(address, json, mediaType);
        request.Method = HttpMethod.Patch;
        return app.SendAsync(request);
    }

    private async Task<JsonElement> AddedAsync(string address, string json) => await (await PatchAsync(address, json)).JsonAsync(HttpStatusCode.OK);

    private async Task<(Problem, Surface, int)[]> CellsAsync(string service, string region)
    {
        var now = Minute.Of(app.Clock.GetUtcNow());
        var cells = await app.App.Services.GetRequiredService<ICountStore>().ReadFacetsAsync(
            new WatchKey(ServiceSlug.Parse(service), Region.Parse(region)), now - Minute.PerDay, now + 1, CancellationToken.None);
        return [.. cells.Select(c => (c.Cell.Problem, c.Cell.Surface, c.Count))];
    }

    private static IEnumerable<string?> Texts(JsonElement list) => list.EnumerateArray().Select(e => e.GetString());

    private static string NoteOf(JsonElement answer, string field) => answer.GetProperty("notes").EnumerateArray()
        .First(n => n.GetProperty("field").GetString() == field).GetProperty("message").GetString()!;

    [Fact]
    public async Task A_report_that_is_told_better_moves_and_counts_once()
    {
        var address = await ReportedAsync("""{"service":"gemini"}""");

        var added = await AddedAsync(address, """{"problem":"login","surface":"ios","region":"Italia","comment":"it\nspins","wentTo":"Chat GPT","wentToWorked":true}""");

        Assert.Equal(["problem", "surface", "region", "comment", "wentTo", "wentToWorked"], Texts(added.GetProperty("added")));
        Assert.Equal(("gemini", "IT", "down"), (added.GetProperty("service").GetString(), added.GetProperty("region").GetString(), added.GetProperty("kind").GetString()));
        Assert.Equal(("login", "ios"), (added.GetProperty("problem").GetString(), added.GetProperty("surface").GetString()));
        Assert.Equal("2024-11-09T00:40:00Z", added.GetProperty("until").GetString());
        Assert.Equal(address, added.GetProperty("withdraw").GetString());
        Assert.False(added.TryGetProperty("notes", out _));
        Assert.Empty(await CellsAsync("gemini", "ZZ"));
        Assert.Equal([(Problem.Login, Surface.Ios, 1)], await CellsAsync("gemini", "IT"));
    }

    [Fact]
    public async Task What_was_said_before_stays_and_the_answer_says_so()
    {
        var address = await ReportedAsync("""{"service":"chatgpt","region":"NO","problem":"slow","comment":"first"}""");

        var added = await AddedAsync(address, """{"problem":"login","region":"SE","comment":"second","surface":"web"}""");
        var again = await AddedAsync(address, """{"problem":"slow","region":"NO","comment":"first","surface":"web"}""");

        Assert.Equal(["surface"], Texts(added.GetProperty("added")));
        Assert.Contains("slow already", NoteOf(added, "problem"), StringComparison.Ordinal);
        Assert.Contains("NO already", NoteOf(added, "region"), StringComparison.Ordinal);
        Assert.Contains("another comment already", NoteOf(added, "comment"), StringComparison.Ordinal);
        Assert.Empty(again.GetProperty("added").EnumerateArray());
        Assert.False(again.TryGetProperty("notes", out _));
        Assert.Equal([(Problem.Slow, Surface.Web, 1)], await CellsAsync("chatgpt", "NO"));
    }

    [Fact]
    public async Task What_is_not_understood_costs_nothing_of_what_is()
    {
        var address = await ReportedAsync("""{"service":"chatgpt","region":"FI"}""");

        var added = await AddedAsync(address, """{"problem":"broken","surface":"WEB","wentTo":"nothing like it","extra":1,"timeZone":"Europe/Rome"}""");

        Assert.Equal(["surface"], Texts(added.GetProperty("added")));
        Assert.Equal(["extra", "problem", "timeZone", "wentTo"], added.GetProperty("notes").EnumerateArray().Select(n => n.GetProperty("field").GetString()).Order(StringComparer.Ordinal));
        Assert.Contains("missing-data", NoteOf(added, "problem"), StringComparison.Ordinal);
        Assert.Equal([(Problem.Unavailable, Surface.Web, 1)], await CellsAsync("chatgpt", "FI"));
    }

    [Fact]
    public async Task A_late_report_and_one_of_back_can_be_added_to()
    {
        var back = await ReportedAsync("""{"service":"chatgpt","region":"DK","kind":"back"}""");
        var late = (await (await app.ReportAsync("""{"service":"chatgpt","region":"DK","occurredAt":"2024-11-08T23:10:00Z"}""")).JsonAsync(HttpStatusCode.OK)).GetProperty("withdraw").GetString()!;

        Assert.Equal("back", (await AddedAsync(back, """{"surface":"web"}""")).GetProperty("kind").GetString());
        Assert.Equal(["surface"], Texts((await AddedAsync(late, """{"surface":"api"}""")).GetProperty("added")));
        Assert.Equal([(Problem.Unavailable, Surface.Web, 1), (Problem.Unavailable, Surface.Api, 1)], await CellsAsync("chatgpt", "DK"));
    }

    [Fact]
    public async Task A_report_that_was_added_to_is_taken_back_whole()
    {
        var address = await ReportedAsync("""{"service":"claude"}""");
        await AddedAsync(address, """{"problem":"login","region":"Island"}""");
        Assert.Equal([(Problem.Login, Surface.Unknown, 1)], await CellsAsync("claude", "IS"));

        Assert.Equal(HttpStatusCode.NoContent, (await app.App.Client.DeleteAsync(address)).StatusCode);

        Assert.Empty(await CellsAsync("claude", "IS"));
        await (await PatchAsync(address, """{"surface":"web"}""")).ProblemAsync(HttpStatusCode.NotFound, "unknown-report");
    }

    [Fact]
    public async Task A_plain_form_adds_and_comes_back_to_the_page()
    {
        var address = await ReportedAsync("""{"service":"chatgpt","region":"AT"}""");
        var form = address.Replace("?", "/details?", StringComparison.Ordinal);

        var sent = await app.SendAsync(Answers.Post(form, "problem=payment&surface=&comment=line%0D%0Atwo&region=DE", Form).With("Accept", "text/html"));

        Assert.Equal(HttpStatusCode.SeeOther, sent.StatusCode);
        var page = await app.App.Client.GetStringAsync(sent.Headers.Location);
        Assert.Contains("it&#x27;s added", page, StringComparison.Ordinal);
        Assert.Contains("the country.", page, StringComparison.Ordinal);
        Assert.Contains("Take the report back", page, StringComparison.Ordinal);
        Assert.Equal([(Problem.Payment, Surface.Unknown, 1)], await CellsAsync("chatgpt", "AT"));
        Assert.Equal(["wentToWorked"], Texts((await (await app.SendAsync(Answers.Post(form, "wentToWorked=on", Form))).JsonAsync(HttpStatusCode.OK)).GetProperty("added")));
    }

    [Fact]
    public async Task After_30_minutes_it_is_too_late_and_taking_back_is_not()
    {
        await using var own = new ReportsApp();
        await own.InitializeAsync();
        var address = (await (await own.ReportAsync("""{"service":"chatgpt"}""")).JsonAsync(HttpStatusCode.Accepted)).GetProperty("withdraw").GetString()!;
        async Task<HttpResponseMessage> Patch(string json)
        {
            var request = Answers.Post(address, json);
            request.Method = HttpMethod.Patch;
            return await own.SendAsync(request);
        }

        own.Clock.Advance(TimeSpan.FromMinutes(30));
        await (await Patch("""{"problem":"login"}""")).JsonAsync(HttpStatusCode.OK);
        own.Clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Contains("taken back", (await (await Patch("""{"surface":"web"}""")).ProblemAsync(HttpStatusCode.Gone, "details-too-late")).GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NoContent, (await own.App.Client.DeleteAsync(address)).StatusCode);
    }

    [Fact]
    public async Task A_wrong_token_and_an_unknown_report_get_the_same_answer()
    {
        var address = await ReportedAsync("""{"service":"chatgpt","region":"PL"}""");
        var wrong = address[..^3] + (address[^3] == 'A' ? "BCA" : "ABA");
        var unknown = $"/api/v1/reports/{new string('0', 32)}-0?token=AAAAAAAAAAAAAAAAAAAAAA";

        var first = await (await PatchAsync(wrong, """{"problem":"login"}""")).ProblemAsync(HttpStatusCode.NotFound, "unknown-report");
        var second = await (await PatchAsync(unknown, """{"problem":"login"}""")).ProblemAsync(HttpStatusCode.NotFound, "unknown-report");

        Assert.Equal(first.GetProperty("detail").GetString(), second.GetProperty("detail").GetString());
        Assert.Equal([(Problem.Unavailable, Surface.Unknown, 1)], await CellsAsync("chatgpt", "PL"));
    }

    [Theory]
    [InlineData("""{"service":"claude"}""", "service", "can't be changed")]
    [InlineData("""{"problem":"login","kind":"back"}""", "kind", "take it back")]
    [InlineData("""{"occurredAt":"2024-11-09T00:00:00Z"}""", "occurredAt", "can't be changed")]
    [InlineData("{}", "body", "at least one of problem")]
    [InlineData("""{"problem":null}""", "body", "at least one")]
    public async Task What_is_no_detail_is_refused(string json, string field, string hint)
    {
        var address = await ReportedAsync("""{"service":"chatgpt","region":"CZ"}""");
        Assert.Contains(hint, (await (await PatchAsync(address, json)).ProblemAsync(HttpStatusCode.BadRequest, "invalid-input")).ErrorOf(field), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_address_the_body_and_the_sender_are_checked()
    {
        var address = await ReportedAsync("""{"service":"chatgpt","region":"HU"}""");

        await (await PatchAsync(address, "{")).ProblemAsync(HttpStatusCode.BadRequest, "malformed-body");
        await (await PatchAsync(address, "problem=login", "text/plain")).ProblemAsync(HttpStatusCode.UnsupportedMediaType, "unsupported-media-type");
        await (await PatchAsync(address, $$"""{"comment":"{{new string('x', 4096)}}"}""")).ProblemAsync(HttpStatusCode.RequestEntityTooLarge, "body-too-large");
        Assert.NotEmpty((await (await PatchAsync("/api/v1/reports/x?token=AAAAAAAAAAAAAAAAAAAAAA", "{}")).ProblemAsync(HttpStatusCode.BadRequest, "invalid-input")).ErrorOf("id"));
        Assert.NotEmpty((await (await PatchAsync(address[..address.IndexOf('?', StringComparison.Ordinal)], "{}")).ProblemAsync(HttpStatusCode.BadRequest, "invalid-input")).ErrorOf("token"));
        var elsewhere = Answers.Post(address, """{"problem":"login"}""").With("Sec-Fetch-Site", "cross-site");
        elsewhere.Method = HttpMethod.Patch;
        await (await app.SendAsync(elsewhere)).ProblemAsync(HttpStatusCode.Forbidden, "cross-site");
        Assert.Equal([(Problem.Unavailable, Surface.Unknown, 1)], await CellsAsync("chatgpt", "HU"));
    }
}
