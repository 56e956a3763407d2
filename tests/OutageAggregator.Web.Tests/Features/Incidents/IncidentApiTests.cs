using System.Net;
using System.Text.Json;
using static OutageAggregator.Contracts.Story;

namespace OutageAggregator.Web.Tests.Features.Incidents;

public sealed class IncidentApiTests
{
    private static async Task<string[]> IdsAsync(ApiWorld world, string query) =>
        [.. (await world.GetAsync($"/api/v1/incidents?{query}")).GetProperty("items").EnumerateArray().Select(i => i.GetProperty("id").GetString()!)];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_incident_explains_itself(bool onDisk)
    {
        await using var world = await ApiWorld.StartAsync(onDisk);
        await world.Story.ObserveAsync();
        await world.Story.CountAsync("chatgpt", Italy, At(23, 10, -1), 30, Problem.Login, Surface.Ios);
        await world.Story.CountAsync("chatgpt", Spain, At(23, 12, -1), 10);
        await world.Story.ResolveAsync(Incident(At(23, 0, -1), At(23, 30, -1), regions: Italy));

        var answer = await world.GetAsync("/api/v1/incidents/chatgpt-1");

        Assert.Equal(
            """
            {"id":"chatgpt-1","service":"chatgpt","state":"resolved","startedAt":"2024-11-08T23:00:00Z","detectedAt":"2024-11-08T23:02:00Z",
            "peak":{"at":"2024-11-08T23:09:00Z","reportsPerMinute":1234},"endedAt":"2024-11-08T23:30:00Z","resolvedAt":"2024-11-08T23:40:00Z",
            "gaps":[],"durationMinutes":30,"durationIsAtLeast":false,"reports":40,"reporters":40,"excess":{"reports":40,"low":40,"high":40,"expected":0.0002},"severity":3.5,
            "phases":[{"kind":"onset","from":"2024-11-08T23:00:00Z","to":"2024-11-08T23:09:00Z"},{"kind":"peak","from":"2024-11-08T23:09:00Z","to":"2024-11-08T23:25:00Z"},
            {"kind":"recovery","from":"2024-11-08T23:25:00Z","to":"2024-11-08T23:30:00Z"},{"kind":"end","from":"2024-11-08T23:30:00Z","to":"2024-11-08T23:30:00Z"}],
            "regions":[{"code":"IT","label":"Italy","reports":30,"share":0.75,"outage":true},{"code":"ES","label":"Spain","reports":10,"share":0.25,"outage":false}],
            "problems":[{"code":"login","label":"Log-in","reports":30,"share":0.75},{"code":"unavailable","label":"Doesn't work at all","reports":10,"share":0.25}],
            "surfaces":[{"code":"ios","label":"iOS app","reports":30,"share":0.75},{"code":"web","label":"Website","reports":10,"share":0.25}],
            "evidence":{"windowMinutes":5,"observed":60,"expected":3.2,"upper":14,"pValue":3.162277660168379E-41,"log10PValue":-40.5,"reporters":60,"minimumReporters":6,
            "detector":"negative-binomial","rule":"5 minutes","region":"world"},"related":[],"statements":[],"officialLagMinutes":null,"review":null,"sentence":{
            """.ReplaceLineEndings(""),
            answer.GetRawText()[..answer.GetRawText().IndexOf("\"en\":", StringComparison.Ordinal)]);
        Assert.StartsWith("ChatGPT: 40 reports of trouble between 23:00 and 23:30 UTC on 8 November 2024", answer.GetProperty("sentence").GetProperty("en").GetString(), StringComparison.Ordinal);
        Assert.Contains("۴۰ گزارش مشکل", answer.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Its_excess_over_the_usual_is_told_of_one_incident_and_of_none_in_a_list()
    {
        await using var world = await ApiWorld.StartAsync();
        await world.Story.LiveThroughAMonthAsync("chatgpt", Italy, 30);
        await world.Story.CountAsync("chatgpt", Spain, At(23, 10, -1), 360);
        await world.Story.ResolveAsync(Incident(At(23, 0, -1), At(23, 30, -1)));

        var excess = (await world.GetAsync("/api/v1/incidents/chatgpt-1")).GetProperty("excess");

        Assert.Equal((300, 270, 325), (excess.GetProperty("reports").GetInt32(), excess.GetProperty("low").GetInt32(), excess.GetProperty("high").GetInt32()));
        Assert.Equal(60, excess.GetProperty("expected").GetDouble(), 0.05);
        var listed = Assert.Single((await world.GetAsync("/api/v1/incidents")).GetProperty("items").EnumerateArray());
        Assert.Equal(JsonValueKind.Null, listed.GetProperty("excess").ValueKind);
    }

    [Fact]
    public async Task Where_the_usual_is_not_known_neither_is_the_excess()
    {
        await using var world = await ApiWorld.StartAsync();
        await world.Story.ObserveAsync(At(0, 5));
        await world.Story.CountAsync("chatgpt", Italy, At(0, 10), 30);
        await world.Story.OpenAsync(Incident(At(0, 6)));
        Assert.Equal(JsonValueKind.Null, (await world.GetAsync("/api/v1/incidents/chatgpt-1")).GetProperty("excess").ValueKind);
    }

    [Fact]
    public async Task An_open_incident_has_no_end()
    {
        await using var world = await ApiWorld.StartAsync();
        await world.Story.OpenAsync(Incident(At(0, 6)));
        var answer = await world.GetAsync("/api/v1/incidents/chatgpt-1");
        Assert.Equal("open", answer.GetProperty("state").GetString());
        Assert.Equal(JsonValueKind.Null, answer.GetProperty("endedAt").ValueKind);
        Assert.Equal(JsonValueKind.Null, answer.GetProperty("resolvedAt").ValueKind);
        Assert.Equal(
            """[{"kind":"onset","from":"2024-11-09T00:06:00Z","to":"2024-11-09T00:15:00Z"},{"kind":"peak","from":"2024-11-09T00:15:00Z","to":null}]""",
            answer.GetProperty("phases").GetRawText());
    }

    [Fact]
    public async Task A_region_in_outage_is_named_although_no_report_of_it_is_left()
    {
        await using var world = await ApiWorld.StartAsync();
        await world.Story.OpenAsync(Incident(At(0, 6), regions: Italy));
        var answer = await world.GetAsync("/api/v1/incidents/chatgpt-1");
        Assert.Equal("""[{"code":"IT","label":"Italy","reports":0,"share":0,"outage":true}]""", answer.GetProperty("regions").GetRawText());
    }

    [Fact]
    public async Task Filters_narrow_the_list_and_it_comes_latest_first()
    {
        await using var world = await ApiWorld.StartAsync();
        await world.Story.ResolveAsync(Incident(At(10, 0, -1), At(11, 0, -1)));
        await world.Story.ResolveAsync(Incident(At(12, 0, -1), At(13, 0, -1), "claude", regions: Spain));
        await world.Story.OpenAsync(Incident(At(0, 6), number: 2, regions: Italy));
        Assert.Equal(["chatgpt-2", "claude-1", "chatgpt-1"], await IdsAsync(world, ""));
        Assert.Equal(["chatgpt-2", "chatgpt-1"], await IdsAsync(world, "service=chatgpt"));
        Assert.Equal(["claude-1", "chatgpt-1"], await IdsAsync(world, "state=resolved"));
        Assert.Equal(["chatgpt-2"], await IdsAsync(world, "region=IT"));
        Assert.Equal(["chatgpt-2", "claude-1", "chatgpt-1"], await IdsAsync(world, "region=world"));
        Assert.Equal(["claude-1"], await IdsAsync(world, "from=2024-11-08T11:00:00Z&to=2024-11-09T00:00:00Z"));
        Assert.Empty(await IdsAsync(world, "service=aws"));
    }

    [Fact]
    public async Task Pages_stay_joined_while_new_incidents_open()
    {
        await using var world = await ApiWorld.StartAsync();
        for (var hour = 1; hour <= 5; hour++)
            await world.Story.ResolveAsync(Incident(At(hour, 0, -1), At(hour, 30, -1), number: hour));
        var first = await world.GetAsync("/api/v1/incidents?limit=2");
        await world.Story.OpenAsync(Incident(At(0, 6), number: 6));
        var next = first.GetProperty("next").GetString();
        Assert.Equal(["chatgpt-3", "chatgpt-2"], await IdsAsync(world, $"limit=2&cursor={next}"));
        Assert.Equal(["chatgpt-3", "chatgpt-2", "chatgpt-1"], await IdsAsync(world, $"limit=3&cursor={next}"));
        Assert.Null((await world.GetAsync($"/api/v1/incidents?limit=3&cursor={next}")).GetProperty("next").GetString());
    }

    [Theory]
    [InlineData("service=chatgtp", HttpStatusCode.NotFound, "unknown-service", null)]
    [InlineData("state=closed", HttpStatusCode.BadRequest, "invalid-input", "state")]
    [InlineData("region=Atlantis", HttpStatusCode.BadRequest, "invalid-input", "region")]
    [InlineData("from=2024-11-09T00:00:00Z&to=2024-11-09T00:00:00Z", HttpStatusCode.BadRequest, "invalid-input", "to")]
    [InlineData("limit=101", HttpStatusCode.BadRequest, "invalid-input", "limit")]
    [InlineData("cursor=MS54", HttpStatusCode.BadRequest, "invalid-input", "cursor")]
    [InlineData("severity=3", HttpStatusCode.BadRequest, "invalid-input", "severity")]
    public async Task A_bad_question_is_a_problem(string query, HttpStatusCode status, string code, string? field)
    {
        await using var world = await ApiWorld.StartAsync();
        Assert.NotEmpty(await world.ProblemAsync($"/api/v1/incidents?{query}", status, code, field));
    }

    [Theory]
    [InlineData("chatgpt-99")]
    [InlineData("chatgpt-0")]
    [InlineData("chatgpt")]
    [InlineData("-")]
    [InlineData("%20")]
    public async Task An_incident_that_is_not_there_is_not_found(string id)
    {
        await using var world = await ApiWorld.StartAsync();
        await world.ProblemAsync($"/api/v1/incidents/{id}", HttpStatusCode.NotFound, "not-found");
    }
}
