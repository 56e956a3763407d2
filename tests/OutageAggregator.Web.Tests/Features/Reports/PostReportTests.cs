using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using OutageAggregator.Storage;

namespace OutageAggregator.Web.Tests.Features.Reports;

public sealed class PostReportTests(ReportsApp app) : IClassFixture<ReportsApp>
{
    private async Task<IReadOnlyList<CellTotal>> CountsAsync(string service, string region)
    {
        var now = Minute.Of(app.Clock.GetUtcNow());
        return await app.App.Services.GetRequiredService<ICountStore>().ReadFacetsAsync(
            new WatchKey(ServiceSlug.Parse(service), Region.Parse(region)), now - (2 * Minute.PerDay), now + 1, CancellationToken.None);
    }

    [Fact]
    public async Task A_report_is_counted_and_answered_with_a_receipt_and_the_situation()
    {
        var response = await app.ReportAsync("""{"service":"chatgpt","problem":"login","surface":"web","region":"IT","kind":"down","comment":"Can't log in","wentTo":"claude"}""");
        var receipt = await response.JsonAsync(HttpStatusCode.Accepted);
        Assert.Equal("chatgpt", receipt.GetProperty("service").GetString());
        Assert.Equal("IT", receipt.GetProperty("region").GetString());
        Assert.Equal("2024-11-09T00:10:00.000Z", receipt.GetProperty("receivedAt").GetString());
        Assert.True(receipt.GetProperty("counted").GetBoolean());
        Assert.True(ReportId.TryParse(receipt.GetProperty("id").GetString(), out _));
        Assert.StartsWith($"/api/v1/reports/{receipt.GetProperty("id")}?token=", receipt.GetProperty("withdraw").GetString(), StringComparison.Ordinal);
        var situation = receipt.GetProperty("situation");
        Assert.Equal("IT", situation.GetProperty("region").GetProperty("code").GetString());
        foreach (var name in (string[])["status", "reports15m", "expected15m", "ratio", "surfaces", "sentence"])
            Assert.True(situation.TryGetProperty(name, out _), name);
        Assert.Contains(await CountsAsync("chatgpt", "IT"), c => c.Cell == ReportCell.Of(ReportKind.Down, Problem.Login, Surface.Web) && c.Count == 1);
    }

