using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using OutageAggregator.Contracts;
using OutageAggregator.TestKit;
using OutageAggregator.Web.Addresses;
using OutageAggregator.Web.Admission;

namespace OutageAggregator.Web.Tests.Admission;

/// <summary>What looks as if a proxy stood in front that the settings don't know.</summary>
public sealed class ProxySignsTests
{
    private readonly KeptLog<ProxySigns> _log = new();
    private readonly ManualClock _clock = new(new DateTimeOffset(2024, 11, 9, 0, 10, 0, TimeSpan.Zero));
    private readonly ProxySigns _signs;

    public ProxySignsTests() => _signs = new ProxySigns(_log, _clock);

    [Theory]
    [InlineData("127.0.0.1", "127.0.0.1/32")]
    [InlineData("172.18.0.1", "172.18.0.1/32")]
    [InlineData("10.1.2.3", "10.1.2.3/32")]
    [InlineData("192.168.1.1", "192.168.1.1/32")]
    [InlineData("100.64.0.1", "100.64.0.1/32")]
    [InlineData("::1", "::1/128")]
    [InlineData("fd00::7", "fd00::7/128")]
    public void A_peer_nearby_that_forwards_and_is_not_trusted_is_told_with_what_to_set(string peer, string network)
    {
        for (var i = 0; i < 3; i++)
            See(peer, forwards: true);

        var warning = Assert.Single(_signs.Warnings());
        Assert.StartsWith($"{peer} sends X-Forwarded-For and is not trusted.", warning, StringComparison.Ordinal);
        Assert.Contains($"--trust-proxy {network}", warning, StringComparison.Ordinal);
        Assert.Equal([(LogLevel.Warning, warning)], _log.Logged);
    }

