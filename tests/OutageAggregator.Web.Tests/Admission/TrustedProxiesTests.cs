using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using OutageAggregator.Web.Admission;

namespace OutageAggregator.Web.Tests.Admission;

public sealed class TrustedProxiesTests
{
    private static readonly TrustedProxies s_proxies = new(new ProxySettings
    {
        Trusted = [IPNetwork.Parse("10.0.0.0/8"), IPNetwork.Parse("127.0.0.1/32"), IPNetwork.Parse("2001:db8:ffff::/48")],
    });

    private static Caller Find(string peer, params string[] header)
    {
        var context = new DefaultHttpContext();
        context.Connection.RemoteIpAddress = IPAddress.Parse(peer);
        if (header.Length > 0)
            context.Request.Headers["X-Forwarded-For"] = new StringValues(header);
        return s_proxies.Find(context);
    }

    [Theory]
    [InlineData("203.0.113.7", "198.51.100.1", "203.0.113.7")]
    [InlineData("127.0.0.1", "198.51.100.1", "198.51.100.1")]
    [InlineData("::ffff:127.0.0.1", "198.51.100.1", "198.51.100.1")]
    [InlineData("127.0.0.1", "6.6.6.6, 198.51.100.1", "198.51.100.1")]
    [InlineData("127.0.0.1", "6.6.6.6, 198.51.100.1, 10.2.3.4", "198.51.100.1")]
    [InlineData("127.0.0.1", "garbage, 198.51.100.1,10.2.3.4", "198.51.100.1")]
    [InlineData("127.0.0.1", "10.9.9.9, 10.2.3.4", "10.9.9.9")]
    [InlineData("127.0.0.1", "198.51.100.1:4711", "198.51.100.1")]
    [InlineData("127.0.0.1", "2001:db8::7", "2001:db8::7")]
    [InlineData("127.0.0.1", "[2001:db8::7]:4711", "2001:db8::7")]
    [InlineData("127.0.0.1", "[2001:db8::7]", "2001:db8::7")]
    [InlineData("127.0.0.1", "::ffff:198.51.100.1", "198.51.100.1")]
    [InlineData("2001:db8:ffff::1", "2001:db8::7", "2001:db8::7")]
    public void The_caller_is_the_rightmost_address_that_is_no_proxy_of_ours(string peer, string header, string caller) =>
        Assert.Equal(IPAddress.Parse(caller), Find(peer, header).Address);

    [Theory]
    [InlineData("")]
    [InlineData("garbage")]
    [InlineData("198.51.100.1, garbage, 10.2.3.4")]
    [InlineData("198.51.100.1,")]
    [InlineData("unknown")]
    [InlineData("1")]
    [InlineData("0x7f.1")]
    [InlineData("010.1.1.1")]
    [InlineData("1.2.3.4.5")]
    [InlineData("1.2.3.256")]
    [InlineData("1.2.3.4:")]
    [InlineData("1.2.3.4:port")]
    [InlineData("[2001:db8::7")]
    [InlineData("[1.2.3.4]")]
    [InlineData("fe80::1%eth0")]
    [InlineData("1.2.3.4 5.6.7.8")]
    public void A_hop_that_is_no_address_leaves_the_peer_as_the_caller(string header) =>
        Assert.Equal(IPAddress.Parse("127.0.0.1"), Find("127.0.0.1", header).Address);

    [Fact]
    public void Several_header_lines_are_one_list() =>
        Assert.Equal(IPAddress.Parse("198.51.100.1"), Find("127.0.0.1", "6.6.6.6, 198.51.100.1", "10.2.3.4", "10.2.3.5").Address);

    [Fact]
    public void More_hops_than_anybody_has_are_not_followed() =>
        Assert.Equal(IPAddress.Parse("127.0.0.1"), Find("127.0.0.1", "198.51.100.1" + string.Concat(Enumerable.Repeat(",10.0.0.1", 40))).Address);

    [Fact]
    public void Without_a_header_the_proxy_itself_calls() => Assert.Equal(IPAddress.Parse("10.0.0.1"), Find("10.0.0.1").Address);

    [Fact]
    public void Only_peers_of_ours_are_trusted()
    {
        Assert.True(Find("10.0.0.1", "198.51.100.1").PeerIsTrusted);
        Assert.False(Find("203.0.113.7", "10.0.0.1").PeerIsTrusted);
    }

    [Fact]
    public void Limits_count_an_IPv6_address_by_its_64_and_an_IPv4_address_alone()
    {
        static UInt128 Number(string address) => new Caller(IPAddress.Parse(address), PeerIsTrusted: false).Number;
        Assert.Equal(Number("2001:db8:1:2::1"), Number("2001:db8:1:2:ffff::2"));
        Assert.NotEqual(Number("2001:db8:1:2::1"), Number("2001:db8:1:3::1"));
        Assert.NotEqual(Number("198.51.100.1"), Number("198.51.100.2"));
        Assert.NotEqual(Number("0.0.0.0"), Number("::"));
    }
}
