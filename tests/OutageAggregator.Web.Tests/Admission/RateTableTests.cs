using OutageAggregator.Web.Admission;

namespace OutageAggregator.Web.Tests.Admission;

public sealed class RateTableTests
{
    private const long Start = 1_000_000L * 60_000;

    private readonly RateTable _table = new();

    private int TakeAll(UInt128 caller, int limit, long now)
    {
        var taken = 0;
        while (_table.Take(caller, 1, limit, now).Allowed)
            taken++;
        return taken;
    }

    [Fact]
    public void A_caller_gets_as_many_as_the_limit_and_no_more() => Assert.Equal(30, TakeAll(7, 30, Start));

    [Fact]
    public void What_remains_counts_down_to_zero()
    {
        Assert.Equal(new RateVerdict(true, 2, 120, 0), _table.Take(7, 1, 3, Start));
        Assert.Equal(1, _table.Take(7, 1, 3, Start).Remaining);
        Assert.Equal(0, _table.Take(7, 1, 3, Start).Remaining);
        Assert.False(_table.Take(7, 1, 3, Start).Allowed);
    }

    [Fact]
    public void Callers_and_policies_are_counted_apart()
    {
        TakeAll(7, 30, Start);
        Assert.Equal(30, TakeAll(8, 30, Start));
        Assert.True(_table.Take(7, 2, 30, Start).Allowed);
    }

    [Fact]
    public void The_turn_of_a_minute_allows_no_second_burst()
    {
        Assert.Equal(30, TakeAll(7, 30, Start + 59_999));
        Assert.Equal(0, TakeAll(7, 30, Start + 60_000));
        Assert.InRange(TakeAll(7, 30, Start + 90_000), 14, 16);
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(30, 0)]
    [InlineData(30, 45_000)]
    [InlineData(30_000, 59_999)]
    public void Who_waits_as_long_as_told_is_allowed_one_more_and_not_sooner(int limit, int into)
    {
        TakeAll(7, limit, Start + into);
        var refused = _table.Take(7, 1, limit, Start + into);
        Assert.False(refused.Allowed);
        Assert.InRange(refused.RetrySeconds, 1, 120);
        Assert.True(_table.Take(7, 1, limit, Start + into + (refused.RetrySeconds * 1000L)).Allowed);
    }

    [Fact]
    public void Refused_requests_do_not_push_the_next_chance_away()
    {
        TakeAll(7, 30, Start);
        for (var i = 0; i < 1000; i++)
            _ = _table.Take(7, 1, 30, Start + 30_000);
        Assert.Equal(30, TakeAll(7, 30, Start + 120_000));
    }

    [Fact]
    public void A_caller_is_forgotten_after_two_minutes() =>
        Assert.Equal((30, 30), (TakeAll(7, 30, Start), TakeAll(7, 30, Start + 120_000)));

    [Fact]
    public void A_million_other_callers_do_not_let_a_busy_one_start_anew()
    {
        TakeAll(7, 1000, Start);
        for (var other = 1000UL; other < 1_001_000; other++)
            _ = _table.Take(other, 1, 1000, Start + 1000);
        Assert.False(_table.Take(7, 1, 1000, Start + 2000).Allowed);
    }

    [Fact]
    public async Task Many_at_once_get_exactly_the_limit()
    {
        var taken = 0;
        await Parallel.ForEachAsync(Enumerable.Range(0, 4000), (_, _) =>
        {
            if (_table.Take(7, 1, 1000, Start).Allowed)
                Interlocked.Increment(ref taken);
            return ValueTask.CompletedTask;
        });
        Assert.Equal(1000, taken);
    }
}
