using System.Net;
using System.Text;
using System.Text.Json;

namespace OutageAggregator.Web.Tests.Features.Reports;

public sealed class RefusedReportTests(ReportsApp app) : IClassFixture<ReportsApp>
{
    private async Task<JsonElement> InvalidAsync(string json) =>
        await (await app.ReportAsync(json)).ProblemAsync(HttpStatusCode.BadRequest, "invalid-input");

    private async Task<JsonElement> MalformedAsync(byte[] body) =>
        await (await app.SendAsync(Answers.Post("/api/v1/reports", body))).ProblemAsync(HttpStatusCode.BadRequest, "malformed-body");

    [Fact]
    public async Task An_unknown_service_is_answered_with_those_that_come_near()
    {
        var problem = await (await app.ReportAsync("""{"service":"chatgtp"}""")).ProblemAsync(HttpStatusCode.NotFound, "unknown-service");
        Assert.Equal("chatgpt", problem.GetProperty("suggestions")[0].GetProperty("slug").GetString());
        Assert.Equal("ChatGPT", problem.GetProperty("suggestions")[0].GetProperty("name").GetString());
        Assert.Contains("chatgpt", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_service_with_nothing_near_says_where_to_look() =>
        Assert.Contains("/api/v1/services", (await (await app.ReportAsync("""{"service":"zzzzqqqq"}"""))
            .ProblemAsync(HttpStatusCode.NotFound, "unknown-service")).GetProperty("detail").GetString(), StringComparison.Ordinal);

    [Theory]
    [InlineData("{}", "service", "chatgpt")]
    [InlineData("""{"service":""}""", "service", "chatgpt")]
    [InlineData("""{"service":"  "}""", "service", "chatgpt")]
    [InlineData("""{"service":null}""", "service", "null")]
    [InlineData("""{"service":7}""", "service", "number")]
    [InlineData("""{"service":true}""", "service", "true or false")]
    [InlineData("""{"service":["chatgpt"]}""", "service", "list")]
    [InlineData("""{"service":{"slug":"chatgpt"}}""", "service", "object")]
    [InlineData("""{"service":"chatgpt","kind":"up"}""", "kind", "back")]
    [InlineData("""{"service":"chatgpt","srvice":"x"}""", "srvice", "service")]
    [InlineData("""{"service":"chatgpt","occurred_at":"x"}""", "occurred_at", "occurredAt")]
    [InlineData("""{"service":"chatgpt","service":"claude"}""", "service", "twice")]
    [InlineData("""{"service":"chatgpt","s\u0065rvice":"chatgpt"}""", "service", "twice")]
    public async Task A_bad_field_is_named_with_what_may_be_written(string json, string field, string hint) =>
        Assert.Contains(hint, (await InvalidAsync(json)).ErrorOf(field), StringComparison.Ordinal);

    [Theory]
    [InlineData("2024-11-08T00:09:59Z", "24 hours")]
    [InlineData("2024-11-09T00:12:01Z", "2 minutes")]
    [InlineData("2025-11-09T00:10:00Z", "2 minutes")]
    [InlineData("0001-01-01T00:00:00Z", "24 hours")]
    [InlineData("2024-11-09", "RFC 3339")]
    [InlineData("2024-11-09 00:10:00Z", "RFC 3339")]
    [InlineData("2024-11-09T00:10:00", "RFC 3339")]
    [InlineData("2024-11-09T00:10Z", "RFC 3339")]
    [InlineData("2024-11-09T24:00:00Z", "RFC 3339")]
    [InlineData("2024-02-30T00:10:00Z", "RFC 3339")]
    [InlineData("2024-11-09T00:10:00+1:00", "RFC 3339")]
    [InlineData("2024-11-09T00:10:00.Z", "RFC 3339")]
    [InlineData("2024-11-09T00:10:00ZZ", "RFC 3339")]
    [InlineData("0001-01-01T00:00:00+23:59", "RFC 3339")]
    [InlineData("9999-12-31T23:59:59-23:59", "RFC 3339")]
    [InlineData("1731111000", "RFC 3339")]
    [InlineData("yesterday", "RFC 3339")]
    [InlineData("", "RFC 3339")]
    public async Task A_time_that_is_none_or_out_of_range_says_what_is_taken(string instant, string hint) =>
        Assert.Contains(hint, (await InvalidAsync($$"""{"service":"chatgpt","occurredAt":"{{instant}}"}""")).ErrorOf("occurredAt"), StringComparison.Ordinal);

    [Fact]
    public async Task A_service_whose_name_is_too_long_says_how_long_it_may_be() =>
        Assert.Contains("too long: at most 64", (await InvalidAsync($$"""{"service":"{{new string('x', 65)}}"}""")).ErrorOf("service"), StringComparison.Ordinal);

    [Fact]
    public async Task All_faults_are_named_at_once()
    {
        var errors = (await InvalidAsync("""{"service":"chatgtp","kind":"x","occurredAt":"x","extra":1}""")).GetProperty("errors");
        Assert.Equal(["kind", "occurredAt", "service"], errors.EnumerateObject().Select(e => e.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Hundreds_of_misspelt_fields_are_answered_with_a_dozen()
    {
        var json = "{" + string.Join(',', Enumerable.Range(0, 200).Select(i => $"\"kind{i % 10}\":{i}")) + "}";
        Assert.True((await InvalidAsync(json)).GetProperty("errors").EnumerateObject().SelectMany(e => e.Value.EnumerateArray()).Count() <= 12);
    }

    [Fact]
    public async Task What_is_quoted_from_bad_input_can_not_turn_the_answer_around()
    {
        var text = await (await app.ReportAsync("{\"service\":\"evil\u202Egpt\",\"ki\u202End\":1}")).Content.ReadAsStringAsync();
        Assert.DoesNotContain("202e", text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain('\u202E', text);
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("{")]
    [InlineData("}")]
    [InlineData("null")]
    [InlineData("7")]
    [InlineData("\"chatgpt\"")]
    [InlineData("[{\"service\":\"chatgpt\"}]")]
    [InlineData("{\"service\":\"chatgpt\"")]
    [InlineData("{\"service\":\"chatgpt\"}{}")]
    [InlineData("{\"service\":\"chatgpt\"} x")]
    [InlineData("{\"service\":\"chatgpt\",}")]
    [InlineData("{\"service\":\"chatgpt\"}\0")]
    [InlineData("{service:\"chatgpt\"}")]
    [InlineData("{'service':'chatgpt'}")]
    [InlineData("{\"service\":chatgpt}")]
    [InlineData("{\"service\":\"chat\ngpt\"}")]
    [InlineData("{\"service\":\"chat\0gpt\"}")]
    [InlineData("{\"service\":\"\\x41\"}")]
    [InlineData("{\"service\":\"chatgpt\"/* comment */}")]
    [InlineData("// comment\n{\"service\":\"chatgpt\"}")]
    [InlineData("\uFEFF{\"service\":\"chatgpt\"}")]
    [InlineData("service=chatgpt")]
    [InlineData("{\"service\":\"chatgpt\",\"comment\":NaN}")]
    [InlineData("{\"service\":\"chatgpt\",\"comment\":01}")]
    public async Task What_is_no_JSON_object_is_refused(string body) => await MalformedAsync(Encoding.UTF8.GetBytes(body));

    [Fact]
    public async Task Broken_JSON_is_answered_with_its_place() =>
        Assert.Contains("line 2, byte 14", (await MalformedAsync("{\n \"service\":  oops}"u8.ToArray())).GetProperty("detail").GetString(), StringComparison.Ordinal);

    [Fact]
    public async Task Deep_nesting_is_refused() =>
        await MalformedAsync(Encoding.UTF8.GetBytes("{\"service\":" + new string('[', 2000) + new string(']', 2000) + "}"));

    [Theory]
    [InlineData(0xFF)]
    [InlineData(0xC0, 0x80)]
    [InlineData(0xE2, 0x82)]
    [InlineData(0xED, 0xA0, 0x80)]
    [InlineData(0xF5, 0x80, 0x80, 0x80)]
    public async Task Broken_UTF_8_is_refused_with_its_place(params int[] bad)
    {
        var body = "{\"service\":\"chatgpt\",\"comment\":\""u8.ToArray().Concat(bad.Select(b => (byte)b)).Concat("\"}"u8.ToArray()).ToArray();
        Assert.Contains("UTF-8 from byte 33", (await MalformedAsync(body)).GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("text/plain")]
    [InlineData("text/json")]
    [InlineData("application/xml")]
    [InlineData("multipart/form-data; boundary=x")]
    [InlineData("application/json; charset=iso-8859-1")]
    [InlineData("application/x-www-form-urlencoded; charset=utf-16")]
    [InlineData("application/x-ndjson")]
    public async Task Another_content_type_is_refused(string mediaType) =>
        await (await app.SendAsync(Answers.Post("/api/v1/reports", """{"service":"chatgpt"}""", mediaType)))
            .ProblemAsync(HttpStatusCode.UnsupportedMediaType, "unsupported-media-type");

    [Fact]
    public async Task A_compressed_body_is_refused()
    {
        using var request = Answers.Post("/api/v1/reports", """{"service":"chatgpt"}""");
        request.Content!.Headers.ContentEncoding.Add("gzip");
        await (await app.SendAsync(request)).ProblemAsync(HttpStatusCode.UnsupportedMediaType, "unsupported-media-type");
    }

    [Theory]
    [InlineData(4097, false)]
    [InlineData(4097, true)]
    [InlineData(500_000, false)]
    [InlineData(500_000, true)]
    public async Task A_body_over_4_KiB_is_refused_also_where_it_names_no_length(int length, bool chunked)
    {
        using var request = Answers.Post("/api/v1/reports", """{"service":"chatgpt"}""" + new string(' ', length - 21));
        request.Headers.TransferEncodingChunked = chunked;
        var response = await app.SendAsync(request);
        await response.ProblemAsync(HttpStatusCode.RequestEntityTooLarge, "body-too-large");
        Assert.True(response.Headers.ConnectionClose);
    }

    [Fact]
    public async Task A_chunked_body_of_4_KiB_is_taken()
    {
        using var request = Answers.Post("/api/v1/reports", """{"service":"chatgpt"}""" + new string(' ', 4096 - 21));
        request.Headers.TransferEncodingChunked = true;
        await (await app.SendAsync(request)).JsonAsync(HttpStatusCode.Accepted);
    }

    [Fact]
    public async Task Other_methods_are_refused_with_those_that_are_taken()
    {
        var response = await app.App.Client.GetAsync("/api/v1/reports");
        await response.ProblemAsync(HttpStatusCode.MethodNotAllowed, "method-not-allowed");
        Assert.Contains("POST", string.Join(' ', response.Content.Headers.Allow), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("Sec-Fetch-Site", "same-site")]
    [InlineData("Origin", "https://elsewhere.example")]
    [InlineData("Origin", "null")]
    public async Task A_page_of_another_site_can_not_report_for_its_visitors(string header, string value)
    {
        await (await app.SendAsync(Answers.Post("/api/v1/reports", "service=chatgpt", "application/x-www-form-urlencoded").With(header, value)))
            .ProblemAsync(HttpStatusCode.Forbidden, "cross-site");
        await (await app.SendAsync(Answers.Post("/api/v1/reports", """{"service":"chatgpt"}""").With(header, value)))
            .ProblemAsync(HttpStatusCode.Forbidden, "cross-site");
    }

    [Theory]
    [InlineData("Sec-Fetch-Site", "cross-site", "A page of another site sent this, so it was not counted.")]
    [InlineData("Origin", "null", "The browser does not say of which site the page is that sent this, so it was not counted.")]
    [InlineData("Origin", "chrome-extension://elsewhere", "The browser does not say of which site the page is that sent this, so it was not counted.")]
    [InlineData("Origin", "https://elsewhere.example", "If it is its own, its operator has to set Site:PublicUrl (--public-url https://elsewhere.example")]
    [InlineData("Origin", "http://elsewhere.example:8081", "A page of http://elsewhere.example:8081 sent this, which this site does not know as its own address, so it was not counted.")]
    public async Task A_refusal_says_what_can_be_done_about_it(string header, string value, string says)
    {
        var refused = await app.SendAsync(Answers.Post("/api/v1/reports", """{"service":"chatgpt"}""").With(header, value));
        Assert.Contains(says, (await refused.ProblemAsync(HttpStatusCode.Forbidden, "cross-site")).GetProperty("detail").GetString(), StringComparison.Ordinal);
    }
}
