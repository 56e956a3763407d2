using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using OutageAggregator.Storage;
using OutageAggregator.Storage.Sqlite;

namespace OutageAggregator.Web.Tests.Features.Reviews;

public sealed class PutReviewTests
{
    private static readonly IncidentId s_incident = new(ServiceSlug.Parse("chatgpt"), 1);

    private static async Task<JsonElement> IncidentAsync(ReviewWorld world, string id = "chatgpt-1") =>
        await (await world.GetAsync($"/api/v1/incidents/{id}")).JsonAsync(HttpStatusCode.OK);

    private static Task<IReadOnlyList<Review>> KeptAsync(ReviewWorld world) =>
        world.App.Services.GetRequiredService<IReviewLog>().ReadAsync(s_incident, 100, default);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_review_is_answered_with_the_incident_and_shown_with_it(bool onDisk)
    {
        await using var world = await ReviewWorld.StartAsync(onDisk);
        Assert.Equal(JsonValueKind.Null, (await IncidentAsync(world)).GetProperty("review").ValueKind);

        using var response = await world.ReviewAsync("false-alarm", " A film of that name — «ChatGPT» 🙃 سرویس. ");

        const string Review = """{"verdict":"false-alarm","reason":"A film of that name — «ChatGPT» \uD83D\uDE43 سرویس.","at":"2024-11-09T00:20:30Z"}""";
        var answer = await response.JsonAsync(HttpStatusCode.OK);
        Assert.True(response.Headers.CacheControl!.NoStore);
        Assert.Equal(Review, answer.GetProperty("review").GetRawText());
        var incident = await IncidentAsync(world);
        Assert.Equal(incident.EnumerateObject().Select(p => p.Name), answer.EnumerateObject().Select(p => p.Name));
        Assert.Equal(Review, incident.GetProperty("review").GetRawText());
        var list = await (await world.GetAsync("/api/v1/incidents?service=chatgpt")).JsonAsync(HttpStatusCode.OK);
        Assert.Equal(Review, list.GetProperty("items")[0].GetProperty("review").GetRawText());
        Assert.DoesNotContain("night-desk", answer.GetRawText(), StringComparison.Ordinal);
        Assert.Equal("night-desk", Assert.Single(await KeptAsync(world)).KeyName);
    }

    [Fact]
    public async Task The_same_review_again_adds_nothing_and_keeps_its_time()
    {
        await using var world = await ReviewWorld.StartAsync();
        using var first = await world.ReviewAsync("unclear", "Too little is known.");
        world.Story.Clock.Advance(TimeSpan.FromHours(1));
        using var second = await world.ReviewAsync("unclear", "Too little is known. ");

        Assert.Equal("2024-11-09T00:20:30Z", (await second.JsonAsync(HttpStatusCode.OK)).GetProperty("review").GetProperty("at").GetString());
        Assert.Single(await KeptAsync(world));
    }

    [Fact]
    public async Task Another_review_takes_its_place_and_the_first_is_kept()
    {
        await using var world = await ReviewWorld.StartAsync();
        using var first = await world.ReviewAsync("unclear", "Too little is known.");
        world.Story.Clock.Advance(TimeSpan.FromHours(1));
        using var second = await world.PutAsync("""{"verdict":"confirmed","reason":null}""");

        Assert.Equal(
            """{"verdict":"confirmed","reason":"","at":"2024-11-09T01:20:30Z"}""", (await IncidentAsync(world)).GetProperty("review").GetRawText());
        Assert.Equal([ReviewVerdict.Confirmed, ReviewVerdict.Unclear], (await KeptAsync(world)).Select(r => r.Verdict));
    }

    [Fact]
    public async Task An_incident_that_is_open_can_be_reviewed()
    {
        await using var world = await ReviewWorld.StartAsync();
        using var response = await world.ReviewAsync("confirmed", id: "claude-1");

        Assert.Equal("open", (await response.JsonAsync(HttpStatusCode.OK)).GetProperty("state").GetString());
        Assert.Equal("confirmed", (await IncidentAsync(world, "claude-1")).GetProperty("review").GetProperty("verdict").GetString());
    }

    [Fact]
    public async Task The_ETag_changes_with_the_review()
    {
        await using var world = await ReviewWorld.StartAsync();
        foreach (var address in new[] { "/api/v1/incidents/chatgpt-1", "/api/v1/incidents" })
        {
            using var before = await world.GetAsync(address);
            var etag = before.Headers.ETag!.ToString();
            using var same = await world.GetAsync(address, etag);
            Assert.Equal(HttpStatusCode.NotModified, same.StatusCode);
            using var review = await world.ReviewAsync("collateral", $"Told for {address}.");

            using var after = await world.GetAsync(address, etag);
            Assert.Equal(HttpStatusCode.OK, after.StatusCode);
            Assert.NotEqual(etag, after.Headers.ETag!.ToString());
        }
    }

