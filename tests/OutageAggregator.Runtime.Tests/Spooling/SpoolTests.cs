using OutageAggregator.Storage;
using OutageAggregator.Storage.Spool;
using static OutageAggregator.TestKit.Stores.Example;

namespace OutageAggregator.Runtime.Tests.Spooling;

/// <summary>What the store can't take is kept, and counted once when it can: in order, in its own minute, through a restart.</summary>
public sealed class SpoolTests : IAsyncLifetime
{
    private static readonly CancellationToken s_none = CancellationToken.None;

    private readonly SpoolWorld _world = new();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task While_the_store_takes_reports_the_spool_is_not_in_the_way()
    {
        var receipt = await _world.Watches.RecordAsync(Batch(Chat, Noon, Down(1)), s_none);

        Assert.False(receipt.IsProvisional);
        Assert.True(_world.Spool.IsEmpty);
        Assert.Equal(1, await CountAsync(_world.Store, Chat));
    }

    [Fact]
    public void Its_spacing_is_that_of_the_watches_behind_it()
    {
        _world.Door.Spacing = TimeSpan.FromMilliseconds(7);
        Assert.Equal(TimeSpan.FromMilliseconds(7), _world.Watches.Spacing);
    }

    [Fact]
    public async Task What_the_store_can_not_take_is_kept_and_counted_in_its_own_minute_when_it_can()
    {
        _world.Door.IsAway = true;
        var late = new Report(new Reporter(1, 2), ReportCell.Of(ReportKind.Down, Problem.Slow, Surface.Ios, late: true), NoonAnd(-30), new Remark("“è giù” 🙃", Claude.Service));
        var receipt = await _world.Watches.RecordAsync(Batch(Chat, Noon.AddMilliseconds(7), Down(1, -2), late), s_none);

        Assert.True(receipt.IsProvisional);
        Assert.False(receipt.IsRepeat);
        Assert.Equal(Noon.AddMilliseconds(7), receipt.ReceivedAt);
        Assert.Equal([new Receipt(ReportOutcome.Counted, Noon.AddMilliseconds(7).AddMinutes(30)), new Receipt(ReportOutcome.Late, Noon.AddMilliseconds(7).AddMinutes(30))], receipt.Receipts);
        Assert.Equal(2, _world.Spool.Reports);

        _world.Door.IsAway = false;
        await _world.DrainAsync();

        var points = await _world.Store.ReadSeriesAsync(Chat, NoonAnd(-60), NoonAnd(1), 1, default, s_none);
        Assert.Equal([(NoonAnd(-30), 0, 1), (NoonAnd(-2), 1, 0)], points.Select(p => (p.Start, p.Counts.Reports, p.Counts.Late)));
        Assert.Equal(0, _world.Spool.Reports);
        // A minute in which a report came in was one in which reports could be taken.
        Assert.Equal([new MinuteRange(NoonAnd(0), NoonAnd(1))], await _world.Store.ReadObservedAsync(NoonAnd(-60), NoonAnd(60), s_none));
    }

    [Fact]
    public void Words_and_all_else_come_back_as_they_were()
    {
        Report[] reports =
        [
            Down(1), Down(2, -1440, new Remark("", null)), Down(3, 2, new Remark(null, Claude.Service)), Down(4, 0, new Remark(new string('é', 280), Chat.Service)),
            new(new Reporter(ulong.MaxValue, 0), ReportCell.Of(ReportKind.Back, Problem.Other, Surface.Api), NoonAnd(1)),
        ];
        var batch = Batch(Chat, Noon, reports);

        Assert.Equal(reports, PackedBatch.Unpack(PackedBatch.Pack(batch), Noon));
        Assert.Throws<InvalidDataException>(() => PackedBatch.Unpack(PackedBatch.Pack(batch).AsSpan()[..^1], Noon));
    }

