using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using OutageAggregator.Storage;

namespace OutageAggregator.Web.Tests.Features.Reports;

/// <summary>What is optional never costs the report: it is cleaned, or left out with a word about it.</summary>
public sealed class OptionalInputTests(ReportsApp app) : IClassFixture<ReportsApp>
{
    private const string Form = "application/x-www-form-urlencoded";

    private async Task<JsonElement> CountedAsync(string json) => await (await app.ReportAsync(json)).JsonAsync(HttpStatusCode.Accepted);

    /// <summary>The report of a receipt, as it is stored.</summary>
    private async Task<ToldReport> StoredAsync(JsonElement receipt)
    {
        Assert.True(ReportId.TryParse(receipt.GetProperty("id").GetString(), out var id));
        var stored = await app.App.Services.GetRequiredService<ICountStore>().AmendAsync(id, new ReportDetails(null, null, null, null), CancellationToken.None);
        return stored!.Told;
    }

    private static string NoteOf(JsonElement receipt, string field) => receipt.GetProperty("notes").EnumerateArray()
        .First(n => n.GetProperty("field").GetString() == field).GetProperty("message").GetString()!;

    [Theory]
    [InlineData("it is\\ndown", "it is down")]
    [InlineData("it is\\r\\n\\tdown", "it is down")]
    [InlineData("a\u200fb", "ab")]
    [InlineData("so\u00adft", "soft")]
    [InlineData("\u202eevil\\u202c", "evil")]
    [InlineData("\\u2067evil\\u2069", "evil")]
    [InlineData("a\\u0000\\u0007b", "ab")]
    [InlineData("a\\ud83db", "ab")]
    [InlineData("\\udc00\\ud800x \\\" \\\\ \\u00e9 caff\u00e8", "x \" \\ é caffè")]
    [InlineData("🏴󠁧󠁢󠁥󠁮󠁧󠁿 👨‍👩‍👧 🇮🇹 🏳️‍🌈", "🏴󠁧󠁢󠁥󠁮󠁧󠁿 👨‍👩‍👧 🇮🇹 🏳️‍🌈")]
    [InlineData("نمی‌شود", "نمی‌شود")]
    [InlineData("\\ue000private\\ufffe", "private")]
    [InlineData("  \\n\u200b ", null)]
    public async Task A_comment_is_cleaned_and_the_report_counts(string sent, string? stored)
    {
        var receipt = await CountedAsync($$"""{"service":"chatgpt","comment":"{{sent}}"}""");

        Assert.False(receipt.TryGetProperty("notes", out _));
        Assert.Equal(stored, (await StoredAsync(receipt)).Remark?.Comment);
    }

    [Fact]
    public async Task A_long_comment_is_cut_between_characters_and_says_so()
    {
        var flags = string.Concat(Enumerable.Repeat("🇮🇹", 280));
        var whole = await CountedAsync($$"""{"service":"chatgpt","comment":"{{flags}}"}""");
        var cut = await CountedAsync($$"""{"service":"chatgpt","comment":"{{flags}}!!"}""");
        var marks = await CountedAsync($$"""{"service":"chatgpt","comment":"ab{{new string('\u0301', 1200)}}"}""");

        Assert.False(whole.TryGetProperty("notes", out _));
        Assert.Contains("first 280 characters", NoteOf(cut, "comment"), StringComparison.Ordinal);
        Assert.Equal([flags, flags, "a"], [(await StoredAsync(whole)).Remark!.Comment, (await StoredAsync(cut)).Remark!.Comment, (await StoredAsync(marks)).Remark!.Comment]);
        Assert.Contains("first 280", NoteOf(marks, "comment"), StringComparison.Ordinal);
        Assert.Equal(280, (await StoredAsync(await CountedAsync($$"""{"service":"chatgpt","comment":"{{new string('x', 3000)}}"}"""))).Remark!.Comment!.Length);
    }

