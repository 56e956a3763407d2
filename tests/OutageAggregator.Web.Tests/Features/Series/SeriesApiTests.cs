using System.Net;
using Microsoft.Extensions.DependencyInjection;
using OutageAggregator.Storage;
using static OutageAggregator.Contracts.Story;

namespace OutageAggregator.Web.Tests.Features.Series;

public sealed class SeriesApiTests
{
    private const string Address = "/api/v1/services/chatgpt/series";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_chart_has_every_point_with_counts_the_usual_and_a_verdict(bool onDisk)
    {
        await using var world = await ApiWorld.StartAsync(onDisk);
        await world.Story.LiveThroughAMonthAsync("chatgpt", Italy, 3);
        await world.Story.CountAsync("chatgpt", Italy, At(0, 7), 60);
        await world.Story.CountAsync("chatgpt", Spain, At(0, 7), 4, kind: ReportKind.Back);
        await world.Story.CountAsync("chatgpt", Spain, At(0, 5), 2, late: true);
        await world.Story.OpenAsync(Incident(At(0, 6)));

        // Half a minute more than the minute before: an end within a minute takes it in whole.
        var answer = await world.GetAsync($"{Address}?from=2024-11-09T00:05:00Z&to=2024-11-09T00:07:30Z&step=1m");

        Assert.StartsWith(
            """{"service":"chatgpt","region":"world","step":"1m","from":"2024-11-09T00:05:00Z","to":"2024-11-09T00:08:00Z","problem":null,"surface":null,"detector":"negative-binomial","points":[""",
            answer.GetRawText(),
            StringComparison.Ordinal);
        var points = answer.GetProperty("points").EnumerateArray().ToList();
        Assert.Equal(["normal", "outage", "outage"], points.Select(p => p.GetProperty("verdict").GetString()));
        Assert.StartsWith("""{"t":"2024-11-09T00:05:00Z","reports":0,"back":0,"late":2,"reporters":0,"expected":""", points[0].GetRawText(), StringComparison.Ordinal);
        Assert.StartsWith("""{"t":"2024-11-09T00:07:00Z","reports":60,"back":4,"late":0,"reporters":60,"expected":""", points[2].GetRawText(), StringComparison.Ordinal);
        Assert.InRange(points[2].GetProperty("expected").GetDouble(), 0.15, 0.25);
        Assert.InRange(points[2].GetProperty("upper").GetInt32(), 2, 8);
        Assert.Equal("chatgpt-1", Assert.Single(answer.GetProperty("incidents").EnumerateArray()).GetProperty("id").GetString());
        Assert.Empty(answer.GetProperty("statements").EnumerateArray());
    }

    [Fact]
    public async Task Left_out_the_chart_is_the_last_day_by_the_minute()
    {
        await using var world = await ApiWorld.StartAsync();
        await world.Story.ObserveAsync();
        var answer = await world.GetAsync(Address);
        Assert.Equal("1m", answer.GetProperty("step").GetString());
        Assert.Equal(("2024-11-08T00:21:00Z", "2024-11-09T00:21:00Z"), (answer.GetProperty("from").GetString(), answer.GetProperty("to").GetString()));
        Assert.Equal(1_440, answer.GetProperty("points").GetArrayLength());
    }

    [Fact]
    public async Task A_stretch_is_widened_to_whole_steps_and_never_reaches_beyond_now()
    {
        await using var world = await ApiWorld.StartAsync();
        await world.Story.ObserveAsync();
        var answer = await world.GetAsync($"{Address}?from=2024-11-08T23:07:31Z&to=2031-01-01T00:00:00%2B01:00&step=15m");
        Assert.Equal(("2024-11-08T23:00:00Z", "2024-11-09T00:30:00Z"), (answer.GetProperty("from").GetString(), answer.GetProperty("to").GetString()));
        Assert.Equal(6, answer.GetProperty("points").GetArrayLength());
    }