    [Fact]
    public async Task Reviews_are_there_after_a_restart()
    {
        await using var world = await ReviewWorld.StartAsync(onDisk: true);
        using var first = await world.ReviewAsync("unclear", "Too early to say.");
        using var second = await world.ReviewAsync("confirmed", "The provider said so.");
        var before = (await IncidentAsync(world)).GetProperty("review").GetRawText();

        await world.RestartAsync();

        Assert.Equal(before, (await IncidentAsync(world)).GetProperty("review").GetRawText());
        Assert.Equal(2, (await KeptAsync(world)).Count);
        var record = await (await world.GetAsync("/api/v1/track-record")).JsonAsync(HttpStatusCode.OK);
        Assert.Equal(1, record.GetProperty("all").GetProperty("confirmed").GetInt32());
    }

    [Fact]
    public async Task The_incident_log_and_who_listens_to_it_hear_nothing_of_a_review()
    {
        await using var world = await ReviewWorld.StartAsync();
        var log = world.App.Services.GetRequiredService<IIncidentLog>();
        var before = await log.LastPositionAsync(default);

        using var response = await world.ReviewAsync("confirmed");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(before, await log.LastPositionAsync(default));
    }

    [Fact]
    public async Task Without_a_key_of_the_right_scope_nothing_is_stored()
    {
        await using var world = await ReviewWorld.StartAsync();
        const string Body = """{"verdict":"confirmed"}""";
        using var none = await world.PutAsync(Body, secret: null);
        await none.ProblemAsync(HttpStatusCode.Unauthorized, "key-required");
        Assert.Equal("Bearer", Assert.Single(none.Headers.WwwAuthenticate).Scheme);
        using var unknown = await world.PutAsync(Body, secret: "nobody-ever-gave-this-key-out");
        await unknown.ProblemAsync(HttpStatusCode.Unauthorized, "key-unknown");
        using var partner = await world.PutAsync(Body, secret: ReviewWorld.PartnerSecret);
        Assert.Contains("'admin'", (await partner.ProblemAsync(HttpStatusCode.Forbidden, "scope-missing")).GetProperty("detail").GetString(), StringComparison.Ordinal);
        // Whoever has no key learns nothing of what there is, or of what is wrong with the body.
        using var nowhere = await world.PutAsync("{", "chatgpt-99", secret: null);
        await nowhere.ProblemAsync(HttpStatusCode.Unauthorized, "key-required");

        Assert.Empty(await KeptAsync(world));
    }

    [Theory]
    [InlineData("chatgpt-2")]
    [InlineData("chatgpt-0")]
    [InlineData("nothing")]
    [InlineData("%20")]
    public async Task An_incident_that_is_not_there_is_not_found(string id)
    {
        await using var world = await ReviewWorld.StartAsync();
        using var response = await world.PutAsync("""{"verdict":"confirmed"}""", id);
        await response.ProblemAsync(HttpStatusCode.NotFound, "not-found");
    }

    [Theory]
    [InlineData("""{}""", "verdict", "A verdict is required: one of confirmed, false-alarm, collateral, unclear.")]
    [InlineData("""{"verdict":"wrong"}""", "verdict", "'wrong' is no verdict; use one of confirmed, false-alarm, collateral, unclear.")]
    [InlineData("""{"verdict":"Confirmed"}""", "verdict", "'Confirmed' is no verdict")]
    [InlineData("""{"verdict":null}""", "verdict", "The field is null; send a string in double quotes.")]
    [InlineData("""{"verdict":["confirmed"]}""", "verdict", "The field is a list")]
    [InlineData("""{"verdict":"confirmed","verdict":"unclear","reason":"x"}""", "verdict", "The field is there twice")]
    [InlineData("""{"verdict":"false-alarm"}""", "reason", "A reason is required for 'false-alarm' (only 'confirmed' needs none)")]
    [InlineData("""{"verdict":"unclear","reason":" \u2003 "}""", "reason", "A reason is required for 'unclear'")]
    [InlineData("""{"verdict":"confirmed","reason":7}""", "reason", "The field is a number")]
    [InlineData("""{"verdict":"confirmed","reason":"a\nb"}""", "reason", "Character 2 is a control character (U+000A)")]
    [InlineData("""{"verdict":"confirmed","reason":"a\u202Eb"}""", "reason", "changes the direction of text")]
    [InlineData("""{"verdict":"confirmed","reason":"a\uD83Db"}""", "reason", "half of a surrogate pair")]
    [InlineData("""{"verdict":"confirmed","note":"x"}""", "note", "There is no such field. Known: verdict, reason.")]
    [InlineData("""{"verdict":"confirmed","a\u0000b":{"deep":[1]}}""", "a\uFFFDb", "There is no such field.")]
    public async Task A_bad_field_is_named_with_what_is_allowed(string body, string field, string says)
    {
        await using var world = await ReviewWorld.StartAsync();
        using var response = await world.PutAsync(body);

        Assert.Contains(says, (await response.ProblemAsync(HttpStatusCode.BadRequest, "invalid-input")).ErrorOf(field), StringComparison.Ordinal);
        Assert.Empty(await KeptAsync(world));
    }