    [Fact]
    public async Task Nothing_overtakes_what_waits_of_its_service_and_other_services_do_not_wait()
    {
        _world.Door.IsAway = true;
        List<ReportBatch> batches = [Batch(Chat, Noon, Down(1)), Batch(Chat, Noon.AddMinutes(20), Down(1)), Batch(Chat, Noon.AddMinutes(31), Down(1))];
        _ = await _world.Watches.RecordAsync(batches[0], s_none);
        _world.Door.IsAway = false;

        Assert.True((await _world.Watches.RecordAsync(batches[1], s_none)).IsProvisional);
        Assert.True((await _world.Watches.RecordAsync(batches[2], s_none)).IsProvisional);
        var other = Batch(Claude, Noon, Down(1));
        Assert.False((await _world.Watches.RecordAsync(other, s_none)).IsProvisional);
        await _world.DrainAsync();

        Assert.Equal([other.Id, .. batches.Select(b => b.Id)], _world.Door.Stored);
        // The second press is a duplicate of the first, and the third is none: as if the store had been there.
        Assert.Equal(2, await CountAsync(_world.Store, Chat));
        Assert.False((await _world.Watches.RecordAsync(Batch(Chat, Noon.AddMinutes(70), Down(1)), s_none)).IsProvisional);
    }

    [Fact]
    public async Task What_waits_survives_a_restart()
    {
        _world.Door.IsAway = true;
        for (var i = 0; i < 20; i++)
            _ = await _world.Watches.RecordAsync(Batch(i % 2 == 0 ? Chat : Claude, Noon.AddSeconds(i), Down(i)), s_none);
        await _world.RestartAsync();
        Assert.Equal(20, _world.Spool.Reports);
        Assert.True((await _world.Watches.RecordAsync(Batch(Chat, Noon.AddMinutes(1), Down(100)), s_none)).IsProvisional);

        _world.Door.IsAway = false;
        await _world.DrainAsync();

        Assert.Equal((11, 10), (await CountAsync(_world.Store, Chat), await CountAsync(_world.Store, Claude)));
        await _world.RestartAsync();
        Assert.True(_world.Spool.IsEmpty);
    }

    [Fact]
    public async Task A_batch_that_was_stored_though_nobody_could_say_so_is_counted_once()
    {
        _world.Door.LosesAnswers = true;
        Assert.True((await _world.Watches.RecordAsync(Batch(Chat, Noon, Down(1), Down(2)), s_none)).IsProvisional);
        Assert.Equal(2, await CountAsync(_world.Store, Chat));

        _world.Door.LosesAnswers = false;
        await _world.DrainAsync();

        Assert.Equal(2, _world.Door.Stored.Count);
        Assert.Equal(2, await CountAsync(_world.Store, Chat));
    }

    [Fact]
    public async Task A_batch_sent_again_is_kept_once_and_answered_as_before_until_the_store_has_decided()
    {
        _ = await _world.Watches.RecordAsync(Batch(Chat, Noon.AddMinutes(-1), Down(1)), s_none);
        _world.Door.IsAway = true;
        var batch = Batch(Chat, Noon, Down(1), Down(2));
        var first = await _world.Watches.RecordAsync(batch, s_none);
        var again = await _world.Watches.RecordAsync(new ReportBatch(batch.Id, batch.Key, Noon.AddMinutes(5), batch.Reports), s_none);

        Assert.Equal(first.Receipts, again.Receipts);
        Assert.Equal((true, Noon), (again.IsRepeat, again.ReceivedAt));
        Assert.Equal(2, _world.Spool.Reports);

        _world.Door.IsAway = false;
        await _world.DrainAsync();
        var final = await _world.Watches.RecordAsync(batch, s_none);
        Assert.Equal((true, false), (final.IsRepeat, final.IsProvisional));
        Assert.Equal([ReportOutcome.Duplicate, ReportOutcome.Counted], final.Receipts.Select(r => r.Outcome));
        Assert.Equal(2, await CountAsync(_world.Store, Chat));
    }

    [Fact]
    public async Task A_report_that_waits_can_be_taken_back()
    {
        _world.Door.IsAway = true;
        var batch = Batch(Chat, Noon, Down(1), Down(2), Down(3));
        _ = await _world.Watches.RecordAsync(batch, s_none);

        Assert.True(await _world.Watches.WithdrawAsync(new ReportId(batch.Id, 1), s_none));
        Assert.True(await _world.Watches.WithdrawAsync(new ReportId(batch.Id, 1), s_none));
        // Whether the store knows it, nobody can say just now.
        await Assert.ThrowsAsync<StoreUnavailableException>(() => _world.Watches.WithdrawAsync(new ReportId(batch.Id, 3), s_none));
        await _world.RestartAsync();
        _world.Door.IsAway = false;
        await _world.DrainAsync();

        Assert.Equal(2, await CountAsync(_world.Store, Chat));
        Assert.True(await _world.Watches.WithdrawAsync(new ReportId(batch.Id, 0), s_none));
        Assert.Equal(1, await CountAsync(_world.Store, Chat));
        Assert.Equal(ReportOutcome.Counted, (await _world.Watches.RecordAsync(Batch(Chat, Noon, Down(2)), s_none)).Receipts[0].Outcome);
    }

