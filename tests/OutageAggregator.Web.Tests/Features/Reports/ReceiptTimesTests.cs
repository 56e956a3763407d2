using System.Net;
using Microsoft.Extensions.DependencyInjection;
using OutageAggregator.TestKit.Web;

namespace OutageAggregator.Web.Tests.Features.Reports;

/// <summary>A clock goes on while a report is on its way: its receipt speaks of one instant all the same.</summary>
public sealed class ReceiptTimesTests
{
    [Fact]
    public async Task The_half_hour_of_a_receipt_runs_from_the_instant_it_says_the_report_was_received()
    {
        await using var app = await WebApp.StartAsync(services => services.AddSingleton<TimeProvider>(new HastyClock()));
        var late = await (await app.Client.SendAsync(Answers.Post("/api/v1/reports", """{"service":"chatgpt","occurredAt":"2024-11-08T23:00:00Z"}""")))
            .JsonAsync(HttpStatusCode.OK);
        var again = await (await app.Client.SendAsync(Answers.Post("/api/v1/reports", """{"service":"chatgpt"}"""))).JsonAsync(HttpStatusCode.OK);

        Assert.Equal("late", late.GetProperty("reason").GetString());
        var until = late.GetProperty("until").GetDateTimeOffset();
        Assert.Equal(TimeSpan.FromMinutes(30), until - late.GetProperty("receivedAt").GetDateTimeOffset());
        Assert.Equal("duplicate", again.GetProperty("reason").GetString());
        Assert.Equal(until, again.GetProperty("until").GetDateTimeOffset());
    }

    /// <summary>Goes on by a second whenever it is looked at.</summary>
    private sealed class HastyClock : TimeProvider
    {
        private static readonly DateTimeOffset s_start = DateTimeOffset.Parse("2024-11-09T00:10:00Z", CultureInfo.InvariantCulture);
        private int _looks;

        public override DateTimeOffset GetUtcNow() => s_start.AddSeconds(Interlocked.Increment(ref _looks));
    }
}