    [Fact]
    public async Task Without_a_step_the_smallest_that_fits_is_taken()
    {
        await using var world = await ApiWorld.StartAsync();
        foreach (var (from, step) in new[] { ("2024-11-02T00:00:00Z", "15m"), ("2024-10-01T00:00:00Z", "30m"), ("2024-09-01T00:00:00Z", "1h"), ("2023-11-09T00:00:00Z", "1d") })
            Assert.Equal(step, (await world.GetAsync($"{Address}?from={from}")).GetProperty("step").GetString());
    }

    [Fact]
    public async Task A_region_problem_and_surface_narrow_what_is_counted()
    {
        await using var world = await ApiWorld.StartAsync();
        await world.Story.ObserveAsync();
        await world.Story.CountAsync("chatgpt", Italy, At(0, 7), 6, Problem.Login, Surface.Ios);
        await world.Story.CountAsync("chatgpt", Spain, At(0, 7), 50, Problem.Login, Surface.Ios);
        await world.Story.CountAsync("chatgpt", Italy, At(0, 7), 9, Problem.Slow, Surface.Web);
        var query = "from=2024-11-09T00:07:00Z&to=2024-11-09T00:08:00Z&step=1m";
        int Reports(System.Text.Json.JsonElement answer) => answer.GetProperty("points")[0].GetProperty("reports").GetInt32();
        Assert.Equal(15, Reports(await world.GetAsync($"{Address}?{query}&region=it")));
        Assert.Equal(56, Reports(await world.GetAsync($"{Address}?{query}&problem=login")));
        var narrow = await world.GetAsync($"{Address}?{query}&region=IT&problem=login&surface=ios");
        Assert.Equal(6, Reports(narrow));
        Assert.Equal("null", narrow.GetProperty("points")[0].GetProperty("expected").GetRawText());
        Assert.Equal(("IT", "login", "ios"), (narrow.GetProperty("region").GetString(), narrow.GetProperty("problem").GetString(), narrow.GetProperty("surface").GetString()));
    }

    [Fact]
    public async Task Csv_has_the_same_rows_under_the_same_names()
    {
        await using var world = await ApiWorld.StartAsync();
        // What is usual is known from the day before.
        await world.App.Services.GetRequiredService<ICountStore>().ObserveAsync(new MinuteRange(At(0, 0, -1), At(23, 0, -1)), default);
        await world.Story.ObserveAsync(At(0, 6));
        await world.Story.CountAsync("chatgpt", Italy, At(0, 7), 60);
        const string Query = "?from=2024-11-09T00:05:00Z&to=2024-11-09T00:08:00Z&step=1m";
        var json = await world.GetAsync(Address + Query);
        var expected = json.GetProperty("points").EnumerateArray()
            .Select(p => string.Join(',', p.EnumerateObject().Select(v => v.Value.ValueKind == System.Text.Json.JsonValueKind.Null ? "" : v.Value.ToString())))
            .Prepend("t,reports,back,late,reporters,expected,upper,verdict");

        using var suffix = await world.SendAsync($"{Address}.csv{Query}");
        var text = await suffix.Content.ReadAsStringAsync();
        Assert.Equal(string.Concat(expected.Select(l => l + "\r\n")), text);
        Assert.Contains("2024-11-09T00:05:00Z,0,0,0,0,,,gap\r\n", text, StringComparison.Ordinal);
        Assert.Equal("text/csv; charset=utf-8", suffix.Content.Headers.ContentType?.ToString());
        Assert.Equal("chatgpt-world-1m.csv", suffix.Content.Headers.ContentDisposition?.FileName?.Trim('"'));

        using var slash = await world.SendAsync($"{Address}.csv/{Query}");
        Assert.Equal(text, await slash.Content.ReadAsStringAsync());

        using var accept = await world.SendAsync(Address + Query, ("Accept", "text/csv, application/json;q=0.5"));
        Assert.Equal(text, await accept.Content.ReadAsStringAsync());
        Assert.Contains("Accept", accept.Headers.Vary);
    }

