using System.Net;
using System.Text.Json;
using OutageAggregator.Web.Admission;

namespace OutageAggregator.Web.Tests.Features.Proposals;

public sealed class PostProposalTests
{
    [Fact]
    public async Task A_report_of_something_that_is_not_listed_is_counted_and_says_as_what()
    {
        await using var app = await ProposalsApp.StartAsync();
        var first = await (await app.ProposeAsync("""{"name":"is Foo Bank down?","region":"Italy"}""")).JsonAsync(HttpStatusCode.Accepted);

        Assert.Equal(
            """{"name":"Foo Bank","domain":null,"region":"IT","receivedAt":"2024-11-09T00:10:00Z","counted":true,"reportsLastHour":1,"sentence":"Your report of “Foo Bank” is counted for something we don’t list yet. Nobody else named it in the last hour. The operator of this site sees it; once it is listed, what was counted becomes its history."}""",
            first.GetRawText().Replace($"\"id\":\"{first.GetProperty("id").GetString()}\",", "", StringComparison.Ordinal));
        var second = await (await app.ProposeAsync("""{"name":"https://www.foobank.example/login?user=me"}""")).JsonAsync(HttpStatusCode.Accepted);
        Assert.Equal(first.GetProperty("id").GetString(), second.GetProperty("id").GetString());
        Assert.Equal(("foobank.example", "ZZ", 2), (second.GetProperty("domain").GetString(), second.GetProperty("region").GetString(), second.GetProperty("reportsLastHour").GetInt32()));
        Assert.Contains(" 1 other report named it in the last hour. ", second.GetProperty("sentence").GetString(), StringComparison.Ordinal);
        await app.NameAsync("FOO  bank");
        Assert.Contains(" 3 other reports named it in the last hour. ", (await (await app.ProposeAsync("""{"name":"foobank"}""")).JsonAsync(HttpStatusCode.Accepted)).GetProperty("sentence").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"name":"Foo","region":"IT"}""", "FR", "IT")]
    [InlineData("""{"name":"Foo","timeZone":"Asia/Tokyo"}""", "FR", "FR")]
    [InlineData("""{"name":"Foo","timeZone":"Asia/Tokyo"}""", null, "JP")]
    [InlineData("""{"name":"Foo","timeZone":"UTC"}""", null, "ZZ")]
    public async Task Its_region_is_found_as_that_of_a_report(string json, string? header, string region)
    {
        await using var app = await ProposalsApp.StartAsync();
        var request = Answers.Post("/api/v1/proposals", json);
        if (header is not null)
            request.With("CF-IPCountry", header);

        Assert.Equal(region, (await (await app.SendAsync(request)).JsonAsync(HttpStatusCode.Accepted)).GetProperty("region").GetString());
    }

    [Fact]
    public async Task One_reporter_counts_once_in_half_an_hour_and_names_five_things()
    {
        await using var app = await ProposalsApp.StartAsync();
        await app.NameAsync("Foo Bank", caller: "203.0.113.7");

        var again = await (await app.ProposeAsync("""{"name":"foobank.example"}""", "203.0.113.7")).JsonAsync(HttpStatusCode.OK);
        Assert.Equal((false, "duplicate", "2024-11-09T00:40:00Z", 1), (again.GetProperty("counted").GetBoolean(), again.GetProperty("reason").GetString(), again.GetProperty("until").GetString(), again.GetProperty("reportsLastHour").GetInt32()));
        foreach (var name in (string[])["Bar", "Baz", "Qux", "Quux"])
            await app.NameAsync(name, caller: "203.0.113.7");
        var sixth = await (await app.ProposeAsync("""{"name":"Corge"}""", "203.0.113.7")).JsonAsync(HttpStatusCode.OK);
        Assert.Equal((false, "too-many-names", "2024-11-09T00:30:00Z"), (sixth.GetProperty("counted").GetBoolean(), sixth.GetProperty("reason").GetString(), sixth.GetProperty("until").GetString()));
        await app.NameAsync("Corge", caller: "203.0.113.8");
        app.Clock.Advance(TimeSpan.FromMinutes(30));
        await app.NameAsync("Foo Bank", caller: "203.0.113.7");
    }

    [Theory]
    [InlineData("""{"name":"ChatGPT"}""", "chatgpt")]
    [InlineData("""{"name":"is chat gpt down?"}""", "chatgpt")]
    [InlineData("""{"name":"TELEGRAM non funziona"}""", "telegram")]
    [InlineData("""{"name":"chat.openai.com"}""", "chatgpt")]
    public async Task What_the_catalog_has_is_reported_there(string json, string slug)
    {
        await using var app = await ProposalsApp.StartAsync();

        var problem = await (await app.ProposeAsync(json)).ProblemAsync(HttpStatusCode.Conflict, "already-listed");

        Assert.Equal(slug, problem.GetProperty("suggestions")[0].GetProperty("slug").GetString());
        Assert.Contains($"\"service\": \"{slug}\"", problem.ErrorOf("name"), StringComparison.Ordinal);
        Assert.Empty((await app.ListAsync()).GetProperty("items").EnumerateArray());
    }

    [Theory]
    [InlineData("{}", "A proposal needs what is down")]
    [InlineData("""{"name":""}""", "A proposal needs what is down")]
    [InlineData("""{"name":null}""", "The field is null; send a string in double quotes.")]
    [InlineData("""{"name":["Foo"]}""", "The field is a list; send a string in double quotes.")]
    [InlineData("""{"name":"is it down?"}""", "'is it down?' names no service: send its name alone, or its address")]
    [InlineData("""{"name":"+39 333 1234567"}""", "names no service")]
    [InlineData("""{"name":"\u202e\u200f\u0000"}""", "A proposal needs what is down")]
    [InlineData("""{"name":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}""", "The text is too long: at most 80 characters.")]
    public async Task What_names_nothing_is_refused_and_says_what_to_send(string json, string says)
    {
        await using var app = await ProposalsApp.StartAsync();

        var problem = await (await app.ProposeAsync(json)).ProblemAsync(HttpStatusCode.BadRequest, "invalid-input");

        Assert.Contains(says, problem.ErrorOf("name"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"name":"Foo Bank","region":"Atlantis"}""", "region")]
    [InlineData("""{"name":"Foo Bank","url":"not an address"}""", "url")]
    [InlineData("""{"name":"Foo Bank","comment":"help"}""", "comment")]
    [InlineData("""{"name":"Foo Bank","region":"world"}""", "region")]
    [InlineData("""{"name":"Foo Bank","region":7}""", "region")]
    public async Task What_is_optional_never_costs_it_and_is_noted(string json, string field)
    {
        await using var app = await ProposalsApp.StartAsync();

        var answer = await (await app.ProposeAsync(json)).JsonAsync(HttpStatusCode.Accepted);

        Assert.Equal(field, answer.GetProperty("notes")[0].GetProperty("field").GetString());
        Assert.EndsWith(" It was left out.", answer.GetProperty("notes")[0].GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"name\":\"Foo\\nBank\\u200f\\u00ad \\ud83d\"}", "Foo Bank")]
    [InlineData("{\"name\":\"  <script>alert(1)</script> \"}", "script>alert(1)</script")]
    [InlineData("{\"name\":\"me@foobank.example is down\"}", "foobank.example")]
    [InlineData("{\"name\":\"بانک فو قطع است\"}", "بانک فو")]
    public async Task A_name_is_cleaned_and_nothing_of_a_person_is_kept(string json, string name)
    {
        await using var app = await ProposalsApp.StartAsync();

        await (await app.ProposeAsync(json)).JsonAsync(HttpStatusCode.Accepted);

        Assert.Equal(name, (await app.ListAsync()).GetProperty("items")[0].GetProperty("name").GetString());
    }

    [Fact]
    public async Task Other_sites_may_not_send_it_for_their_visitors()
    {
        await using var app = await ProposalsApp.StartAsync();

        await (await app.SendAsync(Answers.Post("/api/v1/proposals", "name=Foo", "application/x-www-form-urlencoded").With("Origin", "https://evil.example")))
            .ProblemAsync(HttpStatusCode.Forbidden, "cross-site");
        await (await app.SendAsync(Answers.Post("/api/v1/proposals", """{"name":"Foo"}""").With("Sec-Fetch-Site", "cross-site")))
            .ProblemAsync(HttpStatusCode.Forbidden, "cross-site");

        Assert.Empty((await app.ListAsync()).GetProperty("items").EnumerateArray());
    }

    [Fact]
    public async Task Its_body_is_bounded_and_of_a_known_type()
    {
        await using var app = await ProposalsApp.StartAsync();

        await (await app.ProposeAsync($$"""{"name":"Foo","url":"{{new string('x', 5_000)}}"}""")).ProblemAsync(HttpStatusCode.RequestEntityTooLarge, "body-too-large");
        await (await app.SendAsync(Answers.Post("/api/v1/proposals", "Foo", "text/plain"))).ProblemAsync(HttpStatusCode.UnsupportedMediaType, "unsupported-media-type");
        await (await app.ProposeAsync("Foo")).ProblemAsync(HttpStatusCode.BadRequest, "malformed-body");
        await (await app.SendAsync(Answers.Post("/api/v1/proposals", "name=%zz", "application/x-www-form-urlencoded"))).ProblemAsync(HttpStatusCode.BadRequest, "malformed-body");
    }

    [Fact]
    public async Task It_is_limited_as_reports_are()
    {
        await using var app = await ProposalsApp.StartAsync(limits: new LimitSettings { ReportsPerMinute = 2, ReadsPerMinute = 0 });
        await app.NameAsync("Foo", caller: "203.0.113.7");
        await (await app.SendAsync(Answers.Post("/api/v1/reports", """{"service":"claude"}"""), "203.0.113.7")).JsonAsync(HttpStatusCode.Accepted);

        using var third = await app.ProposeAsync("""{"name":"Bar"}""", "203.0.113.7");

        await third.ProblemAsync(HttpStatusCode.TooManyRequests, "too-many-requests");
        Assert.NotNull(third.Headers.RetryAfter);
        await app.NameAsync("Bar", caller: "203.0.113.8");
    }

    [Fact]
    public async Task A_flood_of_names_is_bounded_and_says_when_there_is_no_place()
    {
        await using var app = await ProposalsApp.StartAsync();
        var names = Enumerable.Range(0, ProposalRules.MostProposals).Select(i => string.Concat($"{i:000}".Select(d => (char)('a' + d - '0'))) + "name").ToList();
        foreach (var name in names.Concat(names))
            await app.NameAsync(name);

        var more = await (await app.ProposeAsync("""{"name":"Foo"}""")).JsonAsync(HttpStatusCode.OK);

        Assert.Equal((false, "full"), (more.GetProperty("counted").GetBoolean(), more.GetProperty("reason").GetString()));
        Assert.False(more.TryGetProperty("until", out _));
        Assert.Equal(JsonValueKind.Null, (await app.ListAsync("?limit=300")).GetProperty("next").ValueKind);
    }
}
