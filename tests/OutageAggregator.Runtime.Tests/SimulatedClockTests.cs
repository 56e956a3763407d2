using OutageAggregator.Contracts;

namespace OutageAggregator.Runtime.Tests;

public sealed class SimulatedClockTests
{
    private static readonly DateTimeOffset s_start = new(2024, 11, 8, 23, 50, 0, TimeSpan.Zero);

    private readonly ManualClock _real = new(s_start.AddYears(2));
    private readonly SimulatedClock _clock;

    public SimulatedClockTests() => _clock = new SimulatedClock(s_start, 60, _real);

    [Fact]
    public void It_runs_as_much_faster_as_it_is_told()
    {
        Pass(2.5);

        Assert.Equal(s_start.AddSeconds(150), _clock.GetUtcNow());
        Assert.Equal(TimeSpan.FromSeconds(150), _clock.GetElapsedTime(0, _clock.GetTimestamp()));
    }

    [Fact]
    public void It_stands_still_where_it_waits_and_goes_on_from_there()
    {
        _clock.WaitAt(s_start.AddMinutes(1));
        Pass(0.5);
        Assert.Equal(s_start.AddSeconds(30), _clock.GetUtcNow());
        Pass(7);
        Assert.Equal(s_start.AddMinutes(1), _clock.GetUtcNow());
        Assert.Equal(TimeSpan.FromMinutes(1), _clock.GetElapsedTime(0, _clock.GetTimestamp()));

        _clock.WaitAt(s_start.AddMinutes(2));

        Assert.Equal(s_start.AddMinutes(1), _clock.GetUtcNow());
        Pass(0.25);
        Assert.Equal(s_start.AddSeconds(75), _clock.GetUtcNow());
    }

    [Fact]
    public void Who_names_the_next_instant_in_time_does_not_slow_it_down()
    {
        for (var minute = 1; minute <= 10; minute++)
        {
            _clock.WaitAt(s_start.AddMinutes(minute));
            Pass(1);
        }

        Assert.Equal(s_start.AddMinutes(10), _clock.GetUtcNow());
    }

    [Fact]
    public void It_never_goes_back_to_an_instant_that_has_passed()
    {
        Pass(3);

        _clock.WaitAt(s_start.AddMinutes(1));

        Assert.Equal(s_start.AddMinutes(3), _clock.GetUtcNow());
        Pass(1);
        Assert.Equal(s_start.AddMinutes(3), _clock.GetUtcNow());
    }

    [Fact]
    public void A_held_one_shows_its_start_until_it_is_let_go_from_where_others_are()
    {
        var held = new SimulatedClock(s_start, 60, _real) { IsHeld = true };
        Pass(5);
        Assert.True(held.IsHeld);
        Assert.Equal(s_start, held.GetUtcNow());

        held.Go(TimeSpan.FromSeconds(2));

        Assert.False(held.IsHeld);
        Assert.Equal(s_start.AddMinutes(2), held.GetUtcNow());
        Pass(1);
        Assert.Equal(s_start.AddMinutes(3), held.GetUtcNow());
    }

    private void Pass(double seconds) => _real.Advance(TimeSpan.FromSeconds(seconds));
}