    [Theory]
    [InlineData("*/*")]
    [InlineData("application/json, text/csv;q=0.5")]
    [InlineData("text/csv;q=0.3, application/json")]
    [InlineData("this is no media type")]
    public async Task Json_is_the_answer_unless_csv_is_preferred(string accept)
    {
        await using var world = await ApiWorld.StartAsync();
        using var response = await world.SendAsync(Address, ("Accept", accept));
        Assert.Equal("application/json", response.Content.Headers.ContentType?.ToString());
    }

    [Theory]
    [InlineData("step=2m", "step", "Must be one of: 1m, 5m, 15m, 30m, 1h, 1d.")]
    [InlineData("from=2024-11-07T00:00:00Z&step=1m", "step", "That would be 2901 points; at most 2000 fit one answer. The smallest step that fits is 5m.")]
    [InlineData("from=2024-01-01T00:00:00Z&step=5m", "step", "That would be 90149 points; at most 2000 fit one answer. The smallest step that fits is 1d.")]
    [InlineData("from=2010-01-01T00:00:00Z", "from", "At most 2000 points fit one answer, and even with step=1d there are more: ask for less at once.")]
    [InlineData("from=2024-11-09T00:10:00Z&to=2024-11-09T00:10:00Z", "to", "'to' must be later than 'from'; the stretch is [from, to).")]
    [InlineData("from=2024-11-09T00:10:00Z&to=2024-11-09T00:09:00Z", "to", "'to' must be later than 'from'; the stretch is [from, to).")]
    [InlineData("from=2024-11-09T00:21:00Z", "from", "Lies ahead of the server's clock, which shows 2024-11-09T00:20:00Z.")]
    [InlineData("from=yesterday", "from", "Must be an RFC 3339 time such as 2024-11-09T00:06:00Z, of the years 1970 to 2999.")]
    [InlineData("from=2024-11-09", "from", "Must be an RFC 3339 time such as 2024-11-09T00:06:00Z, of the years 1970 to 2999.")]
    [InlineData("from=2024-11-09T00:00:00", "from", "Must be an RFC 3339 time such as 2024-11-09T00:06:00Z, of the years 1970 to 2999.")]
    [InlineData("to=0001-01-01T00:00:00Z", "to", "Must be an RFC 3339 time such as 2024-11-09T00:06:00Z, of the years 1970 to 2999.")]
    [InlineData("from=2024-11-09T00:00:00+01:00", "from", "Must be an RFC 3339 time such as 2024-11-09T00:06:00Z; in an address a '+' has to be written as %2B.")]
    [InlineData("region=XX", "region", "'XX' is no country or territory that is known here. Send a code of ISO 3166-1 such as IT, a country's name, or a time zone such as Europe/Rome; ZZ is for unknown, world for all together.")]
    [InlineData("problem=broken", "problem", "Must be one of: unavailable, login, errors, slow, missing-data, payment, other.")]
    [InlineData("surface=tv", "surface", "Must be one of: unknown, web, desktop, ios, android, api.")]
    [InlineData("interval=1m", "interval", "There is no such parameter here; there are: from, to, step, region, problem, surface.")]
    public async Task A_bad_question_is_answered_with_how_to_mend_it(string query, string field, string message)
    {
        await using var world = await ApiWorld.StartAsync();
        Assert.Equal(message, await world.ProblemAsync($"{Address}?{query}", HttpStatusCode.BadRequest, "invalid-input", field));
        await world.ProblemAsync($"{Address}.csv?{query}", HttpStatusCode.BadRequest, "invalid-input", field);
    }

    [Fact]
    public async Task An_unknown_service_has_no_series()
    {
        await using var world = await ApiWorld.StartAsync();
        await world.ProblemAsync("/api/v1/services/chatgtp/series", HttpStatusCode.NotFound, "unknown-service");
        await world.ProblemAsync("/api/v1/services/chatgtp/series.csv", HttpStatusCode.NotFound, "unknown-service");
    }
}
