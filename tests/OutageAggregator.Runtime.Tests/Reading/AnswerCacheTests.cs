using OutageAggregator.Contracts;
using OutageAggregator.Runtime.Reading;
using OutageAggregator.Storage;

namespace OutageAggregator.Runtime.Tests.Reading;

public sealed class AnswerCacheTests
{
    private static readonly CancellationToken s_none = CancellationToken.None;

    private readonly ManualClock _clock = new(new DateTimeOffset(2024, 11, 9, 0, 20, 30, TimeSpan.Zero));
    private int _looks;
    private bool _isAway;

    [Fact]
    public async Task The_last_answer_serves_while_the_store_is_away_and_the_store_is_asked_once_a_lifetime()
    {
        var cache = new AnswerCache<string, int>(_clock, TimeSpan.FromSeconds(1), 4, keepsLast: true);
        Assert.Equal(1, await cache.GetAsync("a", LookAsync, s_none));
        _isAway = true;
        Assert.False(cache.IsAway);

        for (var second = 0; second < 3; second++)
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            Assert.Equal(1, await cache.GetAsync("a", LookAsync, s_none));
            Assert.Equal(1, await cache.GetAsync("a", LookAsync, s_none));
            Assert.True(cache.IsAway);
        }
        Assert.Equal(4, _looks);
        // Who has just reported asks for a new one, and gets what there is.
        cache.Forget("a");
        Assert.Equal(1, await cache.GetAsync("a", LookAsync, s_none));
        Assert.Equal(5, _looks);

        _isAway = false;
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(6, await cache.GetAsync("a", LookAsync, s_none));
        Assert.False(cache.IsAway);
    }

    [Fact]
    public async Task What_was_never_known_is_not_made_up()
    {
        var cache = new AnswerCache<string, int>(_clock, TimeSpan.FromSeconds(1), 4, keepsLast: true);
        _isAway = true;
        await Assert.ThrowsAsync<StoreUnavailableException>(async () => await cache.GetAsync("a", LookAsync, s_none));
        Assert.True(cache.IsAway);
    }

    [Fact]
    public async Task An_answer_that_is_told_without_its_age_does_not_outlive_it()
    {
        var cache = new AnswerCache<string, int>(_clock, TimeSpan.FromSeconds(1), 4);
        _ = await cache.GetAsync("a", LookAsync, s_none);
        _isAway = true;
        _clock.Advance(TimeSpan.FromSeconds(1));
        await Assert.ThrowsAsync<StoreUnavailableException>(async () => await cache.GetAsync("a", LookAsync, s_none));
    }

    private Task<int> LookAsync(string key)
    {
        _looks++;
        return _isAway ? Task.FromException<int>(new StoreUnavailableException("Away.")) : Task.FromResult(_looks);
    }
}
