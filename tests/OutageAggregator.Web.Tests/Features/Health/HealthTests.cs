using System.Net;
using Microsoft.Extensions.DependencyInjection;
using OutageAggregator.Runtime;

namespace OutageAggregator.Web.Tests.Features.Health;

public sealed class HealthTests
{
    [Fact]
    public async Task A_server_that_accepts_reports_is_alive_and_ready()
    {
        await using var world = await ApiWorld.StartAsync();
        Assert.Equal("""{"status":"alive"}""", (await world.GetAsync("/healthz")).GetRawText());
        Assert.Equal("""{"status":"ready"}""", (await world.GetAsync("/readyz")).GetRawText());
    }

    [Fact]
    public async Task A_server_that_lost_its_store_is_alive_and_says_what_is_missing()
    {
        await using var world = await ApiWorld.StartAsync();
        await world.StopWatchingAsync();
        world.App.Services.GetRequiredService<Readiness>().Missing(ReadyPart.Store, "the disk is full");
        Assert.Equal(
            "Reports are not accepted: the disk is full.",
            await world.ProblemAsync("/readyz", HttpStatusCode.ServiceUnavailable, "not-ready"));
        using var response = await world.SendAsync("/readyz");
        Assert.NotNull(response.Headers.RetryAfter);
        Assert.Equal("""{"status":"alive"}""", (await world.GetAsync("/healthz")).GetRawText());
    }

    [Fact]
    public async Task A_server_that_counts_everybody_as_one_is_ready_and_says_what_to_look_at()
    {
        await using var world = await ApiWorld.StartAsync();
        for (var i = 1; i <= 20; i++)
        {
            Assert.Equal("""{"status":"ready"}""", (await world.GetAsync("/readyz")).GetRawText());
            using var answer = await world.App.Client.SendAsync(Answers.Post("/api/v1/reports", """{"service":"chatgpt"}"""));
            _ = await answer.JsonAsync(i == 1 ? HttpStatusCode.Accepted : HttpStatusCode.OK);
        }

        var ready = await world.GetAsync("/readyz");

        Assert.Equal("ready", ready.GetProperty("status").GetString());
        Assert.StartsWith("The last 20 reports and more came from one address.", Assert.Single(ready.GetProperty("warnings").EnumerateArray()).GetString(), StringComparison.Ordinal);
        Assert.Equal("""{"status":"alive"}""", (await world.GetAsync("/healthz")).GetRawText());
    }

    [Fact]
    public void Until_somebody_says_otherwise_everything_is_missing()
    {
        var readiness = new Readiness();
        Assert.Equal(["the store is not open yet", "the watches are not restored yet"], readiness.WhatIsMissing());
        readiness.Ready(ReadyPart.Store);
        Assert.Equal(["the watches are not restored yet"], readiness.WhatIsMissing());
        readiness.Ready(ReadyPart.Watches);
        Assert.Empty(readiness.WhatIsMissing());
    }
}