    [Fact]
    public async Task Every_bad_field_is_named_at_once()
    {
        await using var world = await ReviewWorld.StartAsync();
        using var response = await world.PutAsync("""{"verdict":"wrong","reason":"a\u0000","more":1}""");

        var problem = await response.ProblemAsync(HttpStatusCode.BadRequest, "invalid-input");
        Assert.Equal(["more", "verdict", "reason"], problem.GetProperty("errors").EnumerateObject().Select(e => e.Name));
    }

    [Theory]
    [InlineData("", "The body is empty")]
    [InlineData("{\"verdict\":\"confirmed\"", "The JSON goes wrong at line 1")]
    [InlineData("{\"verdict\":\"confirmed\"} x", "The JSON goes wrong at line 1")]
    [InlineData("[]", "must be one JSON object, such as {\"verdict\":\"confirmed\",\"reason\":\"...\"}")]
    [InlineData("\uFEFF{}", "byte order mark")]
    public async Task A_body_that_is_no_JSON_object_is_said_to_be_none(string body, string says)
    {
        await using var world = await ReviewWorld.StartAsync();
        using var response = await world.PutAsync(body);
        Assert.Contains(says, (await response.ProblemAsync(HttpStatusCode.BadRequest, "malformed-body")).ErrorOf("body"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_longest_reason_is_taken_however_it_is_escaped_and_no_longer_one()
    {
        await using var world = await ReviewWorld.StartAsync();
        var escaped = string.Concat(Enumerable.Repeat("\\uD83D\\uDE43", Review.MaxReason));
        using var taken = await world.ReviewAsync("unclear", escaped);
        Assert.Equal(2 * Review.MaxReason, (await taken.JsonAsync(HttpStatusCode.OK)).GetProperty("review").GetProperty("reason").GetString()!.Length);

        using var longer = await world.ReviewAsync("unclear", new string('x', Review.MaxReason + 1));
        Assert.Equal("The reason is too long: 1001 characters, at most 1000.", (await longer.ProblemAsync(HttpStatusCode.BadRequest, "invalid-input")).ErrorOf("reason"));
        using var large = await world.ReviewAsync("unclear", new string('x', 17_000));
        Assert.Contains("16 KiB", (await large.ProblemAsync(HttpStatusCode.RequestEntityTooLarge, "body-too-large")).GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("application/json; charset=utf-16")]
    [InlineData("")]
    public async Task Another_type_than_JSON_is_not_taken(string mediaType)
    {
        await using var world = await ReviewWorld.StartAsync();
        using var response = await world.PutAsync("""{"verdict":"confirmed"}""", mediaType: mediaType);
        Assert.Contains("application/json", (await response.ProblemAsync(HttpStatusCode.UnsupportedMediaType, "unsupported-media-type")).GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_parameter_and_another_method_are_refused()
    {
        await using var world = await ReviewWorld.StartAsync();
        using var parameter = await world.PutAsync("""{"verdict":"confirmed"}""", "chatgpt-1/review?verdict=unclear&x=");
        Assert.Equal(HttpStatusCode.BadRequest, parameter.StatusCode);
        using var read = await world.GetAsync("/api/v1/incidents/chatgpt-1/review");
        await read.ProblemAsync(HttpStatusCode.MethodNotAllowed, "method-not-allowed");
        Assert.Equal(["PUT"], read.Content.Headers.Allow);
    }

    [Fact]
    public async Task A_page_of_another_site_gets_no_permission()
    {
        await using var world = await ReviewWorld.StartAsync();
        using var asks = new HttpRequestMessage(HttpMethod.Options, "/api/v1/incidents/chatgpt-1/review")
            .With("Origin", "https://example.org").With("Access-Control-Request-Method", "PUT").With("Access-Control-Request-Headers", "authorization");
        using var told = await world.App.Client.SendAsync(asks);
        Assert.Equal("GET, HEAD", Assert.Single(told.Headers.GetValues("Access-Control-Allow-Methods")));
        Assert.DoesNotContain("Authorization", Assert.Single(told.Headers.GetValues("Access-Control-Allow-Headers")), StringComparison.OrdinalIgnoreCase);
        using var response = await world.ReviewAsync("confirmed");
        Assert.False(response.Headers.Contains("Access-Control-Allow-Origin"));
    }

    [Fact]
    public async Task A_store_that_is_gone_is_a_503()
    {
        await using var world = await ReviewWorld.StartAsync(onDisk: true);
        await world.App.Services.GetRequiredService<SqliteStorage>().DisposeAsync();

        using var response = await world.ReviewAsync("confirmed");

        await response.ProblemAsync(HttpStatusCode.ServiceUnavailable, "store-unavailable");
        Assert.True(response.Headers.RetryAfter?.Delta > TimeSpan.Zero);
    }
}
