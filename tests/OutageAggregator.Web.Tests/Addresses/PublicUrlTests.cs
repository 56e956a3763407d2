using OutageAggregator.Web.Addresses;

namespace OutageAggregator.Web.Tests.Addresses;

public sealed class PublicUrlTests
{
    [Theory]
    [InlineData("https://example.org", "https://example.org")]
    [InlineData("https://example.org/", "https://example.org")]
    [InlineData("HTTPS://Example.ORG", "https://example.org")]
    [InlineData("https://example.org:443", "https://example.org")]
    [InlineData("http://example.org:80/", "http://example.org")]
    [InlineData("http://example.org:8080", "http://example.org:8080")]
    [InlineData("https://example.org/status", "https://example.org/status")]
    [InlineData("https://example.org/status/", "https://example.org/status")]
    [InlineData("https://example.org/Tools/out-ages_1.0~", "https://example.org/Tools/out-ages_1.0~")]
    [InlineData("http://[2001:DB8:0::1]:8081/status", "http://[2001:db8::1]:8081/status")]
    [InlineData("http://192.0.2.7:8080", "http://192.0.2.7:8080")]
    [InlineData("http://status", "http://status")]
    [InlineData("https://störung.example", "https://xn--strung-xxa.example")]
    public void An_address_is_read_and_written_in_one_form(string text, string written)
    {
        Assert.True(PublicUrl.TryParse(text, null, out var url));
        Assert.Equal(written, url.ToString());
        Assert.Equal(url, PublicUrl.Parse(written, null));
    }

    [Theory]
    [InlineData("")]
    [InlineData("example.org")]
    [InlineData("//example.org")]
    [InlineData("https:example.org")]
    [InlineData("https://")]
    [InlineData("https:///status")]
    [InlineData("ftp://example.org")]
    [InlineData("javascript://example.org")]
    [InlineData("https://example.org?x=1")]
    [InlineData("https://example.org/#top")]
    [InlineData("https://user@example.org")]
    [InlineData("https://user:secret@example.org")]
    [InlineData("https://example.org:0")]
    [InlineData("https://example.org:70000")]
    [InlineData("https://example.org:port")]
    [InlineData("https://exam ple.org")]
    [InlineData(" https://example.org")]
    [InlineData("https://example.org ")]
    [InlineData("https://example.org\n")]
    [InlineData("https://*")]
    [InlineData("https://+:8080")]
    [InlineData("http://0.0.0.0:8080")]
    [InlineData("http://[::]:8080")]
    [InlineData("http://[::1")]
    [InlineData("http://[fe80::1%25eth0]")]
    [InlineData(@"https:\\example.org")]
    [InlineData(@"https://example.org\status")]
    [InlineData("https://example.org//status")]
    [InlineData("https://example.org/status//")]
    [InlineData("https://example.org/a/../b")]
    [InlineData("https://example.org/./status")]
    [InlineData("https://example.org/..")]
    [InlineData("https://example.org/st%61tus")]
    [InlineData("https://example.org/störung")]
    [InlineData("https://example.org/a\"b")]
    [InlineData("https://example.org/https://example.org")]
    [InlineData(null)]
    public void What_is_none_is_refused(string? text) => Assert.False(PublicUrl.TryParse(text, null, out _));
}
