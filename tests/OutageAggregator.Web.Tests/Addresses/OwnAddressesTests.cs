using OutageAggregator.Web.Addresses;

namespace OutageAggregator.Web.Tests.Addresses;

/// <summary>Which Origin is ours: of no socket and no request.</summary>
public sealed class OwnAddressesTests
{
    [Theory]
    // As a browser writes both.
    [InlineData("http://example.org", "example.org")]
    [InlineData("https://example.org", "example.org")]
    [InlineData("http://example.org:8080", "example.org:8080")]
    [InlineData("http://192.0.2.1:8080", "192.0.2.1:8080")]
    [InlineData("http://[2001:db8::1]:8081", "[2001:db8::1]:8081")]
    [InlineData("http://[::1]", "[::1]")]
    // As proxies and people write them.
    [InlineData("http://example.org:8081", "EXAMPLE.ORG:8081")]
    [InlineData("HTTP://Example.org", "example.org")]
    [InlineData("http://example.org", "example.org:80")]
    [InlineData("https://example.org", "example.org:443")]
    [InlineData("https://example.org", "example.org:80")]
    [InlineData("http://example.org:80", "example.org")]
    [InlineData("http://[2001:db8::1]", "[2001:DB8:0:0::1]:80")]
    public void A_page_of_the_host_that_was_asked_is_ours(string origin, string host)
    {
        foreach (var listensOn in (int[])[0, 80, 443, 8080])
            Assert.True(new OwnAddresses(null, host, null, listensOn).Include(origin));
    }

    [Theory]
    [InlineData("http://evil.example", "example.org")]
    [InlineData("http://example.org.evil.example", "example.org")]
    [InlineData("http://evilexample.org", "example.org")]
    [InlineData("http://www.example.org", "example.org")]
    [InlineData("http://example.org", "www.example.org")]
    [InlineData("http://example.org:8080", "example.org:8081")]
    [InlineData("http://example.org", "example.org:8080")]
    [InlineData("http://example.org", "127.0.0.1:8080")]
    [InlineData("http://[2001:db8::1]:8081", "[2001:db8::1]:8080")]
    [InlineData("http://[2001:db8::2]:8081", "[2001:db8::1]:8081")]
    [InlineData("http://example.org:443", "example.org")]
    [InlineData("https://example.org:80", "example.org")]
    [InlineData("null", "null")]
    [InlineData("", "")]
    [InlineData(null, null)]
    [InlineData("file://", "")]
    [InlineData("chrome-extension://example.org", "example.org")]
    [InlineData("example.org", "example.org")]
    [InlineData("http://example.org/", "example.org")]
    [InlineData("http://example.org, http://example.org", "example.org")]
    [InlineData("http://user@example.org", "example.org")]
    [InlineData("http://example.org", "exa mple.org")]
    [InlineData("http://example.org:", "example.org")]
    [InlineData("http://example.org:0", "example.org")]
    [InlineData("http://example.org:66000", "example.org")]
    [InlineData("http://[::1", "[::1")]
    public void A_page_of_another_one_is_not(string? origin, string? host)
    {
        foreach (var listensOn in (int[])[0, 80, 443, 8080])
            Assert.False(new OwnAddresses(null, host, null, listensOn).Include(origin));
    }

    [Theory]
    [InlineData("example.org", 8080, true)]
    [InlineData("EXAMPLE.org", 8080, true)]
    [InlineData("example.org:80", 8080, true)]
    [InlineData("example.org", 0, true)]
    [InlineData("example.org", 80, false)]
    [InlineData("example.org", 443, false)]
    [InlineData("example.org:8082", 8080, false)]
    public void A_host_without_a_port_may_have_lost_it_unless_the_server_has_that_port_itself(string host, int listensOn, bool isOurs)
    {
        Assert.Equal(isOurs, new OwnAddresses(null, host, null, listensOn).Include("http://example.org:8081"));
        Assert.Equal(isOurs, new OwnAddresses(null, host, null, listensOn).Include("https://example.org:8081"));
        Assert.False(new OwnAddresses(null, host, null, listensOn).Include("http://evil.example:8081"));
    }

    [Theory]
    [InlineData("https://example.org", "https://example.org", true)]
    [InlineData("https://example.org/status", "https://example.org", true)]
    [InlineData("https://example.org", "http://example.org", true)]
    [InlineData("https://example.org:8443", "https://example.org:8443", true)]
    [InlineData("http://[2001:db8::1]:8081/status", "http://[2001:db8::1]:8081", true)]
    [InlineData("https://EXAMPLE.org:443", "https://example.org", true)]
    [InlineData("https://example.org", "https://example.org:8443", false)]
    [InlineData("https://example.org:8443", "https://example.org", false)]
    [InlineData("https://example.org", "https://evil.example", false)]
    public void The_public_address_is_ours_with_its_port_whatever_a_proxy_makes_of_the_host(string stated, string origin, bool isOurs)
    {
        foreach (var host in (string[])["127.0.0.1:8080", "outage_aggregator", ""])
            Assert.Equal(isOurs, new OwnAddresses(PublicUrl.Parse(stated, null), host, null, 8080).Include(origin));
    }

    [Fact]
    public void Where_the_public_address_is_stated_no_host_may_lack_a_port()
    {
        var own = new OwnAddresses(PublicUrl.Parse("https://example.org", null), "example.org", "example.org", 8080);

        Assert.True(own.Include("https://example.org"));
        Assert.False(own.Include("http://example.org:8081"));
        // Another name of the site's is its own as well, as it is where nothing is stated.
        Assert.True((own with { Host = "intranet:8080" }).Include("http://intranet:8080"));
    }

    [Theory]
    [InlineData("example.org:8081", true)]
    [InlineData("example.org", true)]
    [InlineData("Example.Org:8081", true)]
    [InlineData("example.org:8082", false)]
    [InlineData("evil.example:8081", false)]
    [InlineData("", false)]
    public void What_a_trusted_proxy_forwards_is_ours(string forwarded, bool isOurs) =>
        Assert.Equal(isOurs, new OwnAddresses(null, "127.0.0.1:8080", forwarded, 8080).Include("http://example.org:8081"));
}
