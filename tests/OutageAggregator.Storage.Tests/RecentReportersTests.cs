namespace OutageAggregator.Storage.Tests;

/// <summary>What the contract of the stores can't see: memory, undoing, and clocks that jump.</summary>
public sealed class RecentReportersTests
{
    private const long Minute = 60_000;
    private const long Start = 1_731_067_200_000;
    private readonly RecentReporters _recent = new(capacity: 50_000);

    [Fact]
    public void A_crowd_is_forgotten_within_an_hour()
    {
        for (var person = 0; person < 10_000; person++)
            Assert.True(Take(person, Start));

        Take(-1, Start + (31 * Minute));
        Take(-2, Start + (62 * Minute));

        Assert.Equal(2, _recent.Count);
    }

    [Fact]
    public void A_turn_is_remembered_over_the_change_of_generations()
    {
        Take(0, Start);
        Assert.True(Take(1, Start + (29 * Minute)));
        Assert.True(Take(2, Start + (31 * Minute)));

        Assert.False(Take(1, Start + (59 * Minute) - 1));
        Assert.True(Take(1, Start + (59 * Minute)));
    }

    [Fact]
    public void A_flood_of_reporters_takes_bounded_memory_and_the_newest_are_remembered()
    {
        for (var person = 0; person < 500_000; person++)
            Assert.True(Take(person, Start + (person / 1000)));

        Assert.InRange(_recent.Count, 50_000, 100_000);
        Assert.False(Take(499_999, Start + Minute));
        Assert.False(Take(450_001, Start + Minute));
    }

    [Fact]
    public void What_is_undone_was_never_taken()
    {
        Take(1, Start);
        _recent.Accept();
        Take(2, Start);
        Release(1, Start);
        Assert.True(Take(1, Start + 1));
        Assert.True(Take(3, Start + (31 * Minute)));

        _recent.Undo();

        Assert.False(Take(1, Start + 2));
        Assert.True(Take(2, Start + 2));
        Assert.True(Take(3, Start + (31 * Minute)));
    }

    [Fact]
    public void A_turn_taken_since_is_not_given_back()
    {
        Take(1, Start);
        Take(1, Start + (30 * Minute));

        Release(1, Start);

        Assert.False(Take(1, Start + (31 * Minute)));
    }

    [Fact]
    public void A_clock_set_back_a_little_still_excludes_and_set_back_far_starts_afresh()
    {
        Take(1, Start);

        Assert.False(Take(1, Start - (30 * Minute) + 1));
        Assert.True(Take(1, Start - (1440 * Minute)));
        Assert.False(Take(1, Start - (1439 * Minute)));
    }

    private bool Take(int person, long at) =>
        _recent.TryTake(_recent.NumberOf(ServiceSlug.Parse("chatgpt")), ReportKind.Down, new Reporter(7, (ulong)person), at, out _);

    private void Release(int person, long takenAt) =>
        _recent.Release(_recent.NumberOf(ServiceSlug.Parse("chatgpt")), ReportKind.Down, new Reporter(7, (ulong)person), takenAt);
}