    [Theory]
    [InlineData("\"yes\"", true)]
    [InlineData("\"Yes\"", true)]
    [InlineData("\" YES\"", true)]
    [InlineData("\"on\"", true)]
    [InlineData("\"True\"", true)]
    [InlineData("true", true)]
    [InlineData("\"no\"", false)]
    [InlineData("\"NO\"", false)]
    [InlineData("\"off\"", false)]
    [InlineData("false", false)]
    public async Task Whether_it_worked_there_is_understood_as_people_write_it(string sent, bool worked)
    {
        var receipt = await CountedAsync($$"""{"service":"chatgpt","wentToWorked":{{sent}}}""");

        Assert.False(receipt.TryGetProperty("notes", out _));
        Assert.Equal(worked, (await StoredAsync(receipt)).Remark?.WentToWorked);
    }

    [Theory]
    [InlineData("\"problem\":\"lgoin\"", "problem", "missing-data")]
    [InlineData("\"problem\":1", "problem", "number")]
    [InlineData("\"problem\":{\"a\":[1]}", "problem", "object")]
    [InlineData("\"surface\":\"phone\"", "surface", "android")]
    [InlineData("\"surface\":true", "surface", "true or false")]
    [InlineData("\"region\":\"Atlantis\"", "region", "Europe/Rome")]
    [InlineData("\"region\":\"Itlay\"", "region", "Italy (IT)")]
    [InlineData("\"region\":\"QQ\"", "region", "no country")]
    [InlineData("\"region\":\"UTC\"", "region", "no country")]
    [InlineData("\"region\":\"world\"", "region", "sum")]
    [InlineData("\"timeZone\":\"Not/AZone\"", "timeZone", "Europe/Rome")]
    [InlineData("\"wentTo\":\"cluade\"", "wentTo", "claude")]
    [InlineData("\"wentTo\":\"zzzzqqqq\"", "wentTo", "zzzzqqqq")]
    [InlineData("\"wentToWorked\":\"perhaps\"", "wentToWorked", "neither true nor false")]
    [InlineData("\"wentToWorked\":\"yes!\"", "wentToWorked", "neither true nor false")]
    [InlineData("\"wentToWorked\":\"\\u0441\\u0456\"", "wentToWorked", "neither true nor false")]
    [InlineData("\"wentToWorked\":1", "wentToWorked", "number")]
    [InlineData("\"comment\":[\"x\"]", "comment", "list")]
    [InlineData("\"comment\":[[{\"a\":[1]}]]", "comment", "list")]
    [InlineData("\"colour\":\"red\"", "colour", "no such field")]
    [InlineData("\"Problem\":\"login\"", "Problem", "it is written 'problem'")]
    [InlineData("\"went_to\":\"claude\"", "went_to", "it is written 'wentTo'")]
    [InlineData("\"reporter\":\"me\"", "reporter", "no such field")]
    [InlineData("\"\\ud800\":1", "\uFFFD", "no such field")]
    [InlineData("\"problem\":null,\"problem\":\"login\"", "problem", "twice")]
    public async Task What_is_not_understood_is_left_out_and_the_receipt_says_what_may_be_written(string member, string field, string hint)
    {
        var receipt = await CountedAsync($$"""{"service":"telegram",{{member}}}""");

        Assert.True(receipt.GetProperty("counted").GetBoolean());
        Assert.Contains(hint, NoteOf(receipt, field), StringComparison.Ordinal);
        Assert.Equal("ZZ", receipt.GetProperty("region").GetString());
    }

    [Fact]
    public async Task All_that_is_not_understood_is_named_at_once_and_what_is_counts()
    {
        var receipt = await CountedAsync("""{"service":"claude","problem":"x","surface":"IOS","region":"x","wentTo":"Chat GPT","wentToWorked":true,"extra":1,"timeZone":"Europe/Rome"}""");

        Assert.Equal(["extra", "problem", "region"], receipt.GetProperty("notes").EnumerateArray().Select(n => n.GetProperty("field").GetString()).Order(StringComparer.Ordinal));
        var stored = await StoredAsync(receipt);
        Assert.Equal(
            new ToldReport(
                new WatchKey(ServiceSlug.Parse("claude"), Region.Parse("IT")), stored.Report with { Cell = ReportCell.Of(ReportKind.Down, Problem.Unavailable, Surface.Ios) },
                new Remark(null, ServiceSlug.Parse("chatgpt"), true)),
            stored);
    }

