using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OutageAggregator.TestKit;
using OutageAggregator.TestKit.Web;
using OutageAggregator.Web.Admission;

namespace OutageAggregator.Web.Tests.Features.Reports;

/// <summary>What a trusted proxy says of the caller's country.</summary>
public sealed class CountryHeaderTests
{
    [Theory]
    [InlineData("127.0.0.0/8", "GEO-1234", 1, "GEO-1234")]
    [InlineData("127.0.0.0/8", "XX", 0, "")]
    [InlineData("127.0.0.0/8", "T1", 0, "")]
    [InlineData("127.0.0.0/8", "Italy", 0, "")]
    [InlineData("10.0.0.0/8", "GEO-1234", 0, "")]
    public async Task What_is_no_country_is_told_to_the_operator_once(string trusted, string header, int lines, string quoted)
    {
        var log = new KeptLog<CountryHeader>();
        await using var app = await WebApp.StartAsync(services =>
        {
            services.AddSingleton<ILogger<CountryHeader>>(log);
            services.AddSingleton(new ProxySettings { Trusted = [IPNetwork.Parse(trusted)], CountryHeader = "CF-IPCountry" });
        });

        for (var i = 0; i < 3; i++)
        {
            var request = Answers.Post("/api/v1/reports", """{"service":"chatgpt"}""").With("CF-IPCountry", header).With("X-Forwarded-For", $"203.0.113.{i}");
            Assert.True((await app.Client.SendAsync(request)).IsSuccessStatusCode);
        }

        Assert.Equal(lines, log.Lines.Count());
        Assert.All(log.Lines, line => Assert.Contains($"'{quoted}', which is no country", line, StringComparison.Ordinal));
    }
}
