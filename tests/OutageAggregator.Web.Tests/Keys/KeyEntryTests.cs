using System.ComponentModel.DataAnnotations;
using System.Security.Cryptography;
using OutageAggregator.Web.Keys;

namespace OutageAggregator.Web.Tests.Keys;

public sealed class KeyEntryTests
{
    private const string Secret = "key:correct-horse-battery-staple";

    private static bool IsTaken(params string[] lines)
    {
        var settings = new KeySettings { Keys = [.. lines.Select(l => KeyEntry.Parse(l, CultureInfo.InvariantCulture))] };
        return Validator.TryValidateObject(settings, new ValidationContext(settings), null, validateAllProperties: true);
    }

    [Fact]
    public void A_line_holds_a_name_its_scopes_and_a_secret_or_its_hash()
    {
        Assert.True(IsTaken($"newsroom ingest,statements {Secret}"));
        Assert.True(IsTaken($"newsroom ingest sha256:{Convert.ToHexStringLower(SHA256.HashData("x"u8))}", $"other admin {Secret}"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("newsroom")]
    [InlineData("newsroom ingest")]
    [InlineData("newsroom ingest key:too-short")]
    [InlineData("newsroom ingest sha256:abc")]
    [InlineData("newsroom everything key:correct-horse-battery-staple")]
    [InlineData("News ingest key:correct-horse-battery-staple")]
    [InlineData("newsroom ingest key:correct horse battery staple")]
    public void A_line_that_is_none_is_refused_and_never_quoted_with_its_secret(string line)
    {
        Assert.False(IsTaken(line));
        Assert.DoesNotContain("horse", KeyEntry.Parse(line, CultureInfo.InvariantCulture).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_can_not_be_given_twice() => Assert.False(IsTaken($"newsroom ingest {Secret}", $"newsroom admin {Secret}2"));
}
