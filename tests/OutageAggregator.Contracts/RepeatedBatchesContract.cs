using OutageAggregator.Storage;

namespace OutageAggregator.Contracts;

/// <summary>What everyone promises who remembers repeatable batches.</summary>
public abstract class RepeatedBatchesContract
{
    private static readonly DateTimeOffset s_now = new(2024, 11, 9, 0, 10, 0, 123, TimeSpan.Zero);
    private static readonly CancellationToken s_none = CancellationToken.None;

    /// <summary>Opens the memory; the second time over what the first one noted, which may still be open.</summary>
    protected abstract IRepeatedBatches Open();

    [Fact]
    public async Task The_first_to_see_a_batch_says_when_it_was_seen()
    {
        var batches = Open();

        Assert.Equal(new BatchMemory(s_now, IsSameBody: true), await batches.BeginAsync(1, 10, s_now, s_none));
        Assert.Equal(new BatchMemory(s_now, IsSameBody: true), await batches.BeginAsync(1, 10, s_now.AddHours(23), s_none));
        Assert.Equal(new BatchMemory(s_now.AddHours(1), IsSameBody: true), await batches.BeginAsync(2, 10, s_now.AddHours(1), s_none));
    }

    [Fact]
    public async Task Another_body_is_told_apart_and_changes_nothing()
    {
        var batches = Open();
        _ = await batches.BeginAsync(1, 10, s_now, s_none);

        Assert.Equal(new BatchMemory(s_now, IsSameBody: false), await batches.BeginAsync(1, 11, s_now.AddMinutes(1), s_none));
        Assert.Equal(new BatchMemory(s_now, IsSameBody: true), await batches.BeginAsync(1, 10, s_now.AddMinutes(2), s_none));
    }

    [Fact]
    public async Task All_bits_of_a_name_and_a_body_count()
    {
        var batches = Open();
        _ = await batches.BeginAsync(UInt128.MaxValue, UInt128.MaxValue, s_now, s_none);

        Assert.False((await batches.BeginAsync(UInt128.MaxValue, UInt128.MaxValue >> 1, s_now, s_none)).IsSameBody);
        Assert.Equal(s_now.AddMinutes(1), (await batches.BeginAsync(UInt128.MaxValue >> 1, UInt128.MaxValue, s_now.AddMinutes(1), s_none)).SeenAt);
        Assert.True((await batches.BeginAsync(UInt128.MaxValue, UInt128.MaxValue, s_now, s_none)).IsSameBody);
    }

    [Fact]
    public async Task An_instant_is_one_whatever_offset_it_is_told_with()
    {
        var batches = Open();

        Assert.Equal(TimeSpan.Zero, (await batches.BeginAsync(1, 10, s_now.ToOffset(TimeSpan.FromHours(2)), s_none)).SeenAt.Offset);
        Assert.Equal(s_now, (await batches.BeginAsync(1, 10, s_now.AddHours(1), s_none)).SeenAt);
    }

    [Fact]
    public async Task It_is_remembered_by_the_next_who_opens_it()
    {
        var before = Open();
        _ = await before.BeginAsync(1, 10, s_now, s_none);
        (before as IDisposable)?.Dispose();

        Assert.Equal(new BatchMemory(s_now, IsSameBody: false), await Open().BeginAsync(1, 11, s_now.AddHours(1), s_none));
    }

    [Fact]
    public async Task Of_all_who_see_it_at_once_one_is_the_first()
    {
        var batches = Open();

        var seen = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => Task.Run(() => batches.BeginAsync(1, (UInt128)i, s_now.AddSeconds(i), s_none))));

        var first = Assert.Single(seen.Index(), s => s.Item.IsSameBody);
        Assert.All(seen, s => Assert.Equal(s_now.AddSeconds(first.Index), s.SeenAt));
    }
}