    [Fact]
    public async Task What_is_told_of_a_report_that_waits_is_told_to_the_store_after_it()
    {
        var nowhere = Chat with { Region = Region.Unknown };
        var plain = ReportCell.Of(ReportKind.Down, Problem.Unavailable, Surface.Unknown);
        _world.Door.IsAway = true;
        var batch = Batch(nowhere, Noon, [.. new[] { Down(1), Down(2), Down(3) }.Select(r => r with { Cell = plain })]);
        _ = await _world.Watches.RecordAsync(batch, s_none);
        var all = new ReportDetails(Problem.Slow, Surface.Api, Chat.Region, new Remark("nothing loads", Claude.Service, false));
        Task<Amendment?> Tell(int index, ReportDetails details) => _world.Watches.AmendAsync(new ReportId(batch.Id, index), details, s_none);

        Assert.Equal((nowhere, Chat, all), await Tell(1, all) is { } told ? (told.From, told.Told.Key, told.Taken) : default);
        await _world.RestartAsync();
        var again = await Tell(1, all with { Problem = Problem.Login });
        Assert.Equal((true, new Remark("nothing loads", Claude.Service, false)), (again!.Taken.IsEmpty, again.Told.Remark));
        _ = await Tell(2, all);
        Assert.True(await _world.Watches.WithdrawAsync(new ReportId(batch.Id, 2), s_none));
        Assert.Null(await Tell(2, all));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => Tell(3, all));
        _world.Door.IsAway = false;
        await _world.DrainAsync();

        Assert.Equal([again.Told.Report.Cell], (await _world.Store.ReadFacetsAsync(Chat, NoonAnd(-60), NoonAnd(60), s_none)).Select(c => c.Cell));
        Assert.Equal((1, 1), (await CountAsync(_world.Store, Chat), await CountAsync(_world.Store, nowhere)));
        Assert.Equal(again.Told.Report, (await Tell(1, all))!.Told.Report);
    }

    [Fact]
    public async Task What_is_told_while_a_batch_is_handed_on_is_not_lost()
    {
        var nowhere = Chat with { Region = Region.Unknown };
        _world.Door.IsAway = true;
        var batch = Batch(nowhere, Noon, Down(1), Down(2));
        _ = await _world.Watches.RecordAsync(batch, s_none);
        _world.Door.Delay = async _ =>
        {
            _world.Door.Delay = static _ => Task.CompletedTask;
            Assert.NotNull(await _world.Watches.AmendAsync(new ReportId(batch.Id, 0), new ReportDetails(null, null, Chat.Region, null), s_none));
        };

        _world.Door.IsAway = false;
        await _world.DrainAsync();

        Assert.Equal((1, 1), (await CountAsync(_world.Store, Chat), await CountAsync(_world.Store, nowhere)));
    }

    [Fact]
    public async Task Whatever_comes_and_goes_everybody_is_counted_once()
    {
        await _world.StartDrainingAsync();
        var sent = 0;
        async Task SendAsync(int lane)
        {
            for (var i = 0; i < 150; i++)
            {
                var key = (lane & 1) == 0 ? Chat : Claude;
                if (i % 40 == lane * 5)
                    _world.Door.IsAway = !_world.Door.IsAway;
                // Each person twice, one after the other.
                var person = (lane * 1_000) + (i / 2);
                _ = await _world.Watches.RecordAsync(Batch(new(key.Service, lane < 4 ? Region.Parse("IT") : Region.Parse("ES")), Noon.AddSeconds(i), Down(person)), s_none);
                _ = Interlocked.Increment(ref sent);
            }
        }

        await Task.WhenAll(Enumerable.Range(0, 8).Select(SendAsync));
        _world.Door.IsAway = false;
        await _world.Spool.WhenEmpty;

        Assert.Equal(1_200, sent);
        var world = new[] { Chat.Service, Claude.Service }.Select(s => CountAsync(_world.Store, new(s, Region.World)));
        Assert.Equal(600, (await Task.WhenAll(world)).Sum());
    }
}
