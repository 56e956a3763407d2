using OutageAggregator.Core.Watching;
using OutageAggregator.Runtime.Watching;
using OutageAggregator.Storage;

namespace OutageAggregator.Runtime.Tests.Watching;

/// <summary>A region's watch apart from its service's: whatever gets lost between them and the store, the store is right.</summary>
public sealed class RegionHostTests
{
    private readonly HostWorld _world = new();

    [Fact]
    public async Task A_batch_that_was_stored_though_its_answer_was_lost_is_read_from_the_store()
    {
        var began = _world.Now;
        var region = await _world.LoadRegionAsync();
        var batch = _world.Batch(7);
        _world.Counts.Loses = Loss.Answer;
        _ = await Assert.ThrowsAsync<StoreUnavailableException>(() => region.RecordAsync(batch, HostWorld.None));
        _world.Counts.Loses = Loss.Nothing;

        _world.PassMinutes(1);
        Assert.Equal(7, Reports(Assert.Single(await CloseAsync(region, _world.Since(began)))));
    }

    [Fact]
    public async Task A_batch_that_is_sent_again_for_lack_of_an_answer_counts_once()
    {
        var began = _world.Now;
        var region = await _world.LoadRegionAsync();
        var batch = _world.Batch(7);
        _world.Counts.Loses = Loss.Answer;
        _ = await Assert.ThrowsAsync<StoreUnavailableException>(() => region.RecordAsync(batch, HostWorld.None));
        _world.Counts.Loses = Loss.Nothing;

        Assert.True((await region.RecordAsync(batch, HostWorld.None)).IsRepeat);
        _ = await region.RecordAsync(_world.Batch(2), HostWorld.None);

        _world.PassMinutes(1);
        Assert.Equal(9, Reports(Assert.Single(await CloseAsync(region, _world.Since(began)))));
    }

    [Fact]
    public async Task A_batch_that_never_got_there_is_not_counted()
    {
        var began = _world.Now;
        var region = await _world.LoadRegionAsync();
        _world.Counts.Loses = Loss.Batch;
        _ = await Assert.ThrowsAsync<StoreUnavailableException>(() => region.RecordAsync(_world.Batch(7), HostWorld.None));
        _world.Counts.Loses = Loss.Nothing;
        _ = await region.RecordAsync(_world.Batch(2), HostWorld.None);

        _world.PassMinutes(1);
        Assert.Equal(2, Reports(Assert.Single(await CloseAsync(region, _world.Since(began)))));
    }

    [Fact]
    public async Task What_can_not_be_read_yet_is_read_with_a_later_call()
    {
        var began = _world.Now;
        var region = await _world.LoadRegionAsync();
        _world.Counts.Loses = Loss.AnswerAndReads;
        _ = await Assert.ThrowsAsync<StoreUnavailableException>(() => region.RecordAsync(_world.Batch(7), HostWorld.None));
        _world.PassMinutes(1);
        // Its service asks again, and judges the minute when it is known.
        Assert.Null(await region.CloseAsync(_world.Since(began), HostWorld.None));
        _world.Counts.Loses = Loss.Nothing;

        Assert.Equal(7, Reports(Assert.Single(await CloseAsync(region, _world.Since(began)))));
    }

    [Fact]
    public async Task A_batch_that_another_host_stored_is_read_from_the_store()
    {
        // The host of before was still writing while this one was loaded on another node.
        var began = _world.Now;
        var before = await _world.LoadRegionAsync();
        var region = await _world.LoadRegionAsync();
        var batch = _world.Batch(7);
        _ = await before.RecordAsync(batch, HostWorld.None);

        Assert.True((await region.RecordAsync(batch, HostWorld.None)).IsRepeat);

        _world.PassMinutes(1);
        Assert.Equal(7, Reports(Assert.Single(await CloseAsync(region, _world.Since(began)))));
    }

    [Fact]
    public async Task A_report_that_was_taken_back_is_read_so()
    {
        var began = _world.Now;
        var region = await _world.LoadRegionAsync();
        var batch = _world.Batch(7);
        _ = await region.RecordAsync(batch, HostWorld.None);
        _ = await _world.Counts.WithdrawAsync(new ReportId(batch.Id, 3), HostWorld.None);

        region.Changed(began);

        _world.PassMinutes(1);
        Assert.Equal(6, Reports(Assert.Single(await CloseAsync(region, _world.Since(began)))));
    }

    [Fact]
    public async Task Asked_a_second_time_it_tells_the_same_readings_again()
    {
        var began = _world.Now;
        var region = await _world.LoadRegionAsync();
        _ = await region.RecordAsync(_world.Batch(7), HostWorld.None);
        _world.PassMinutes(3);
        var told = await CloseAsync(region, _world.Since(began));
        _world.PassMinutes(1);

        var again = await CloseAsync(region, _world.Since(began + 1));

        Assert.Equal([began + 1, began + 2, began + 3], told.Select(r => r.End));
        Assert.Equal([began + 2, began + 3, began + 4], again.Select(r => r.End));
        Assert.Equal(told[^1].Reports, again[1].Reports);
        Assert.Equal(told[^1].Verdict, again[1].Verdict);
    }

    [Fact]
    public async Task Asked_for_many_minutes_at_once_it_tells_all_of_them()
    {
        var began = _world.Now;
        var region = await _world.LoadRegionAsync();
        _ = await region.RecordAsync(_world.Batch(7), HostWorld.None);
        _world.PassMinutes(9);

        var told = await CloseAsync(region, _world.Since(began));

        Assert.Equal(Enumerable.Range(1, 9).Select(i => began + i), told.Select(r => r.End));
    }

    [Fact]
    public async Task A_region_that_closed_nothing_since_it_was_loaded_has_nothing_to_tell()
    {
        _ = await (await _world.LoadRegionAsync()).RecordAsync(_world.Batch(7), HostWorld.None);
        _world.PassMinutes(1);
        var region = await _world.LoadRegionAsync();

        Assert.Empty(await CloseAsync(region, _world.Since(_world.Now - 1)));
    }

    [Fact]
    public async Task A_region_that_fell_behind_catches_up_and_tells_what_it_was_asked_for()
    {
        var began = _world.Now;
        var region = await _world.LoadRegionAsync();
        _ = await region.RecordAsync(_world.Batch(7), HostWorld.None);
        _world.PassMinutes(5);

        var reading = Assert.Single(await CloseAsync(region, _world.Since(began + 4)));

        Assert.Equal(began + 5, reading.End);
        Assert.Equal(7, reading.Reports[began - reading.From]);
    }

    [Fact]
    public async Task It_is_left_alone_when_two_minutes_passed_without_a_call_of_its_service()
    {
        var region = await _world.LoadRegionAsync();
        Assert.False(region.IsLeftAlone);
        _world.PassMinutes(1);
        Assert.False(region.IsLeftAlone);
        _world.PassMinutes(1);
        Assert.True(region.IsLeftAlone);

        _ = await region.CloseAsync(_world.Since(_world.Now - 2), HostWorld.None);
        Assert.False(region.IsLeftAlone);
    }

    private static async Task<IReadOnlyList<RegionReading>> CloseAsync(RegionHost region, ClosingMinutes minutes)
    {
        var readings = await region.CloseAsync(minutes, HostWorld.None);
        Assert.NotNull(readings);
        return readings;
    }

    private static int Reports(RegionReading reading)
    {
        var sum = 0;
        foreach (var count in reading.Reports)
            sum += count;
        return sum;
    }
}
