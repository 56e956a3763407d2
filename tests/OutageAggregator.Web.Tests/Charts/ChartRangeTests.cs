using OutageAggregator.Web.ChartNumbers;
using OutageAggregator.Web.Zones;

namespace OutageAggregator.Web.Tests.Charts;

public sealed class ChartRangeTests
{
    private static readonly Service s_chatgpt = TestKit.Web.TestCatalog.Create().Find(ServiceSlug.Parse("chatgpt"))!;

    public static TheoryData<string> Codes { get; } = [.. ChartRange.All.Select(r => r.Code)];

    [Fact]
    public void There_are_a_day_a_week_a_month_and_13_months() => Assert.Equal(["24h", "7d", "30d", "13mo"], Codes.Select(c => c.Data));

    [Theory]
    [MemberData(nameof(Codes))]
    public void No_range_has_more_than_400_bars_and_its_table_no_more_than_49_rows_of_round_lengths(string code)
    {
        var range = ChartRange.All.Single(r => r.Code == code);
        var from = ChartFixtures.Start.FloorTo(range.StepMinutes);
        var data = ChartFixtures.Of(new int[(range.Minutes / range.StepMinutes) + 1], range.StepMinutes) with { From = from };

        Assert.InRange(range.Minutes / range.StepMinutes, 200, 400);
        Assert.Equal(0, Minute.PerDay % range.StepMinutes);
        var rows = data.Rows(48, PageZone.Utc);
        Assert.InRange(rows.Length, 24, 49);
        Assert.Contains(rows[1].To - rows[1].From, new[] { 60, 240, Minute.PerDay, 14 * Minute.PerDay });
    }

    [Theory]
    [InlineData("24h", "5m")]
    [InlineData("7d", "30m")]
    // The API knows no two hours: what adds up to them.
    [InlineData("30d", "1h")]
    [InlineData("13mo", "1d")]
    public void The_api_is_asked_for_the_same_stretch_in_steps_that_it_knows(string code, string step)
    {
        var range = ChartRange.All.Single(r => r.Code == code);

        Assert.EndsWith($"&step={step}", ChartFixtures.Of(new int[10], range.StepMinutes).Query, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("world", null, null, "/services/chatgpt")]
    [InlineData("world", "24h", "", "/services/chatgpt")]
    [InlineData("world", "7d", null, "/services/chatgpt?range=7d")]
    [InlineData("world", "13MO", null, "/services/chatgpt?range=13mo")]
    [InlineData("IT", null, "LOGIN", "/services/chatgpt?region=IT&problem=login")]
    [InlineData("IT", "30d", "missing-data", "/services/chatgpt?region=IT&range=30d&problem=missing-data")]
    public void A_chart_has_one_address_however_it_is_written(string region, string? range, string? problem, string address)
    {
        var choice = ChartChoice.Of(Region.Parse(region), range, problem);

        Assert.Equal(address, choice.Address(s_chatgpt));
        Assert.False(choice.IsRangeUnknown || choice.IsProblemUnknown);
    }

    [Theory]
    [InlineData("2w", null)]
    [InlineData("7 days", "login")]
    [InlineData("-1", null)]
    [InlineData("24h,7d", null)]
    public void A_range_that_there_is_none_of_is_the_day_and_known_as_such(string range, string? problem)
    {
        var choice = ChartChoice.Of(Region.World, range, problem);

        Assert.True(choice.IsRangeUnknown && choice.Range.IsDay);
        Assert.Equal(problem is not null, choice.Problem is not null);
    }

    [Theory]
    [InlineData("log in")]
    [InlineData("down")]
    [InlineData("3")]
    public void A_problem_that_there_is_none_of_is_all_of_them_and_known_as_such(string problem)
    {
        var choice = ChartChoice.Of(Region.World, "7d", problem);

        Assert.True(choice.IsProblemUnknown && choice.Problem is null && !choice.IsRangeUnknown);
    }
}
