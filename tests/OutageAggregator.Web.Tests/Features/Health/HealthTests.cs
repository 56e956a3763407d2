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
