using OutageAggregator.Storage;
using static OutageAggregator.TestKit.Stores.Example;

namespace OutageAggregator.Runtime.Tests.Spooling;

/// <summary>What is handed on before what: one reporter's reports in their order, and nothing else waits for anything.</summary>
public sealed class SpoolOrderTests : IAsyncLifetime
{
    private static readonly CancellationToken s_none = CancellationToken.None;

    private static readonly string[] s_regions =
    [
        "AT", "AU", "BE", "BR", "CA", "CH", "CZ", "DE", "DK", "ES", "FI", "FR", "GB", "GR", "IE", "IN", "IT", "JP", "KR", "MX", "NL", "NO", "NZ", "PL", "PT", "RO", "SE", "US",
    ];

    private readonly SpoolWorld _world = new();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task A_service_that_is_reported_everywhere_all_the_time_empties_and_goes_to_the_store_again()
    {
        const int before = 20;
        const int most = 2_000;
        _world.Door.IsAway = true;
        var person = 0;
        Task<BatchReceipt> SendAsync(string region) =>
            _world.Watches.RecordAsync(Batch(In(region), Noon, Down(Interlocked.Increment(ref person))), s_none);
        await Task.WhenAll(s_regions.SelectMany(r => Enumerable.Range(0, before).Select(_ => SendAsync(r))));
        _world.Door.IsAway = false;
        await _world.StartDrainingAsync();

        // As intake does: one batch of a region after the other, until all of them are where they belong.
        var direct = 0;
        async Task<int> ReportAsync(string region)
        {
            var own = 0;
            var isDirect = false;
            while (own < most && Volatile.Read(ref direct) < s_regions.Length)
            {
                var receipt = await SendAsync(region);
                own++;
                if (receipt.IsProvisional || isDirect)
                    continue;
                isDirect = true;
                _ = Interlocked.Increment(ref direct);
            }
            return own;
        }
        var sent = await Task.WhenAll(s_regions.Select(r => Task.Run(() => ReportAsync(r))));

        Assert.Equal(s_regions.Length, direct);
        await _world.Spool.WhenEmpty;
        Assert.Equal((s_regions.Length * before) + sent.Sum(), await CountAsync(_world.Store, In("world")));
    }

    [Fact]
    public async Task A_service_that_nobody_watches_at_the_moment_holds_nobody_up()
    {
        _world.Door.IsAway = true;
        for (var i = 0; i < 300; i++)
            _ = await _world.Watches.RecordAsync(Batch(Claude, Noon, Down(i)), s_none);
        var others = Enumerable.Range(0, 20).Select(i => new WatchKey(ServiceSlug.Parse($"other-{i}"), Chat.Region)).ToList();
        foreach (var other in others)
            _ = await _world.Watches.RecordAsync(Batch(other, Noon, Down(1)), s_none);
        _world.Door.Fault = b => b.Key == Claude ? new StoreUnavailableException("No node watches it.") : null;
        _world.Door.IsAway = false;
        await _world.StartDrainingAsync();

        // They are handed on, and what comes then goes to the store.
        foreach (var other in others)
        {
            var sent = 0;
            while ((await _world.Watches.RecordAsync(Batch(other, Noon, Down(1)), s_none)).IsProvisional)
                Assert.InRange(sent++, 0, 1_000);
        }
        Assert.Equal(300, _world.Spool.Reports);
        _world.Door.Fault = static _ => null;
        await _world.Spool.WhenEmpty;
        Assert.Equal(300, await CountAsync(_world.Store, Claude));
    }

    [Fact]
    public async Task Who_reports_from_many_regions_is_counted_in_the_order_of_arrival_and_others_overtake()
    {
        _world.Door.IsAway = true;
        // The second press is a duplicate of the first, and the third is none; in another order fewer would count.
        var oldest = Batch(In("US"), Noon, Down(3));
        var first = Batch(In("IT"), Noon, Down(1));
        var second = Batch(In("ES"), Noon.AddMinutes(20), Down(1));
        var third = Batch(In("FR"), Noon.AddMinutes(31), Down(1));
        var other = Batch(In("IT"), Noon.AddMinutes(31), Down(2));
        foreach (var batch in new[] { oldest, first, second, third, other })
            _ = await _world.Watches.RecordAsync(batch, s_none);
        _world.Door.IsAway = false;
        // The oldest finds out whether the store is back, and the next one takes its time.
        _world.Door.Delay = b => b.Id == first.Id ? _world.Door.UntilStoredAsync(2) : Task.CompletedTask;

        await _world.DrainAsync();

        Assert.Equal([oldest.Id, other.Id, first.Id, second.Id, third.Id], _world.Door.Stored);
        Assert.Equal((2, 0, 1), (await CountAsync(_world.Store, In("IT")), await CountAsync(_world.Store, In("ES")), await CountAsync(_world.Store, In("FR"))));
    }

    [Fact]
    public async Task Where_a_region_has_to_wait_its_reporters_do_and_all_others_go_on()
    {
        _world.Door.IsAway = true;
        var first = Batch(In("IT"), Noon, Down(1));
        var behind = Batch(In("ES"), Noon.AddMinutes(20), Down(1), Down(2));
        var behindThat = Batch(In("FR"), Noon.AddMinutes(21), Down(2));
        var free = Batch(In("ES"), Noon.AddMinutes(22), Down(3));
        foreach (var batch in new[] { first, behind, behindThat, free })
            _ = await _world.Watches.RecordAsync(batch, s_none);
        var isThere = false;
        _world.Door.Fault = b => b.Key == In("IT") && !Volatile.Read(ref isThere) ? new StoreUnavailableException("No node watches it.") : null;
        _world.Door.IsAway = false;
        await _world.StartDrainingAsync();
        await _world.Door.UntilStoredAsync(1);
        // Taken back before the second press: that one counts.
        Assert.True(await _world.Watches.WithdrawAsync(new ReportId(first.Id, 0), s_none));
        var last = Batch(In("US"), Noon.AddMinutes(23), Down(4));
        _ = await _world.Watches.RecordAsync(last, s_none);
        await _world.Door.UntilStoredAsync(2);
        Assert.Equal([free.Id, last.Id], _world.Door.Stored);

        Volatile.Write(ref isThere, true);
        await _world.Spool.WhenEmpty;

        Assert.Equal([free.Id, last.Id, first.Id, behind.Id, behindThat.Id], _world.Door.Stored);
        Assert.Equal((0, 3, 0), (await CountAsync(_world.Store, In("IT")), await CountAsync(_world.Store, In("ES")), await CountAsync(_world.Store, In("FR"))));
    }

    private static WatchKey In(string region) => new(Chat.Service, region == "world" ? Region.World : Region.Parse(region));
}
