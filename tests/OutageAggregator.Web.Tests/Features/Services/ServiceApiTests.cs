using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using static OutageAggregator.Contracts.Story;

namespace OutageAggregator.Web.Tests.Features.Services;

public sealed class ServiceApiTests
{
    [Fact]
    public async Task A_server_that_has_learnt_nothing_yet_says_so_and_names_no_number()
    {
        await using var world = await ApiWorld.StartAsync();
        await world.Story.ObserveAsync(At(0, 10));
        await world.Story.CountAsync("chatgpt", Italy, At(0, 15), 3);
        Assert.Equal(JsonValueKind.Null, (await world.GetAsync("/api/v1/services/chatgpt")).GetProperty("expected15m").ValueKind);
        var receipt = await (await world.App.Client.SendAsync(Answers.Post("/api/v1/reports", """{"service":"claude"}"""))).JsonAsync(HttpStatusCode.Accepted);
        Assert.Equal(JsonValueKind.Null, receipt.GetProperty("situation").GetProperty("expected15m").ValueKind);
        Assert.Contains("<dd>not known yet</dd>", await world.App.Client.GetStringAsync("/services/chatgpt"), StringComparison.Ordinal);
        await world.Story.OpenAsync(Incident(At(0, 12)));
        Assert.Contains("in 15 minutes; what is usual is not known yet", await world.App.Client.GetStringAsync("/"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_list_names_every_service_with_its_status_and_numbers(bool onDisk)
    {
        await using var world = await ApiWorld.StartAsync(onDisk);
        await world.Story.ObserveAsync();
        await world.Story.CountAsync("chatgpt", Italy, world.Story.Now, 42);
        await world.Story.OpenAsync(Incident(At(0, 6), number: 7));

        var answer = await world.GetAsync("/api/v1/services");

        Assert.Equal(
            ["aws", "chatgpt", "claude", "gemini", "openai", "openai-api", "telegram", "whatsapp"],
            answer.GetProperty("items").EnumerateArray().Select(s => s.GetProperty("slug").GetString()));
        Assert.Null(answer.GetProperty("next").GetString());
        Assert.StartsWith(
            """{"slug":"chatgpt","name":"ChatGPT","category":"ai","status":"outage","since":"2024-11-09T00:06:00Z","reports15m":42,""",
            answer.GetProperty("items")[1].GetRawText(),
            StringComparison.Ordinal);
        Assert.Equal("chatgpt-7", answer.GetProperty("items")[1].GetProperty("incidentId").GetString());
        Assert.False(answer.GetProperty("items")[2].TryGetProperty("incidentId", out _));
        Assert.Equal("""{"observedAt":"2024-11-09T00:20:30Z","ageSeconds":0,"state":"fresh"}""", answer.GetProperty("freshness").GetRawText());
    }

    [Fact]
    public async Task A_search_finds_aliases_and_forgives_typos()
    {
        await using var world = await ApiWorld.StartAsync();
        await world.Story.ObserveAsync();
        foreach (var text in new[] { "chatgtp", "gpt", "CHAT%20GPT" })
        {
            var answer = await world.GetAsync($"/api/v1/services?query={text}");
            Assert.Equal("chatgpt", answer.GetProperty("items")[0].GetProperty("slug").GetString());
        }
        Assert.Empty((await world.GetAsync("/api/v1/services?query=qqqqqqqq")).GetProperty("items").EnumerateArray());
    }

    [Theory]
    [InlineData("is%20chatgpt%20down", "chatgpt", "exact")]
    [InlineData("https://chat.openai.com/", "chatgpt", "exact")]
    [InlineData("chatg", "chatgpt", "good")]
    [InlineData("whatsapp%20web%20browser", "whatsapp", "good")]
    [InlineData("chatgtp", "chatgpt", "guess")]
    public async Task Each_find_says_how_close_it_comes(string query, string slug, string match)
    {
        await using var world = await ApiWorld.StartAsync();
        await world.Story.ObserveAsync();
        var first = (await world.GetAsync($"/api/v1/services?query={query}")).GetProperty("items")[0];
        Assert.Equal((slug, match), (first.GetProperty("slug").GetString(), first.GetProperty("match").GetString()));
        Assert.All((await world.GetAsync("/api/v1/services")).GetProperty("items").EnumerateArray(), s => Assert.False(s.TryGetProperty("match", out _)));
    }

    [Fact]
    public async Task A_service_tells_its_domains_and_where_its_provider_speaks()
    {
        var catalog = new Catalog(
            [new Category("ai", "AI")],
            [
                new Service(ServiceSlug.Parse("chatgpt"), "ChatGPT", "ai", [], null, "UTC", "https://chatgpt.com")
                {
                    Domains = ["chatgpt.com", "chat.openai.com"],
                    StatusPage = "https://status.openai.com",
                },
                new Service(ServiceSlug.Parse("claude"), "Claude", "ai", [], null, "UTC", null),
            ]);
        await using var world = await ApiWorld.StartAsync(configure: s => s.AddSingleton(catalog));
        var answer = await world.GetAsync("/api/v1/services/chatgpt");
        Assert.Equal("""["chatgpt.com","chat.openai.com"]""", answer.GetProperty("domains").GetRawText());
        Assert.Equal("https://status.openai.com", answer.GetProperty("statusPage").GetString());
        Assert.Contains("<a href=\"https://status.openai.com/\" rel=\"nofollow noopener\">status.openai.com</a>", await world.App.Client.GetStringAsync("/services/chatgpt"), StringComparison.Ordinal);
        Assert.Equal(JsonValueKind.Null, (await world.GetAsync("/api/v1/services/claude")).GetProperty("statusPage").ValueKind);
        Assert.Equal("chatgpt", (await world.GetAsync("/api/v1/services?query=www.chatgpt.com/c/1")).GetProperty("items")[0].GetProperty("slug").GetString());
    }

    [Fact]
    public async Task Filters_narrow_the_list_to_a_status_and_a_category()
    {
        await using var world = await ApiWorld.StartAsync();
        await world.Story.ObserveAsync();
        foreach (var slug in new[] { "claude", "aws" })
        {
            await world.Story.CountAsync(slug, Italy, world.Story.Now, 20);
            await world.Story.LogAsync(slug, IncidentEventKind.Elevated, ServiceStatus.Elevated);
        }
        var answer = await world.GetAsync("/api/v1/services?status=elevated&category=ai");
        Assert.Equal("claude", Assert.Single(answer.GetProperty("items").EnumerateArray()).GetProperty("slug").GetString());
    }

    [Fact]
    public async Task Pages_join_to_the_whole_list()
    {
        await using var world = await ApiWorld.StartAsync();
        await world.Story.ObserveAsync();
        var slugs = new List<string?>();
        string? next = null;
        do
        {
            var page = await world.GetAsync($"/api/v1/services?category=ai&limit=2{(next is null ? "" : $"&cursor={next}")}");
            slugs.AddRange(page.GetProperty("items").EnumerateArray().Select(s => s.GetProperty("slug").GetString()));
            next = page.GetProperty("next").GetString();
        }
        while (next is not null);
        Assert.Equal(["chatgpt", "claude", "gemini", "openai", "openai-api"], slugs);
    }

    [Fact]
    public async Task A_cursor_is_refused_with_other_filters_and_when_it_is_none()
    {
        await using var world = await ApiWorld.StartAsync();
        await world.Story.ObserveAsync();
        var next = (await world.GetAsync("/api/v1/services?category=ai&limit=1")).GetProperty("next").GetString();
        foreach (var query in new[] { $"cursor={next}", $"category=social&cursor={next}", "cursor=abc", "cursor=%F0%9F%98%80", "cursor=" })
            Assert.Contains("'next'", await world.ProblemAsync($"/api/v1/services?{query}", HttpStatusCode.BadRequest, "invalid-input", "cursor"), StringComparison.Ordinal);
        // Another number of items a page is no other question.
        Assert.Equal(4, (await world.GetAsync($"/api/v1/services?category=ai&limit=50&cursor={next}")).GetProperty("items").GetArrayLength());
    }

    [Theory]
    [InlineData("colour=red", "colour", "There is no such parameter here; there are: query, status, category, cursor, limit.")]
    [InlineData("Status=outage&x=1", "x", "There is no such parameter here; there are: query, status, category, cursor, limit.")]
    [InlineData("status=down", "status", "Must be one of: unknown, normal, elevated, outage.")]
    [InlineData("status=outage&status=normal", "status", "Stands more than once; give it once.")]
    [InlineData("category=banks", "category", "Must be one of: ai, social, cloud.")]
    [InlineData("limit=0", "limit", "Must be a whole number from 1 to 200.")]
    [InlineData("limit=201", "limit", "Must be a whole number from 1 to 200.")]
    [InlineData("limit=ten", "limit", "Must be a whole number from 1 to 200.")]
    [InlineData("limit=+5", "limit", "Must be a whole number from 1 to 200.")]
    [InlineData("query=%00", "query", "Character 1 is NUL (U+0000); leave it out.")]
    [InlineData("query=%E2%80%AEtpg", "query", "Character 1 is a character that changes the direction of text (U+202E); leave it out.")]
    public async Task A_bad_parameter_is_named_with_what_is_allowed(string query, string field, string message)
    {
        await using var world = await ApiWorld.StartAsync();
        Assert.Equal(message, await world.ProblemAsync($"/api/v1/services?{query}", HttpStatusCode.BadRequest, "invalid-input", field));
    }

    [Fact]
    public async Task A_query_as_long_as_an_address_is_read_and_a_longer_one_refused()
    {
        await using var world = await ApiWorld.StartAsync();
        await world.Story.ObserveAsync();
        var address = "https://chat.openai.com/c/".PadRight(200, 'a');
        Assert.Equal("chatgpt", (await world.GetAsync($"/api/v1/services?query={address}")).GetProperty("items")[0].GetProperty("slug").GetString());
        Assert.Equal(
            "Is 201 characters long; at most 200 are read.",
            await world.ProblemAsync($"/api/v1/services?query={address}a", HttpStatusCode.BadRequest, "invalid-input", "query"));
    }

    [Fact]
    public async Task A_service_tells_the_last_quarter_of_an_hour_by_problem_surface_and_region()
    {
        await using var world = await ApiWorld.StartAsync();
        await world.Story.ObserveAsync();
        await world.Story.CountAsync("chatgpt", Italy, world.Story.Now, 6, Problem.MissingData, Surface.Ios);
        await world.Story.CountAsync("chatgpt", Spain, world.Story.Now, 2, Problem.Login, Surface.Web);
        await world.Story.CountAsync("chatgpt", Spain, world.Story.Now, 8, kind: ReportKind.Back);
        var answer = await world.GetAsync("/api/v1/services/chatgpt");
        Assert.Equal(8, answer.GetProperty("reports15m").GetInt32());
        Assert.Equal(
            """[{"code":"missing-data","label":"Missing data","reports15m":6,"share":0.75},{"code":"login","label":"Log-in","reports15m":2,"share":0.25}]""",
            answer.GetProperty("problems").GetRawText());
        Assert.Equal(
            """[{"code":"ios","label":"iOS app","reports15m":6,"share":0.75},{"code":"web","label":"Website","reports15m":2,"share":0.25}]""",
            answer.GetProperty("surfaces").GetRawText());
        Assert.Equal(
            """[{"code":"IT","label":"Italy","reports15m":6,"share":0.75},{"code":"ES","label":"Spain","reports15m":2,"share":0.25}]""",
            answer.GetProperty("regions").GetRawText());
        Assert.Equal(0.5, answer.GetProperty("stillBrokenShare").GetDouble());
        Assert.Equal("too-few", answer.GetProperty("confidence").GetString());
        Assert.Equal("openai", answer.GetProperty("family").GetString());
        Assert.Null(answer.GetProperty("official").GetString());
    }

    [Fact]
    public async Task A_family_names_its_members()
    {
        await using var world = await ApiWorld.StartAsync();
        Assert.Equal(
            ["chatgpt", "openai-api"],
            (await world.GetAsync("/api/v1/services/openai")).GetProperty("members").EnumerateArray().Select(m => m.GetProperty("slug").GetString()));
    }

    [Theory]
    [InlineData("chatgtp")]
    [InlineData("chat-gtp")]
    [InlineData("CHATGTP")]
    public async Task An_unknown_service_is_answered_with_what_comes_near(string slug)
    {
        await using var world = await ApiWorld.StartAsync();
        Assert.Contains("chatgpt", await world.ProblemAsync($"/api/v1/services/{slug}", HttpStatusCode.NotFound, "unknown-service"), StringComparison.Ordinal);
        using var response = await world.SendAsync($"/api/v1/services/{slug}");
        Assert.Contains("""{"slug":"chatgpt","name":"ChatGPT"}""", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_service_takes_no_parameters()
    {
        await using var world = await ApiWorld.StartAsync();
        await world.ProblemAsync("/api/v1/services/chatgpt?region=IT", HttpStatusCode.BadRequest, "invalid-input", "region");
    }

    [Fact]
    public async Task Stale_data_says_so_and_every_status_is_unknown()
    {
        await using var world = await ApiWorld.StartAsync();
        await world.StopWatchingAsync();
        await world.Story.ObserveAsync();
        await world.Story.OpenAsync(Incident(At(0, 6)));
        world.Story.Clock.Advance(TimeSpan.FromSeconds(100));
        var answer = await world.GetAsync("/api/v1/services/chatgpt");
        Assert.Equal("unknown", answer.GetProperty("status").GetString());
        Assert.Equal("""{"observedAt":"2024-11-09T00:20:30Z","ageSeconds":100,"state":"stale"}""", answer.GetProperty("freshness").GetRawText());
    }
}
