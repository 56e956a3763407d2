using System.Buffers.Binary;
using System.Security.Cryptography;
using OutageAggregator.Contracts;
using OutageAggregator.Storage.Memory;
using OutageAggregator.Storage.Redis.Counts;
using OutageAggregator.Storage.Sqlite;
using OutageAggregator.Storage.Tests.Redis;
using OutageAggregator.TestKit;
using static OutageAggregator.Storage.Tests.Redis.Example;

namespace OutageAggregator.Storage.Tests;

public sealed class MemoryRepeatedBatchesTests : RepeatedBatchesContract
{
    private readonly MemoryRepeatedBatches _batches = new();

    protected override IRepeatedBatches Open() => _batches;

    [Fact]
    public Task After_a_day_a_batch_is_a_new_one() => RepeatedBatchesTests.AssertNewAfterADayAsync(_batches);
}

public sealed class SqliteRepeatedBatchesTests : RepeatedBatchesContract, IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private SqliteStorage? _storage;

    public async ValueTask DisposeAsync()
    {
        await _storage!.DisposeAsync();
        _folder.Dispose();
    }

    // The second time over what the first one wrote, as if that had crashed.
    protected override IRepeatedBatches Open()
    {
        if (_storage is { } before)
            before.DisposeAsync().AsTask().GetAwaiter().GetResult();
        _storage = _folder.Open();
        return new SqliteRepeatedBatches(_storage);
    }

    [Fact]
    public Task After_a_day_a_batch_is_a_new_one() => RepeatedBatchesTests.AssertNewAfterADayAsync(Open());

    [Fact]
    public async Task What_is_forgotten_leaves_the_file()
    {
        var batches = Open();
        _ = await batches.BeginAsync(1, 10, Noon, None);
        _ = await batches.BeginAsync(2, 10, Noon.AddHours(20), None);

        _ = await batches.BeginAsync(3, 10, Noon.AddHours(25), None);

        using var shell = _folder.Shell();
        Assert.Equal(2, shell.ReadNumber("SELECT count(*) FROM repeated_batches"));
    }
}

/// <summary>The file in which earlier versions remembered repeatable batches.</summary>
public sealed class RepeatedBatchesTests(SharedRedis redis)
{
    // As earlier versions took it, finer than a millisecond.
    private static readonly DateTimeOffset s_seen = Noon.AddTicks(7);

    [Fact]
    public async Task A_ring_that_an_earlier_version_left_moves_to_SQLite_and_goes()
    {
        using var folder = new TemporaryFolder();
        var ring = Ring(folder, Slot(3, 2, 21, s_seen), Slot(1, 1, 10, s_seen), Slot(2, 2, 20, s_seen), Torn(4));
        await using var storage = folder.Open();

        await AssertKnownAsync(new SqliteRepeatedBatches(storage));
        Assert.False(File.Exists(ring));
    }

    [Fact]
    public async Task A_ring_that_an_earlier_version_left_moves_to_Redis_and_goes()
    {
        using var folder = new TemporaryFolder();
        var ring = Ring(folder, Slot(3, 2, 21, s_seen), Slot(1, 1, 10, s_seen), Slot(2, 2, 20, s_seen), Torn(4), Slot(5, 5, 50, s_seen.AddDays(-1)));
        await using var open = new OpenRedis(redis.Settings());
        var batches = new RedisRepeatedBatches(open.Link, folder.Path);

        await AssertKnownAsync(batches);
        Assert.Equal(new BatchMemory(Noon, IsSameBody: true), await batches.BeginAsync(5, 51, Noon, None));
        Assert.False(File.Exists(ring));
    }

    [Fact]
    public void A_ring_that_can_not_be_read_stops_the_start_and_is_named()
    {
        using var folder = new TemporaryFolder();
        var ring = Path.Combine(folder.Path, RepeatedBatchesRing.FileName);
        _ = Directory.CreateDirectory(ring);

        Assert.Contains(ring, Assert.Throws<StoreUnavailableException>(() => folder.Open()).Message, StringComparison.Ordinal);
    }

    internal static async Task AssertNewAfterADayAsync(IRepeatedBatches batches)
    {
        _ = await batches.BeginAsync(1, 10, Noon, None);

        Assert.Equal(new BatchMemory(Noon, IsSameBody: false), await batches.BeginAsync(1, 11, Noon.AddDays(1).AddTicks(-1), None));
        Assert.Equal(new BatchMemory(Noon.AddDays(1), IsSameBody: true), await batches.BeginAsync(1, 11, Noon.AddDays(1), None));
        Assert.Equal(new BatchMemory(Noon.AddDays(1), IsSameBody: false), await batches.BeginAsync(1, 10, Noon.AddDays(1), None));
    }

    private static async Task AssertKnownAsync(IRepeatedBatches batches)
    {
        var now = Noon.AddHours(1);
        Assert.Equal(new BatchMemory(s_seen, IsSameBody: true, IsOfEarlierVersion: true), await batches.BeginAsync(1, 10, now, None));
        Assert.Equal(new BatchMemory(s_seen, IsSameBody: true, IsOfEarlierVersion: true), await batches.BeginAsync(2, 21, now, None));
        Assert.Equal(new BatchMemory(now, IsSameBody: true), await batches.BeginAsync(4, 40, now, None));
        Assert.Equal(new BatchMemory(now, IsSameBody: false), await batches.BeginAsync(4, 41, now, None));
    }

    private static string Ring(TemporaryFolder folder, params byte[][] slots)
    {
        var path = Path.Combine(folder.Path, RepeatedBatchesRing.FileName);
        File.WriteAllBytes(path, [.. slots.SelectMany(s => s)]);
        return path;
    }

    private static byte[] Torn(int number)
    {
        var slot = Slot(number, (UInt128)number, 40, s_seen);
        slot[30] ^= 1;
        return slot;
    }

    private static byte[] Slot(int number, UInt128 id, UInt128 body, DateTimeOffset seenAt)
    {
        var slot = new byte[64];
        BinaryPrimitives.WriteInt64LittleEndian(slot, number);
        BinaryPrimitives.WriteInt64LittleEndian(slot.AsSpan(8), seenAt.UtcTicks);
        BinaryPrimitives.WriteUInt128LittleEndian(slot.AsSpan(16), id);
        BinaryPrimitives.WriteUInt128LittleEndian(slot.AsSpan(32), body);
        SHA256.HashData(slot.AsSpan(0, 56)).AsSpan(0, 8).CopyTo(slot.AsSpan(56));
        return slot;
    }
}
