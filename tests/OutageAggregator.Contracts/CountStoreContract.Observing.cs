namespace OutageAggregator.Contracts;

/// <summary>This part: which minutes were observed, so that a gap is not taken for a quiet hour.</summary>
public abstract partial class CountStoreContract
{
    [Fact]
    public async Task Instants_of_the_same_and_of_following_minutes_are_one_stretch()
    {
        foreach (var seconds in (int[])[0, 5, 30, 59, 61, 125, 179])
            await Store.ObserveAsync(Noon.AddSeconds(seconds), None);

        Assert.Equal([new MinuteRange(NoonAnd(0), NoonAnd(3))], await Observed());
    }

    [Fact]
    public async Task A_minute_never_noted_is_a_gap()
    {
        await Store.ObserveAsync(Noon, None);
        await Store.ObserveAsync(Noon.AddMinutes(1), None);
        await Store.ObserveAsync(Noon.AddMinutes(3), None);

        Assert.Equal([new MinuteRange(NoonAnd(0), NoonAnd(2)), new MinuteRange(NoonAnd(3), NoonAnd(4))], await Observed());
    }

    [Fact]
    public async Task A_note_that_fills_a_gap_joins_its_sides()
    {
        await Store.ObserveAsync(Noon, None);
        await Store.ObserveAsync(Noon.AddMinutes(2), None);
        await Store.ObserveAsync(Noon.AddMinutes(1), None);

        Assert.Equal([new MinuteRange(NoonAnd(0), NoonAnd(3))], await Observed());
    }

    [Fact]
    public async Task Imported_stretches_that_overlap_or_touch_are_one()
    {
        await Store.ObserveAsync(new MinuteRange(NoonAnd(-100), NoonAnd(-80)), None);
        await Store.ObserveAsync(new MinuteRange(NoonAnd(-60), NoonAnd(-40)), None);
        await Store.ObserveAsync(new MinuteRange(NoonAnd(10), NoonAnd(20)), None);
        Assert.Equal(3, (await Observed()).Count);

        await Store.ObserveAsync(new MinuteRange(NoonAnd(-80), NoonAnd(-50)), None);
        await Store.ObserveAsync(new MinuteRange(NoonAnd(12), NoonAnd(15)), None);
        await Store.ObserveAsync(new MinuteRange(NoonAnd(15), NoonAnd(15)), None);
        Assert.Equal([new MinuteRange(NoonAnd(-100), NoonAnd(-40)), new MinuteRange(NoonAnd(10), NoonAnd(20))], await Observed());

        await Store.ObserveAsync(new MinuteRange(NoonAnd(-500), NoonAnd(500)), None);
        Assert.Equal([new MinuteRange(NoonAnd(-500), NoonAnd(500))], await Observed());
    }

    [Fact]
    public async Task Stretches_are_clipped_to_what_is_asked_for()
    {
        await Store.ObserveAsync(new MinuteRange(NoonAnd(0), NoonAnd(10)), None);
        await Store.ObserveAsync(new MinuteRange(NoonAnd(20), NoonAnd(30)), None);

        Assert.Equal(
            [new MinuteRange(NoonAnd(5), NoonAnd(10)), new MinuteRange(NoonAnd(20), NoonAnd(25))],
            await Store.ReadObservedAsync(NoonAnd(5), NoonAnd(25), None));
        Assert.Empty(await Store.ReadObservedAsync(NoonAnd(10), NoonAnd(20), None));
        Assert.Empty(await Store.ReadObservedAsync(NoonAnd(5), NoonAnd(5), None));
    }

    [Fact]
    public async Task The_newest_instant_noted_is_known_whatever_the_order()
    {
        await Store.ObserveAsync(new MinuteRange(NoonAnd(0), NoonAnd(500)), None);
        Assert.Null(await Store.LastObservedAsync(None));

        await Store.ObserveAsync(Noon.AddSeconds(10), None);
        await Store.ObserveAsync(Noon.AddSeconds(25.125), None);
        await Store.ObserveAsync(Noon.AddSeconds(20), None);

        Assert.Equal(Noon.AddSeconds(25.125), await Store.LastObservedAsync(None));
    }

    private Task<IReadOnlyList<MinuteRange>> Observed() => Store.ReadObservedAsync(NoonAnd(-1000), NoonAnd(1000), None);
}
