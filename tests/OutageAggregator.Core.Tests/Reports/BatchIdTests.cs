namespace OutageAggregator.Core.Tests.Reports;

public sealed class BatchIdTests
{
    private static readonly ServiceSlug s_chat = ServiceSlug.Parse("chatgpt");

    [Fact]
    public void An_id_that_leads_to_its_service_is_the_same_for_ever()
    {
        var id = BatchId.Of(new DateTimeOffset(2024, 11, 8, 12, 0, 0, TimeSpan.Zero), 0x1234_5678_9ABC_DEF0, s_chat);

        Assert.Equal("81930ba5420056789abcdef0adaad958", id.ToString());
        Assert.Equal(0xADAA_D958, id.ServiceHash);
    }

    [Theory]
    [InlineData("81930ba5420056789abcdef0adaad958", 1731067200000)]
    [InlineData("01930ba5420056789abcdef0adaad958", 1731067200000)]
    [InlineData("80000000000000000000000000000000", 0)]
    public void An_id_tells_when_its_batch_came(string text, long milliseconds)
    {
        Assert.True(BatchId.TryParse(text, out var id));
        Assert.Equal(milliseconds, id.At.ToUnixTimeMilliseconds());
    }

    [Fact]
    public void Any_id_tells_some_instant()
    {
        foreach (var value in (UInt128[])[UInt128.MaxValue, UInt128.MaxValue >> 1, 0])
            Assert.True(new BatchId(value).At >= DateTimeOffset.UnixEpoch);
    }

    [Fact]
    public void An_id_rules_other_services_out()
    {
        var id = BatchId.Of(DateTimeOffset.UnixEpoch, 0, s_chat);

        Assert.True(id.MayBeOf(s_chat));
        Assert.False(id.MayBeOf(ServiceSlug.Parse("claude")));
    }

    [Fact]
    public void An_id_of_an_earlier_version_may_be_of_any_service()
    {
        Assert.True(BatchId.TryParse("01930bad1c00ffffffffffffffffffff", out var id));

        Assert.Null(id.ServiceHash);
        Assert.True(id.MayBeOf(s_chat));
    }
}