    [Theory]
    [InlineData("X-Forwarded-Host")]
    [InlineData("X-Real-IP")]
    [InlineData("forwarded")]
    public void So_is_one_that_tells_it_otherwise(string header)
    {
        _signs.See(CallerOf("127.0.0.1"), new HeaderDictionary { [header] = "203.0.113.7" });

        Assert.Contains($"sends {header} and is not trusted", Assert.Single(_signs.Warnings()), StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("127.0.0.1", false)]
    [InlineData("203.0.113.7", true)]
    [InlineData("2001:db8::7", true)]
    [InlineData("172.32.0.1", true)]
    public void Who_does_not_forward_or_is_anybody_is_no_sign(string peer, bool forwards)
    {
        See(peer, forwards);

        Assert.Empty(_signs.Warnings());
        Assert.Empty(_log.Logged);
    }

    [Fact]
    public void A_peer_that_has_not_forwarded_for_an_hour_is_forgotten_and_logged_once_all_the_same()
    {
        See("127.0.0.1", forwards: true);
        _clock.Advance(TimeSpan.FromMinutes(59));
        Assert.Single(_signs.Warnings());
        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Empty(_signs.Warnings());

        See("127.0.0.1", forwards: true);

        Assert.Single(_signs.Warnings());
        Assert.Single(_log.Logged);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Twenty_reports_in_a_row_from_one_address_are_a_sign_until_another_one_reports(bool isTrusted)
    {
        for (var i = 0; i < 19; i++)
            Report("10.0.0.7", isTrusted);
        Assert.Empty(_signs.Warnings());

        Report("10.0.0.7", isTrusted);
        Report("10.0.0.7", isTrusted);

        Assert.Contains("The last 20 reports and more came from one address.", Assert.Single(_signs.Warnings()), StringComparison.Ordinal);
        Assert.Single(_log.Logged);
        // No address of a caller is told, logged or kept.
        Assert.DoesNotContain("10.0.0.7", _log.Lines.Single(), StringComparison.Ordinal);
        Report("10.0.0.8", isTrusted);
        Assert.Empty(_signs.Warnings());
        for (var i = 0; i < 20; i++)
            Report("10.0.0.7", isTrusted);
        Assert.Single(_signs.Warnings());
        Assert.Single(_log.Logged);
    }

    [Fact]
    public void Who_reports_in_turns_is_no_sign()
    {
        for (var i = 0; i < 100; i++)
            Report(i % 10 == 0 ? "203.0.113.8" : "203.0.113.7", isTrusted: false);

        Assert.Empty(_signs.Warnings());
    }

    [Fact]
    public void Twenty_reports_in_a_row_that_proxies_afar_forward_are_a_sign_and_one_of_a_stranger_is_not()
    {
        for (var i = 0; i < 19; i++)
            Report($"198.51.100.{i % 3}", isTrusted: false, forwards: true);
        Report("203.0.113.1", isTrusted: false);
        for (var i = 0; i < 19; i++)
            Report($"198.51.100.{i % 3}", isTrusted: false, forwards: true);
        Assert.Empty(_signs.Warnings());

        Report("198.51.100.9", isTrusted: false, forwards: true);

        var warning = Assert.Single(_signs.Warnings());
        Assert.Contains("came with X-Forwarded-For from peers that are not trusted", warning, StringComparison.Ordinal);
        Assert.Equal([warning], _log.Lines);
        Assert.DoesNotContain("198.51", warning, StringComparison.Ordinal);
        // What trusted proxies forward is as it should be.
        Report("198.51.100.9", isTrusted: true, forwards: true);
        Assert.Empty(_signs.Warnings());
    }

    [Fact]
    public void A_refusal_is_logged_once_an_origin_for_five_of_them_at_most()
    {
        for (var i = 0; i < 20; i++)
            Refuse("127.0.0.1", $"http://site{i % 8}.example", forwardsHost: false);

        Assert.Equal(5, _log.Logged.Count);
        Assert.Contains("http://site0.example", _log.Lines.First(), StringComparison.Ordinal);
        Assert.Contains("known here as 127.0.0.1:8080", _log.Lines.First(), StringComparison.Ordinal);
        Assert.Contains("Site:PublicUrl (--public-url http://site0.example", _log.Lines.First(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://example.org/status")]
    [InlineData("https://example.org")]
    [InlineData("http://outages.example:8443")]
    [InlineData("https://status.example.org/a/b")]
    public void A_site_whose_address_is_set_is_named_by_it_and_to_set_it_anew_is_said_as_that(string stated)
    {
        var mend = Refuse("127.0.0.1", "https://other.example", forwardsHost: false, stated);

        Assert.Contains($"this site is known here as {stated}.", Assert.Single(_log.Lines), StringComparison.Ordinal);
        Assert.DoesNotContain("127.0.0.1", Assert.Single(_log.Lines), StringComparison.Ordinal);
        Assert.StartsWith($"change Site:PublicUrl, which is {stated} (--public-url https://other.example", mend, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("172.18.0.1", true, true)]
    [InlineData("172.18.0.1", false, false)]
    [InlineData("203.0.113.7", true, false)]
    public void A_proxy_nearby_that_forwards_the_host_could_be_trusted_instead(string peer, bool forwardsHost, bool isOffered) =>
        Assert.Equal(isOffered, Refuse(peer, "http://outages.example", forwardsHost).Contains($"--trust-proxy {peer}/32", StringComparison.Ordinal));

    private static HeaderDictionary Headers(bool forwards) => forwards ? new() { ["X-Forwarded-For"] = "6.6.6.6" } : [];

    private static Caller CallerOf(string address, bool isTrusted = false) => new(IPAddress.Parse(address), isTrusted);

    private void See(string peer, bool forwards) => _signs.See(CallerOf(peer), Headers(forwards));

    private void Report(string caller, bool isTrusted, bool forwards = false) => _signs.SeeReport(CallerOf(caller, isTrusted), Headers(forwards));

    private string Refuse(string peer, string origin, bool forwardsHost, string? stated = null)
    {
        var context = new DefaultHttpContext();
        context.Features.Set(new PublicAddress(stated is null ? null : PublicUrl.Parse(stated, null), forwarded: null));
        context.Features.Set(CallerOf(peer));
        context.Request.Host = new HostString("127.0.0.1:8080");
        if (forwardsHost)
            context.Request.Headers["X-Forwarded-Host"] = "outages.example";
        return _signs.Refused(context, origin);
    }
}