    [Theory]
    [InlineData("NP", "Nepal")]
    [InlineData("FO", "Faroe Islands")]
    [InlineData("TV", "Tuvalu")]
    [InlineData("BT", "Bhutan")]
    public async Task A_receipt_counts_its_own_report_in_its_own_region_while_many_report_elsewhere(string code, string name)
    {
        for (var i = 0; i < 6; i++)
            _ = await (await app.ReportAsync("""{"service":"telegram","region":"ES"}""")).JsonAsync(HttpStatusCode.Accepted);
        // Kept for a second: before the report it told of none.
        _ = await (await app.ReportAsync($$"""{"service":"telegram","region":"{{code}}","kind":"back"}""")).JsonAsync(HttpStatusCode.Accepted);

        var receipt = await (await app.ReportAsync($$"""{"service":"telegram","region":"{{code}}"}""")).JsonAsync(HttpStatusCode.Accepted);

        Assert.True(receipt.GetProperty("counted").GetBoolean());
        var situation = receipt.GetProperty("situation");
        Assert.Equal((name, 1), (situation.GetProperty("region").GetProperty("label").GetString(), situation.GetProperty("region").GetProperty("reports15m").GetInt32()));
        Assert.DoesNotContain("None of them", situation.GetProperty("sentence").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_the_service_is_needed()
    {
        var receipt = await (await app.ReportAsync("""{"service":"gemini"}""")).JsonAsync(HttpStatusCode.Accepted);
        Assert.Equal("ZZ", receipt.GetProperty("region").GetString());
        Assert.Equal(ReportCell.Of(ReportKind.Down, Problem.Unavailable, Surface.Unknown), Assert.Single(await CountsAsync("gemini", "ZZ")).Cell);
    }

    [Fact]
    public async Task Null_is_the_same_as_leaving_a_field_out() =>
        await (await app.ReportAsync("""{"service":"claude","problem":null,"surface":null,"region":null,"kind":null,"occurredAt":null,"comment":null,"wentTo":null,"timeZone":null}"""))
            .JsonAsync(HttpStatusCode.Accepted);

    [Theory]
    [InlineData("openai", "openai")]
    [InlineData("ChatGPT", "chatgpt")]
    [InlineData("chat gpt", "chatgpt")]
    [InlineData("ANTHROPIC", "claude")]
    [InlineData("T\\u00e9l\\u00E9gram", "telegram")]
    public async Task A_service_is_named_by_slug_family_name_or_alias(string name, string slug)
    {
        var receipt = await (await app.ReportAsync($$"""{"service":"{{name}}"}""")).JsonAsync(HttpStatusCode.Accepted);
        Assert.Equal(slug, receipt.GetProperty("service").GetString());
    }

    [Fact]
    public async Task A_second_report_within_30_minutes_gets_a_receipt_that_says_until_when()
    {
        var caller = app.NextCaller();
        await (await app.ReportAsync("""{"service":"aws"}""", caller)).JsonAsync(HttpStatusCode.Accepted);
        var again = await (await app.ReportAsync("""{"service":"aws","region":"DE"}""", caller)).JsonAsync(HttpStatusCode.OK);
        Assert.False(again.GetProperty("counted").GetBoolean());
        Assert.Equal("duplicate", again.GetProperty("reason").GetString());
        Assert.Equal("2024-11-09T00:40:00.000Z", again.GetProperty("until").GetString());
        Assert.Equal(JsonValueKind.Null, again.GetProperty("withdraw").ValueKind);
        Assert.Equal(JsonValueKind.Object, again.GetProperty("situation").ValueKind);
        await (await app.ReportAsync("""{"service":"aws","kind":"back"}""", caller)).JsonAsync(HttpStatusCode.Accepted);
    }

    [Fact]
    public async Task An_event_of_an_hour_ago_is_drawn_as_late_and_says_so()
    {
        var receipt = await (await app.ReportAsync("""{"service":"whatsapp","region":"FR","occurredAt":"2024-11-08T23:10:00Z"}""")).JsonAsync(HttpStatusCode.OK);
        Assert.False(receipt.GetProperty("counted").GetBoolean());
        Assert.Equal("late", receipt.GetProperty("reason").GetString());
        Assert.StartsWith("/api/v1/reports/", receipt.GetProperty("withdraw").GetString(), StringComparison.Ordinal);
        Assert.True(Assert.Single(await CountsAsync("whatsapp", "FR")).Cell.IsLate);
    }

    [Theory]
    [InlineData("2024-11-09T00:05:00Z")]
    [InlineData("2024-11-09T01:09:59.123456789+01:00")]
    [InlineData("2024-11-08t19:09:00-05:00")]
    [InlineData("2024-11-09T00:12:00Z")]
    public async Task An_instant_of_RFC_3339_near_now_is_counted_in_time(string instant) =>
        await (await app.ReportAsync($$"""{"service":"chatgpt","occurredAt":"{{instant}}"}""")).JsonAsync(HttpStatusCode.Accepted);

    [Fact]
    public async Task A_clock_that_is_ahead_counts_as_now()
    {
        await (await app.ReportAsync("""{"service":"openai-api","region":"JP","occurredAt":"2024-11-09T00:12:00Z"}""")).JsonAsync(HttpStatusCode.Accepted);
        var store = app.App.Services.GetRequiredService<ICountStore>();
        var now = Minute.Of(app.Clock.GetUtcNow());
        var series = await store.ReadSeriesAsync(new WatchKey(ServiceSlug.Parse("openai-api"), Region.Parse("JP")), now - 5, now + 5, 1, default, CancellationToken.None);
        Assert.Equal(now, Assert.Single(series).Start);
    }

    [Fact]
    public async Task An_event_of_exactly_24_hours_ago_is_still_taken() =>
        await (await app.ReportAsync("""{"service":"chatgpt","occurredAt":"2024-11-08T00:10:00Z"}""")).JsonAsync(HttpStatusCode.OK);

    [Theory]
    [InlineData("\"region\":\"it\"", "DE", "Asia/Tokyo", "IT")]
    [InlineData("", "DE", "Asia/Tokyo", "DE")]
    [InlineData("", "XX", "Asia/Tokyo", "JP")]
    [InlineData("", "T1", "Asia/Calcutta", "IN")]
    [InlineData("", "", "UTC", "ZZ")]
    [InlineData("", "", "Not/AZone", "ZZ")]
    [InlineData("\"region\":\"ZZ\"", "DE", "Asia/Tokyo", "ZZ")]
    public async Task The_region_is_the_stated_one_then_the_proxys_then_the_time_zones(string stated, string country, string zone, string region)
    {
        var body = $$"""{"service":"telegram","timeZone":"{{zone}}"{{(stated.Length > 0 ? "," + stated : "")}}}""";
        var receipt = await (await app.SendAsync(Answers.Post("/api/v1/reports", body).With("CF-IPCountry", country))).JsonAsync(HttpStatusCode.Accepted);
        Assert.Equal(region, receipt.GetProperty("region").GetString());
    }

    [Theory]
    [InlineData("it was down 😀 for me")]
    [InlineData("نمی‌شود وارد شد")]
    [InlineData("family 👨‍👩‍👧 offline")]
    public async Task A_comment_may_hold_what_people_write(string comment) =>
        await (await app.ReportAsync(JsonSerializer.Serialize(new { service = "chatgpt", comment }))).JsonAsync(HttpStatusCode.Accepted);

    [Theory]
    [InlineData("application/json; charset=utf-8")]
    [InlineData("Application/JSON")]
    public async Task The_content_type_may_name_its_charset(string mediaType) =>
        await (await app.SendAsync(Answers.Post("/api/v1/reports", """{"service":"chatgpt"}""", mediaType))).JsonAsync(HttpStatusCode.Accepted);

    [Fact]
    public async Task A_body_of_exactly_4_KiB_is_taken()
    {
        const string Body = """{"service":"chatgpt"}""";
        await (await app.ReportAsync(Body + new string(' ', 4096 - Body.Length))).JsonAsync(HttpStatusCode.Accepted);
    }
}
