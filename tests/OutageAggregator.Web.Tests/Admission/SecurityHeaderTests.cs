using System.Net;
using OutageAggregator.Web.Tests.Features.Reports;

namespace OutageAggregator.Web.Tests.Admission;

public sealed class SecurityHeaderTests(ReportsApp app) : IClassFixture<ReportsApp>
{
    private static string Header(HttpResponseMessage response, string name) => Assert.Single(response.Headers.GetValues(name));

    [Theory]
    [InlineData("/")]
    [InlineData("/problems")]
    [InlineData("/no/such/page")]
    [InlineData("/services/chatgpt")]
    public async Task Every_answer_allows_our_own_files_only_and_no_framing(string address)
    {
        var response = await app.App.Client.GetAsync(address);
        Assert.Equal("nosniff", Header(response, "X-Content-Type-Options"));
        Assert.Equal("strict-origin-when-cross-origin", Header(response, "Referrer-Policy"));
        var policy = Header(response, "Content-Security-Policy");
        Assert.StartsWith("default-src 'none'", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.False(response.Headers.Contains("Server"));
    }

    [Fact]
    public async Task Reads_may_be_made_by_pages_of_any_origin()
    {
        var response = await app.App.Client.GetAsync("/problems");
        Assert.Equal("*", Header(response, "Access-Control-Allow-Origin"));
        Assert.Contains("ETag", Header(response, "Access-Control-Expose-Headers"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reports_may_not()
    {
        using var preflight = new HttpRequestMessage(HttpMethod.Options, "/api/v1/reports")
            .With("Origin", "https://elsewhere.example").With("Access-Control-Request-Method", "POST").With("Access-Control-Request-Headers", "content-type");
        var answer = await app.App.Client.SendAsync(preflight);
        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        Assert.Equal("GET, HEAD", Header(answer, "Access-Control-Allow-Methods"));
        var report = await app.ReportAsync("""{"service":"chatgpt"}""");
        Assert.False(report.Headers.Contains("Access-Control-Allow-Origin"));
    }
}
