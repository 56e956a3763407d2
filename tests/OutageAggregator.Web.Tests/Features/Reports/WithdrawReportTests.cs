using System.Net;
using Microsoft.Extensions.DependencyInjection;
using OutageAggregator.Storage;

namespace OutageAggregator.Web.Tests.Features.Reports;

public sealed class WithdrawReportTests(ReportsApp app) : IClassFixture<ReportsApp>
{
    private async Task<(string Address, string Caller)> ReportedAsync(string region)
    {
        var caller = app.NextCaller();
        var receipt = await (await app.ReportAsync($$"""{"service":"claude","region":"{{region}}"}""", caller)).JsonAsync(HttpStatusCode.Accepted);
        return (receipt.GetProperty("withdraw").GetString()!, caller);
    }

    private async Task<int> CountAsync(string region)
    {
        var now = Minute.Of(app.Clock.GetUtcNow());
        var cells = await app.App.Services.GetRequiredService<ICountStore>().ReadFacetsAsync(
            new WatchKey(ServiceSlug.Parse("claude"), Region.Parse(region)), now, now + 1, CancellationToken.None);
        return cells.Sum(c => c.Count);
    }

    [Fact]
    public async Task A_report_taken_back_is_no_longer_counted_and_may_be_made_again()
    {
        var (address, caller) = await ReportedAsync("NO");
        Assert.Equal(1, await CountAsync("NO"));
        Assert.Equal(HttpStatusCode.NoContent, (await app.App.Client.DeleteAsync(address)).StatusCode);
        Assert.Equal(0, await CountAsync("NO"));
        await (await app.ReportAsync("""{"service":"claude","region":"NO"}""", caller)).JsonAsync(HttpStatusCode.Accepted);
    }

    [Fact]
    public async Task Taking_back_twice_is_the_same_as_once()
    {
        var (address, _) = await ReportedAsync("SE");
        Assert.Equal(HttpStatusCode.NoContent, (await app.App.Client.DeleteAsync(address)).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await app.App.Client.DeleteAsync(address)).StatusCode);
        Assert.Equal(0, await CountAsync("SE"));
    }

    [Fact]
    public async Task A_wrong_token_and_an_unknown_report_get_the_same_answer()
    {
        var (address, _) = await ReportedAsync("FI");
        var wrong = address[..^3] + (address[^3] == 'A' ? "BCA" : "ABA");
        var unknown = $"/api/v1/reports/{new string('0', 32)}-0?token=AAAAAAAAAAAAAAAAAAAAAA";
        var first = await (await app.App.Client.DeleteAsync(wrong)).ProblemAsync(HttpStatusCode.NotFound, "unknown-report");
        var second = await (await app.App.Client.DeleteAsync(unknown)).ProblemAsync(HttpStatusCode.NotFound, "unknown-report");
        Assert.Equal(first.GetProperty("detail").GetString(), second.GetProperty("detail").GetString());
        Assert.Equal(1, await CountAsync("FI"));
    }

    [Theory]
    [InlineData("x")]
    [InlineData("%00")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAA=")]
    [InlineData("%C3%A9AAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public async Task A_token_of_any_other_shape_is_a_wrong_one(string token)
    {
        var (address, _) = await ReportedAsync("AT");
        await (await app.App.Client.DeleteAsync(address[..(address.IndexOf('=', StringComparison.Ordinal) + 1)] + token)).ProblemAsync(HttpStatusCode.NotFound, "unknown-report");
    }

    [Fact]
    public async Task The_token_of_one_report_does_not_take_back_another()
    {
        var (one, _) = await ReportedAsync("DK");
        var (other, _) = await ReportedAsync("DK");
        var mixed = one[..one.IndexOf('?', StringComparison.Ordinal)] + other[other.IndexOf('?', StringComparison.Ordinal)..];
        await (await app.App.Client.DeleteAsync(mixed)).ProblemAsync(HttpStatusCode.NotFound, "unknown-report");
    }

    [Theory]
    [InlineData("/api/v1/reports/x?token=AAAAAAAAAAAAAAAAAAAAAA", "id")]
    [InlineData("/api/v1/reports/00000000000000000000000000000000-x?token=AAAAAAAAAAAAAAAAAAAAAA", "id")]
    [InlineData("/api/v1/reports/00000000000000000000000000000000-99999999999?token=AAAAAAAAAAAAAAAAAAAAAA", "id")]
    [InlineData("/api/v1/reports/00000000000000000000000000000000-0", "token")]
    [InlineData("/api/v1/reports/00000000000000000000000000000000-0?token=", "token")]
    [InlineData("/api/v1/reports/00000000000000000000000000000000-0?token=a&token=b", "token")]
    public async Task A_malformed_address_says_what_is_missing(string address, string field) =>
        Assert.NotEmpty((await (await app.App.Client.DeleteAsync(address)).ProblemAsync(HttpStatusCode.BadRequest, "invalid-input")).ErrorOf(field));

    [Fact]
    public async Task A_page_of_another_site_can_not_take_reports_back()
    {
        var (address, _) = await ReportedAsync("IS");
        using var request = new HttpRequestMessage(HttpMethod.Delete, address).With("Sec-Fetch-Site", "cross-site");
        await (await app.App.Client.SendAsync(request)).ProblemAsync(HttpStatusCode.Forbidden, "cross-site");
    }
}
