using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using OutageAggregator.TestKit;

namespace OutageAggregator.Server.Tests;

/// <summary>Orleans' own dashboard, which is the operators' alone.</summary>
public sealed class DashboardTests
{
    private const string Admins = "the-secret-of-the-operators";
    private const string Partners = "the-secret-of-a-newsroom";

    [Fact]
    public async Task The_dashboard_answers_operators_and_nobody_else()
    {
        await using var server = await RunningServer.StartAsync(
            new Dictionary<string, string>
            {
                ["OUTAGE_Cluster__Dashboard"] = "true",
                ["OUTAGE_Keys__0"] = $"operators admin key:{Admins}",
                ["OUTAGE_Keys__1"] = $"newsroom ingest key:{Partners}",
            },
            "--urls", "http://127.0.0.1:0", "--storage", "memory");
        _ = await server.ReportAsync(RunningServer.Person(1));

        using (var page = await GetAsync(server, "/dashboard/", new("Bearer", Admins)))
        {
            Assert.Equal((HttpStatusCode.OK, "text/html"), (page.StatusCode, page.Content.Headers.ContentType?.MediaType));
            Assert.Contains("index.min.js", await page.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
        // As a browser sends what its user typed.
        var typed = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"anybody:{Admins}")));
        // Orleans gathers them every second.
        await server.UntilAsync(async () =>
        {
            using var counters = await GetAsync(server, "/dashboard/DashboardCounters", typed);
            Assert.Equal(HttpStatusCode.OK, counters.StatusCode);
            var answer = await counters.Content.ReadFromJsonAsync<JsonElement>();
            return answer.GetProperty("totalActiveHostCount").GetInt32() == 1
                && answer.GetProperty("simpleGrainStats").EnumerateArray().Any(g => g.GetProperty("grainType").GetString()!.Contains("RegionWatchGrain", StringComparison.Ordinal));
        });

        foreach (var path in (string[])["/dashboard", "/dashboard/", "/dashboard/index.min.js", "/dashboard/DashboardCounters"])
        {
            using var refusal = await GetAsync(server, path, with: null);
            Assert.Equal((HttpStatusCode.Unauthorized, "application/problem+json"), (refusal.StatusCode, refusal.Content.Headers.ContentType?.MediaType));
            Assert.Equal(["Bearer", "Basic"], refusal.Headers.WwwAuthenticate.Select(h => h.Scheme));
        }
        using (var unknown = await GetAsync(server, "/dashboard/", new("Bearer", Admins + "?")))
            Assert.Equal(HttpStatusCode.Unauthorized, unknown.StatusCode);
        using (var other = await GetAsync(server, "/dashboard/", new("Bearer", Partners)))
            Assert.Equal(HttpStatusCode.Forbidden, other.StatusCode);
    }

    [Fact]
    public async Task Without_the_setting_there_is_no_dashboard()
    {
        await using var server = await RunningServer.StartAsync(
            new Dictionary<string, string> { ["OUTAGE_Keys__0"] = $"operators admin key:{Admins}" }, "--urls", "http://127.0.0.1:0", "--storage", "memory");

        using var answer = await GetAsync(server, "/dashboard/", new("Bearer", Admins));
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    private static async Task<HttpResponseMessage> GetAsync(RunningServer server, string path, AuthenticationHeaderValue? with)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Authorization = with;
        return await server.Client.SendAsync(request);
    }
}
