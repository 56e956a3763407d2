using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OutageAggregator.Cluster;
using OutageAggregator.Runtime.Watching;
using OutageAggregator.Storage;
using OutageAggregator.TestKit.Web;
using static OutageAggregator.Contracts.Story;

namespace OutageAggregator.Web.Tests.Features.Shadow;

/// <summary>The comparison of a candidate detector with the live one, as a page and as data, and nowhere else.</summary>
public sealed class ShadowTests
{
    // Of the shadow's own: no name of a real incident or detector.
    private const string Mark = "only-the-shadow-knows";

    [Fact]
    public async Task Without_a_candidate_the_page_says_how_to_turn_it_on_and_the_data_that_there_is_none()
    {
        await using var world = await ApiWorld.StartAsync();
        await world.Story.ObserveAsync();

        var html = await world.App.PageAsync("/shadow");
        using var answer = await world.SendAsync("/api/v1/shadow");

        Assert.Contains("Watching:Shadow", html, StringComparison.Ordinal);
        Assert.Contains("negative-binomial", html, StringComparison.Ordinal);
        Assert.Contains("noindex", html, StringComparison.Ordinal);
        Assert.StartsWith("""{"detector":"negative-binomial","detectors":[],"candidate":null,"comparison":null,"freshness":""", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using var again = await world.SendAsync("/api/v1/shadow", ("If-None-Match", answer.Headers.ETag!.ToString()));
        Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
        Assert.Contains("fresh", Assert.Single(again.Headers.GetValues("Freshness")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_both_found_or_one_of_them_is_compared(bool onDisk)
    {
        await using var world = await ShadowedAsync(onDisk);

        var answer = await world.GetAsync("/api/v1/shadow");

        Assert.Equal("robust-z", answer.GetProperty("candidate").GetString());
        var compared = answer.GetProperty("comparison").GetRawText();
        Assert.StartsWith(
            """
            {"runsSince":"2024-11-06T00:20:30Z","from":"2024-11-06T00:20:30Z","both":1,"onlyLive":1,"onlyCandidate":1,"medianDetectedMinutes":4,"medianEndMinutes":-3,
            "items":[{"service":"gemini","foundBy":"candidate","live":null,"candidate":{"startedAt":"2024-11-08T20:00:00Z","detectedAt":"2024-11-08T20:02:00Z","endedAt":null,
            "peak":{"at":"2024-11-08T20:09:00Z","reportsPerMinute":1234},"pieces":1,"incidents":[],"detector":"robust-z","rules":["only-the-shadow-knows"]}},
            {"service":"claude","foundBy":"live","live":{"startedAt":"2024-11-08T12:00:00Z",
            """.ReplaceLineEndings(""),
            compared,
            StringComparison.Ordinal);
        Assert.Contains("\"incidents\":[\"chatgpt-1\"]", compared, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_page_shows_the_counts_and_each_outage_newest_first()
    {
        await using var world = await ShadowedAsync();

        var html = await world.App.PageAsync("/shadow");

        Assert.Contains("<div><dt>by both</dt><dd>1</dd></div>", html, StringComparison.Ordinal);
        Assert.Contains("<div><dt>only by the live one</dt><dd>1</dd></div>", html, StringComparison.Ordinal);
        Assert.Contains("<div><dt>only by the candidate</dt><dd>1</dd></div>", html, StringComparison.Ordinal);
        Assert.Contains("<strong>4 minutes later</strong>", html, StringComparison.Ordinal);
        Assert.Contains("<strong>3 minutes earlier</strong>", html, StringComparison.Ordinal);
        Assert.Contains("<caption>All of them, the latest onset first</caption>", html, StringComparison.Ordinal);
        Assert.Contains("href=\"/incidents/claude-1\"", html, StringComparison.Ordinal);
        Assert.Contains(Mark, html, StringComparison.Ordinal);
        int[] places = [.. new[] { ">only the candidate<", ">only the live one<", ">both<" }.Select(t => html.IndexOf(t, StringComparison.Ordinal))];
        Assert.DoesNotContain(-1, places);
        Assert.Equal(places.Order(), places);
    }

    [Fact]
    public async Task At_most_the_newest_hundred_are_shown()
    {
        await using var world = await ShadowedAsync();
        var log = world.App.Services.GetRequiredService<IShadowLog>().Incidents;
        await log.AppendAsync([.. Enumerable.Range(10, 120).Select(i => Would(Incident(At(0, i % 60, -1) - i, At(0, i % 60, -1) - i + 1, $"service-{i}")))], default);

        var html = await world.App.PageAsync("/shadow");

        Assert.Contains("<caption>The newest 100 of 123, the latest onset first</caption>", html, StringComparison.Ordinal);
        Assert.Equal(100, (await world.GetAsync("/api/v1/shadow")).GetProperty("comparison").GetProperty("items").GetArrayLength());
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/archive")]
    [InlineData("/services/chatgpt")]
    [InlineData("/services/gemini")]
    [InlineData("/api/v1/incidents")]
    [InlineData("/api/v1/services/gemini")]
    public async Task Nothing_public_knows_a_would_be_incident(string address)
    {
        await using var world = await ShadowedAsync();

        using var answer = await world.SendAsync(address);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var body = await answer.Content.ReadAsStringAsync();
        Assert.DoesNotContain(Mark, body, StringComparison.Ordinal);
        Assert.DoesNotContain("gemini-1", body, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, await world.StatusAsync("/incidents/gemini-1"));
        Assert.Equal(HttpStatusCode.NotFound, await world.StatusAsync("/api/v1/incidents/gemini-1"));
    }

    [Fact]
    public async Task A_running_server_fills_both_logs()
    {
        // Two weeks of quiet, and a surge in the last 20 minutes of which the live detector has told already.
        var (app, _) = await PageWorld.StartAsync(Shadowed);
        await using var owned = app;

        // The clock stands still, so nobody looks at it by itself any more: the watches that the first look woke are looked at here.
        var ticker = app.Services.GetRequiredService<WatchTicker>();
        var shadow = app.Services.GetRequiredService<IShadowLog>().Incidents;
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while ((await shadow.FindAsync(new IncidentQuery(), deadline.Token)).Count == 0)
        {
            await ticker.LookAsync(deadline.Token);
            await ticker.CandidateRound;
        }

        var would = Assert.Single(await shadow.FindAsync(new IncidentQuery(), default));
        Assert.Equal("robust-z", would.Evidence.Detector);
        Assert.Equal(2, (await app.Services.GetRequiredService<IIncidentLog>().FindAsync(new IncidentQuery(), default)).Count);
        Assert.Contains("<div><dt>by both</dt><dd>1</dd></div>", await app.PageAsync("/shadow"), StringComparison.Ordinal);
        Assert.Empty(app.Errors);
    }

    [Fact]
    public async Task Parameters_are_refused()
    {
        await using var world = await ApiWorld.StartAsync();

        _ = await world.ProblemAsync("/api/v1/shadow?limit=5", HttpStatusCode.BadRequest, "invalid-input", "limit");
    }

    /// <summary>A candidate that has run for three days: an outage that both found, one that only the live detector found, one that only the candidate found.</summary>
    internal static async Task<ApiWorld> ShadowedAsync(bool onDisk = false)
    {
        var world = await ApiWorld.StartAsync(onDisk, Shadowed);
        await world.Story.ObserveAsync();
        await world.Story.ResolveAsync(Incident(At(10, 0, -1), At(10, 30, -1)));
        await world.Story.ResolveAsync(Incident(At(12, 0, -1), At(13, 0, -1), "claude"));
        // Noticed before the candidate began.
        await world.Story.ResolveAsync(Incident(At(12, 0, -8), At(13, 0, -8), "aws"));
        var log = world.App.Services.GetRequiredService<IShadowLog>().Incidents;
        var both = Incident(At(10, 3, -1), At(10, 27, -1));
        await log.AppendAsync([Would(both with { DetectedAt = At(10, 6, -1).Start }), Would(Incident(At(20, 0, -1), service: "gemini"))], default);
        return world;
    }

    private static void Shadowed(IServiceCollection services) =>
        services.AddSingleton(new WatchSettings { Shadow = "robust-z" }).AddHostedService<ThreeDaysAgo>();

    private static IncidentEvent Would(Incident incident) => new(
        incident.Service, 1, IncidentEventKind.Opened, incident.DetectedAt, ServiceStatus.Outage,
        incident with { Evidence = incident.Evidence with { Detector = "robust-z", Rule = Mark } });

    private sealed class ThreeDaysAgo(IShadowLog log, TimeProvider clock) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) => log.NoteAsync("robust-z", clock.GetUtcNow().AddDays(-3), cancellationToken);

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
