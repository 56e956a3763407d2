using OutageAggregator.Web.Words;

namespace OutageAggregator.Web.Tests.Words;

public sealed class PercentTests
{
    [Theory]
    [InlineData(0, "0 %")]
    [InlineData(0.0001, "less than 1 %")]
    [InlineData(0.37, "37 %")]
    [InlineData(0.994, "99 %")]
    [InlineData(0.9992, "over 99 %")]
    [InlineData(0.9999999, "over 99 %")]
    [InlineData(1, "100 %")]
    public void A_share_is_all_or_none_only_where_it_is(double share, string told) => Assert.Equal(told, Languages.English.Percent(share));
}
