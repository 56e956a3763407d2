using System.Net;
using Microsoft.Extensions.DependencyInjection;
using OutageAggregator.Contracts;
using OutageAggregator.TestKit.Web;
using OutageAggregator.Web.Admission;

namespace OutageAggregator.Web.Tests.Admission;

public sealed class LimitTests
{
    private const string Report = """{"service":"chatgpt"}""";

    private static Task<WebApp> StartAsync() => WebApp.StartAsync(services =>
    {
        services.AddSingleton(new ProxySettings { Trusted = [IPNetwork.Parse("127.0.0.0/8")] });
        services.AddSingleton(new LimitSettings { ReportsPerMinute = 5, ReadsPerMinute = 8 });
        // It stands: the quota that a minute gives back must not depend on how long the requests take.
        services.AddSingleton(new RateTable(new ManualClock(DateTimeOffset.UnixEpoch)));
    });

    [Fact]
    public async Task One_address_is_told_to_wait_while_another_goes_on()
    {
        await using var app = await StartAsync();
        for (var i = 0; i < 5; i++)
        {
            var taken = await app.Client.SendAsync(Answers.Post("/api/v1/reports", Report).With("X-Forwarded-For", "203.0.113.7"));
            Assert.True(taken.IsSuccessStatusCode);
            Assert.Equal("\"reports\";q=5;w=60", Assert.Single(taken.Headers.GetValues("RateLimit-Policy")));
            Assert.StartsWith($"\"reports\";r={4 - i};t=", Assert.Single(taken.Headers.GetValues("RateLimit")), StringComparison.Ordinal);
        }
        var refused = await app.Client.SendAsync(Answers.Post("/api/v1/reports", Report).With("X-Forwarded-For", "203.0.113.7"));
        await refused.ProblemAsync(HttpStatusCode.TooManyRequests, "too-many-requests");
        Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 120);
        Assert.StartsWith("\"reports\";r=0;t=", Assert.Single(refused.Headers.GetValues("RateLimit")), StringComparison.Ordinal);
        Assert.True((await app.Client.SendAsync(Answers.Post("/api/v1/reports", Report).With("X-Forwarded-For", "203.0.113.8"))).IsSuccessStatusCode);
    }

    [Fact]
    public async Task An_IPv6_home_is_one_address()
    {
        await using var app = await StartAsync();
        for (var i = 0; i < 5; i++)
            Assert.True((await app.Client.SendAsync(Answers.Post("/api/v1/reports", Report).With("X-Forwarded-For", $"2001:db8::{i}"))).IsSuccessStatusCode);
        await (await app.Client.SendAsync(Answers.Post("/api/v1/reports", Report).With("X-Forwarded-For", "2001:db8::99")))
            .ProblemAsync(HttpStatusCode.TooManyRequests, "too-many-requests");
    }

    [Fact]
    public async Task An_IPv6_network_of_many_homes_has_a_limit_of_its_own_and_shares_it_with_no_other()
    {
        await using var app = await StartAsync();
        for (var i = 0; i < 5 * LimitSettings.NetworkFactor; i++)
            Assert.True((await app.Client.SendAsync(Answers.Post("/api/v1/reports", Report).With("X-Forwarded-For", $"2001:db8:7:{i:x}::1"))).IsSuccessStatusCode);
        var refused = await app.Client.SendAsync(Answers.Post("/api/v1/reports", Report).With("X-Forwarded-For", "2001:db8:7:ffff::1"));
        var problem = await refused.ProblemAsync(HttpStatusCode.TooManyRequests, "too-many-requests");
        Assert.Contains("IPv6 network (/48)", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal("\"network-reports\";q=320;w=60", Assert.Single(refused.Headers.GetValues("RateLimit-Policy")));
        Assert.True((await app.Client.SendAsync(Answers.Post("/api/v1/reports", Report).With("X-Forwarded-For", "2001:db8:8::1"))).IsSuccessStatusCode);

        // What the network was refused for cost the address nothing, and what was counted can be taken back.
        for (var i = 0; i < 5; i++)
        {
            var withdrawal = new HttpRequestMessage(HttpMethod.Delete, $"/api/v1/reports/{new string('0', 32)}-0?token=none").With("X-Forwarded-For", "2001:db8:7:ffff::1");
            var answer = await app.Client.SendAsync(withdrawal);
            Assert.NotEqual(HttpStatusCode.TooManyRequests, answer.StatusCode);
            Assert.StartsWith($"\"reports\";r={4 - i};t=", Assert.Single(answer.Headers.GetValues("RateLimit")), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task An_address_that_is_refused_spends_nothing_of_its_network()
    {
        await using var app = await StartAsync();
        for (var i = 0; i < 5 * LimitSettings.NetworkFactor; i++)
        {
            var one = await app.Client.SendAsync(Answers.Post("/api/v1/reports", Report).With("X-Forwarded-For", "2001:db8:7:1::1"));
            Assert.Equal(i < 5, one.IsSuccessStatusCode);
        }
        Assert.True((await app.Client.SendAsync(Answers.Post("/api/v1/reports", Report).With("X-Forwarded-For", "2001:db8:7:2::1"))).IsSuccessStatusCode);
    }

    [Fact]
    public async Task Reads_have_a_limit_of_their_own()
    {
        await using var app = await StartAsync();
        for (var i = 0; i < 8; i++)
        {
            var read = await app.Client.GetAsync("/problems");
            Assert.Equal(HttpStatusCode.OK, read.StatusCode);
            Assert.Equal("\"reads\";q=8;w=60", Assert.Single(read.Headers.GetValues("RateLimit-Policy")));
        }
        await (await app.Client.GetAsync("/problems")).ProblemAsync(HttpStatusCode.TooManyRequests, "too-many-requests");
        Assert.True((await app.Client.SendAsync(Answers.Post("/api/v1/reports", Report))).IsSuccessStatusCode);
    }

    [Theory]
    [InlineData("/healthz")]
    [InlineData("/readyz")]
    public async Task Who_asks_for_the_servers_health_is_answered_however_much_was_read(string address)
    {
        await using var app = await StartAsync();
        for (var i = 0; i < 12; i++)
            Assert.NotEqual(HttpStatusCode.TooManyRequests, (await app.Client.GetAsync(address)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await app.Client.GetAsync("/problems")).StatusCode);
    }

    [Fact]
    public async Task A_caller_that_is_no_proxy_of_ours_can_not_pretend_to_be_another()
    {
        await using var app = await WebApp.StartAsync(services => services
            .AddSingleton(new LimitSettings { ReportsPerMinute = 1 })
            .AddSingleton(new RateTable(new ManualClock(DateTimeOffset.UnixEpoch))));
        Assert.Equal(HttpStatusCode.Accepted, (await app.Client.SendAsync(Answers.Post("/api/v1/reports", Report).With("X-Forwarded-For", "203.0.113.1"))).StatusCode);
        await (await app.Client.SendAsync(Answers.Post("/api/v1/reports", Report).With("X-Forwarded-For", "203.0.113.2")))
            .ProblemAsync(HttpStatusCode.TooManyRequests, "too-many-requests");
    }
}
