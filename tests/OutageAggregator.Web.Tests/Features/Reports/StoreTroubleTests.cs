using System.Net;
using Microsoft.Extensions.DependencyInjection;
using OutageAggregator.Runtime.Intake;
using OutageAggregator.Storage.Sqlite;
using OutageAggregator.TestKit;
using OutageAggregator.TestKit.Web;
using OutageAggregator.Web.Keys;

namespace OutageAggregator.Web.Tests.Features.Reports;

/// <summary>What can't be stored durably is never answered as if it were.</summary>
public sealed class StoreTroubleTests : IDisposable
{
    private const string Report = """{"service":"chatgpt"}""";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static async Task AssertRefusedAsync(HttpResponseMessage response, string code)
    {
        await response.ProblemAsync(HttpStatusCode.ServiceUnavailable, code);
        Assert.True(response.Headers.RetryAfter?.Delta > TimeSpan.Zero);
    }

    [Fact]
    public async Task A_store_that_is_gone_is_a_503_for_reports_batches_and_withdrawals()
    {
        await using var app = await WebApp.StartAsync(
            services => services.AddSingleton(new KeySettings { Keys = [KeyEntry.Parse("partner ingest key:partner-secret-of-some-length", null)] }), folder: _folder.Path);
        var receipt = await (await app.Client.SendAsync(Answers.Post("/api/v1/reports", Report))).JsonAsync(HttpStatusCode.Accepted);
        await app.Services.GetRequiredService<SqliteStorage>().DisposeAsync();

        await AssertRefusedAsync(await app.Client.SendAsync(Answers.Post("/api/v1/reports", """{"service":"claude"}""")), "store-unavailable");
        await AssertRefusedAsync(await app.Client.DeleteAsync(receipt.GetProperty("withdraw").GetString()), "store-unavailable");
        await AssertRefusedAsync(
            await app.Client.SendAsync(Answers.Post("/api/v1/reports/batch", """{"service":"claude","reporter":"a"}""", "application/x-ndjson")
                .With("Authorization", "Bearer partner-secret-of-some-length")),
            "store-unavailable");
    }

    [Fact]
    public async Task An_intake_that_takes_no_more_is_a_503()
    {
        await using var app = await WebApp.StartAsync();
        await app.Services.GetRequiredService<ReportIntake>().StopAsync(CancellationToken.None);
        await AssertRefusedAsync(await app.Client.SendAsync(Answers.Post("/api/v1/reports", Report)), "intake-full");
    }
}