    [Fact]
    public async Task Hundreds_of_unknown_fields_are_answered_with_a_dozen()
    {
        var json = "{\"service\":\"chatgpt\"," + string.Join(',', Enumerable.Range(0, 300).Select(i => $"\"f{i}\":1")) + "}";
        Assert.Equal(12, (await CountedAsync(json)).GetProperty("notes").GetArrayLength());
    }

    [Fact]
    public async Task What_is_quoted_from_bad_input_can_not_turn_the_answer_around()
    {
        var text = await (await app.ReportAsync("{\"service\":\"chatgpt\",\"evil\u202Efield\":1,\"region\":\"\u202Eevil\"}")).Content.ReadAsStringAsync();
        Assert.Contains("notes", text, StringComparison.Ordinal);
        Assert.DoesNotContain("202e", text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain('\u202E', text);
    }

    [Theory]
    [InlineData("Login", "iOS", "login", "ios")]
    [InlineData(" missing data ", "ANDROID", "missing-data", "android")]
    [InlineData("missing_data", "web\\n", "missing-data", "web")]
    [InlineData("log\u200bin", "a\u200fpi", "login", "api")]
    public async Task Codes_are_understood_in_any_case_and_with_other_marks_between_words(string problem, string surface, string problemCode, string surfaceCode)
    {
        var receipt = await CountedAsync($$"""{"service":"chatgpt","problem":"{{problem}}","surface":"{{surface}}"}""");

        var cell = (await StoredAsync(receipt)).Report.Cell;
        Assert.Equal((problemCode, surfaceCode), (cell.Problem.Code(), cell.Surface.Code()));
        Assert.False(receipt.TryGetProperty("notes", out _));
    }

    [Theory]
    [InlineData("chat\u200bgpt")]
    [InlineData("\u202echatgpt")]
    [InlineData("ChatGPT\\n")]
    [InlineData("chat\\ud800gpt")]
    public async Task A_service_is_found_under_what_shows_nothing(string name) =>
        Assert.Equal("chatgpt", (await CountedAsync($$"""{"service":"{{name}}"}""")).GetProperty("service").GetString());

    [Theory]
    [InlineData("\"kind\":\"up\"", "kind", "back")]
    [InlineData("\"kind\":7", "kind", "number")]
    [InlineData("\"kinds\":\"back\"", "kinds", "no such field")]
    [InlineData("\"Kind\":\"back\"", "Kind", "it is written 'kind'")]
    [InlineData("\"occurred_at\":\"2024-11-09T00:00:00Z\"", "occurred_at", "it is written 'occurredAt'")]
    [InlineData("\"ocurredAt\":\"2024-11-09T00:00:00Z\"", "ocurredAt", "no such field")]
    [InlineData("\"occurredAt\":1731110000", "occurredAt", "number")]
    [InlineData("\"kind\":\"down\",\"kind\":\"back\"", "kind", "twice")]
    public async Task What_changes_the_meaning_of_a_report_is_refused_and_not_guessed(string member, string field, string hint) =>
        Assert.Contains(
            hint, (await (await app.ReportAsync($$"""{"service":"chatgpt",{{member}}}""")).ProblemAsync(HttpStatusCode.BadRequest, "invalid-input")).ErrorOf(field), StringComparison.Ordinal);

    [Fact]
    public async Task The_plain_form_loses_nothing_either_and_its_page_says_what_was_left_out()
    {
        var hindi = string.Concat(Enumerable.Repeat("%E0%A4%95%E0%A4%BF%20", 200));
        var body = $"service=chatgpt&region=Atlantis&comment=it+is%0D%0Adown%00+{hindi}&extra=1";
        Assert.True(body.Length > 4096);
        var receipt = await (await app.SendAsync(Answers.Post("/api/v1/reports", body, Form))).JsonAsync(HttpStatusCode.Accepted);
        Assert.StartsWith("it is down कि कि", (await StoredAsync(receipt)).Remark!.Comment, StringComparison.Ordinal);
        Assert.Contains("no country", NoteOf(receipt, "region"), StringComparison.Ordinal);

        var sent = await app.SendAsync(Answers.Post("/api/v1/reports", body, Form).With("Accept", "text/html"));
        Assert.Equal(HttpStatusCode.SeeOther, sent.StatusCode);
        var page = await app.App.Client.GetStringAsync(sent.Headers.Location);
        Assert.Contains("Not taken, as it was not understood", page, StringComparison.Ordinal);
        Assert.Contains("the country, a part of the comment.", page, StringComparison.Ordinal);
        Assert.DoesNotContain("extra", page, StringComparison.Ordinal);
        await (await app.SendAsync(Answers.Post("/api/v1/reports", "service=chatgpt&comment=" + new string('x', 12_288), Form)))
            .ProblemAsync(HttpStatusCode.RequestEntityTooLarge, "body-too-large");
    }

    [Fact]
    public async Task A_second_report_says_that_what_it_tells_was_not_added_and_how_to_add_it()
    {
        var caller = app.NextCaller();
        await (await app.ReportAsync("""{"service":"aws"}""", caller)).JsonAsync(HttpStatusCode.Accepted);

        var again = await (await app.ReportAsync("""{"service":"aws","problem":"login","surface":"unknown","comment":"all of it","region":"ZZ"}""", caller)).JsonAsync(HttpStatusCode.OK);

        Assert.Equal("duplicate", again.GetProperty("reason").GetString());
        Assert.Equal(["problem", "comment"], again.GetProperty("notes").EnumerateArray().Select(n => n.GetProperty("field").GetString()));
        Assert.Contains("PATCH", NoteOf(again, "comment"), StringComparison.Ordinal);
        Assert.Equal((JsonValueKind.Null, JsonValueKind.Null), (again.GetProperty("id").ValueKind, again.GetProperty("withdraw").ValueKind));
        Assert.False((await (await app.ReportAsync("""{"service":"aws"}""", caller)).JsonAsync(HttpStatusCode.OK)).TryGetProperty("notes", out _));
    }

    [Theory]
    [InlineData("back", "Thank you for telling that Gemini works again for you.")]
    [InlineData("down", "We can't say yet how Gemini is")]
    public async Task Who_says_that_it_is_back_is_thanked(string kind, string sentence)
    {
        var receipt = await CountedAsync($$"""{"service":"gemini","kind":"{{kind}}"}""");
        Assert.StartsWith(sentence, receipt.GetProperty("situation").GetProperty("sentence").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("italia", "IT")]
    [InlineData("DEU", "DE")]
    [InlineData("Asia/Rangoon", "MM")]
    [InlineData("T1", "ZZ")]
    [InlineData("Nowhere", "ZZ")]
    public async Task A_trusted_proxys_country_is_understood_as_others_are(string header, string region)
    {
        var receipt = await (await app.SendAsync(Answers.Post("/api/v1/reports", """{"service":"chatgpt"}""").With("CF-IPCountry", header))).JsonAsync(HttpStatusCode.Accepted);
        Assert.Equal(region, receipt.GetProperty("region").GetString());
    }

    [Theory]
    [InlineData("Italy", "IT")]
    [InlineData(" italia ", "IT")]
    [InlineData("it", "IT")]
    [InlineData("UK", "GB")]
    [InlineData("Türkiye", "TR")]
    [InlineData("turkey", "TR")]
    [InlineData("ITA", "IT")]
    [InlineData("380", "IT")]
    [InlineData("Europe/Rome", "IT")]
    [InlineData("europe/rome", "IT")]
    [InlineData("Asia/Calcutta", "IN")]
    [InlineData("ایران", "IR")]
    [InlineData("日本", "JP")]
    [InlineData("Cote d'Ivoire", "CI")]
    [InlineData("Deutschland", "DE")]
    [InlineData("Россия", "RU")]
    public async Task A_region_is_understood_by_name_code_and_time_zone(string stated, string region)
    {
        var receipt = await CountedAsync(JsonSerializer.Serialize(new { service = "openai-api", region = stated }));
        Assert.Equal(region, receipt.GetProperty("region").GetString());
        Assert.False(receipt.TryGetProperty("notes", out _));
    }
}
