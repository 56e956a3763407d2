using OutageAggregator.Contracts;
using OutageAggregator.Storage.Redis.Client;
using static OutageAggregator.Storage.Tests.Redis.Example;

namespace OutageAggregator.Storage.Tests.Redis;

public sealed class SecondLookTests
{
    private static readonly TimeSpan s_time = TimeSpan.FromSeconds(3);

    private readonly ManualClock _clock = new(Noon);
    private readonly TaskCompletionSource<int> _answer = new();

    [Fact]
    public async Task An_answer_that_is_found_right_after_the_time_is_one()
    {
        var waiting = SecondLook.WaitAsync(_answer.Task, s_time, _clock, None);
        _clock.Advance(s_time);
        _answer.SetResult(7);
        Assert.Equal(7, await waiting);
    }

    [Fact]
    public async Task No_answer_is_told_when_the_time_is_over()
    {
        var waiting = SecondLook.WaitAsync(_answer.Task, s_time, _clock, None);
        _clock.Advance(s_time - TimeSpan.FromMilliseconds(1));
        Assert.False(waiting.IsCompleted);
        // Whenever it begins to look again.
        for (var i = 0; i < 10_000 && !waiting.IsCompleted; i++)
        {
            _clock.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Yield();
        }
        Assert.True(waiting.IsCompleted);
        await Assert.ThrowsAsync<TimeoutException>(() => waiting);
    }

    [Fact]
    public async Task Where_there_is_no_use_in_waiting_neither_look_is_waited_for()
    {
        using var hopeless = new CancellationTokenSource();
        var first = SecondLook.WaitAsync(_answer.Task, s_time, _clock, hopeless.Token);
        var second = SecondLook.WaitAsync(_answer.Task, TimeSpan.Zero, _clock, hopeless.Token);
        await hopeless.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
    }
}
