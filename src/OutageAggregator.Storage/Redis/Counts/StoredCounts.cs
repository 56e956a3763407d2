using System.Buffers.Binary;
using OutageAggregator.Core.Windows;
using OutageAggregator.Storage.Redis.Client;
using StackExchange.Redis;

namespace OutageAggregator.Storage.Redis.Counts;

/// <summary>
/// What is read of the counts. A stretch is cut into whole half hours, read from the spans, and what is left at its ends, read from the
/// minutes:
/// <code>
///   from         half hours                                 to
///   |-- minutes --|------------- spans -------------|-- minutes --|
/// </code>
/// so a day of a region is one key and four weeks are 29. A series in steps that don't divide by 30 is read from minutes alone.
/// Keys are asked for in pieces that Redis answers in well under a millisecond each, all under way together.
/// </summary>
internal sealed class StoredCounts(RedisLink link)
{
    private const int KeysACall = 256;

    public async Task<long> CountReportersAsync(WatchKey key, Minute from, Minute to, CancellationToken cancellation)
    {
        var quarters = new List<(WatchKey Key, int Quarter)>();
        foreach (var (region, newest) in await ReadRegionsAsync(link, key, cancellation))
        {
            var (first, end) = ReceiptRules.Quarters(from, to);
            for (var quarter = first; quarter < Math.Min(end, ReceiptRules.QuarterOf(newest) + 1); quarter++)
                quarters.Add((key with { Region = region }, quarter));
        }
        var lists = await ReadAsync([.. quarters.Select(q => link.Keys.Reporters(q.Key, q.Quarter))], cancellation);
        var reporters = new HashSet<ulong>();
        var isExact = true;
        foreach (var list in lists)
        {
            isExact &= (list?.Length ?? 0) <= ReporterSketch.ExactLimit * sizeof(ulong);
            for (var rest = list.AsSpan(); rest.Length >= sizeof(ulong); rest = rest[sizeof(ulong)..])
                _ = reporters.Add(BinaryPrimitives.ReadUInt64LittleEndian(rest));
        }
        if (isExact)
            return reporters.Count;
        RedisKey[] crowds = [.. quarters.Where((_, i) => lists[i] is not null).Select(q => link.Keys.HyperLogLog(q.Key, q.Quarter))];
        return await link.AskAsync(d => d.HyperLogLogLengthAsync(crowds), cancellation);
    }

    public async Task<IReadOnlyList<MinuteRange>> ReadObservedAsync(Minute from, Minute to, CancellationToken cancellation)
    {
        var found = await link.AskAsync(
            d => d.SortedSetRangeByScoreWithScoresAsync(link.Keys.Stretches, from.Number, double.PositiveInfinity, Exclude.Start),
            cancellation);
        return ReceiptRules.Clip(found.Select(s => new MinuteRange(new Minute((int)s.Element), new Minute((int)s.Score))), from, to);
    }

    /// <summary>The hours of a stretch that have counts, by half hours where that is enough.</summary>
    public async Task<IEnumerable<(WatchKey Key, CountSums Sums, int Hour, HourCells Cells)>> ReadAsync(
        WatchKey key, Minute from, Minute to, bool bySpans, CancellationToken cancellation)
    {
        if (from >= to)
            return [];
        var parts = new List<Part>();
        foreach (var (region, newest) in await ReadRegionsAsync(link, key, cancellation))
        {
            // To the end of its half hour: cut within, that one would be read from minutes, which may be gone.
            var last = newest.FloorTo(RedisKeys.SpanMinutes) + RedisKeys.SpanMinutes;
            Cut(parts, key with { Region = region }, from, Minute.Min(to, last), bySpans);
        }
        var logs = await ReadAsync([.. parts.Select(p => p.Stored)], cancellation);
        return parts.Zip(logs).Where(p => p.Second is not null).SelectMany(p => p.First.IsSpans
            ? CellLog.ReadDay(p.First.Number, p.Second!).Select(h => (p.First.Key, p.First.Sums, h.Hour, h.Cells))
            : [(p.First.Key, p.First.Sums, p.First.Number, CellLog.ReadHour(p.First.Number, p.Second!))]);
    }

    private void Cut(List<Part> parts, WatchKey key, Minute from, Minute to, bool bySpans)
    {
        var firstSpan = (from + (RedisKeys.SpanMinutes - 1)).FloorTo(RedisKeys.SpanMinutes);
        var endSpan = to.FloorTo(RedisKeys.SpanMinutes);
        if (!bySpans || firstSpan >= endSpan)
        {
            AddMinutes(from, to);
            return;
        }
        AddMinutes(from, firstSpan);
        var sums = new CountSums(firstSpan, endSpan);
        for (var day = RedisKeys.DayOf(firstSpan); day <= RedisKeys.DayOf(endSpan - 1); day++)
            parts.Add(new Part(link.Keys.Spans(key, day), key, sums, day, IsSpans: true));
        AddMinutes(endSpan, to);

        void AddMinutes(Minute first, Minute end)
        {
            var minutes = new CountSums(first, end);
            for (var hour = minutes.FirstHour; first < end && hour < minutes.EndHour; hour++)
                parts.Add(new Part(link.Keys.Minutes(key, hour), key, minutes, hour, IsSpans: false));
        }
    }

    /// <summary>The regions of a key, each with a minute after which it has no count.</summary>
    public static async Task<IReadOnlyList<(Region Region, Minute Newest)>> ReadRegionsAsync(
        RedisLink link, WatchKey key, CancellationToken cancellation)
    {
        if (key.Region != Region.World)
        {
            var newest = (int?)await link.AskAsync(
                d => d.HashGetAsync(link.Keys.Regions(key.Service), key.Region.ToString()), cancellation);
            return newest is { } minute ? [(key.Region, new Minute(minute))] : [];
        }
        var regions = await link.AskAsync(d => d.HashGetAllAsync(link.Keys.Regions(key.Service)), cancellation);
        return [.. regions.Select(r => (Region.Parse(r.Name.ToString()), new Minute((int)r.Value)))];
    }

    private async Task<byte[]?[]> ReadAsync(RedisKey[] asked, CancellationToken cancellation)
    {
        var pieces = await Task.WhenAll(asked.Chunk(KeysACall).Select(piece => link.AskAsync(d => d.StringGetAsync(piece), cancellation)));
        return [.. pieces.SelectMany(p => p).Select(v => (byte[]?)v)];
    }

    private readonly record struct Part(RedisKey Stored, WatchKey Key, CountSums Sums, int Number, bool IsSpans);
}
