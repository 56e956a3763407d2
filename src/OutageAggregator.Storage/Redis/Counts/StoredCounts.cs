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

    /// <summary>What was counted in a stretch, by half hours where that is enough.</summary>
    public async Task<IEnumerable<(WatchKey Key, IEnumerable<CellCount> Counts)>> ReadAsync(
        WatchKey key, MinuteRange stretch, bool bySpans, CancellationToken cancellation)
    {
        if (stretch.Length == 0)
            return [];
        var parts = new List<Part>();
        foreach (var (region, newest) in await ReadRegionsAsync(link, key, cancellation))
        {
            // To the end of its half hour: cut within, that one would be read from minutes, which may be gone.
            var last = newest.FloorTo(RedisKeys.SpanMinutes) + RedisKeys.SpanMinutes;
            Cut(parts, key with { Region = region }, stretch.From, Minute.Min(stretch.To, last), bySpans);
        }
        var logs = await ReadAsync([.. parts.Select(p => p.Stored)], cancellation);
        return parts.Zip(logs).Where(p => p.Second is not null).Select(p => (p.First.Key, p.First.Read(p.Second)));
    }

    private void Cut(List<Part> parts, WatchKey key, Minute from, Minute to, bool bySpans)
    {
        var firstSpan = (from + (RedisKeys.SpanMinutes - 1)).FloorTo(RedisKeys.SpanMinutes);
        var endSpan = to.FloorTo(RedisKeys.SpanMinutes);
        if (!bySpans || firstSpan >= endSpan)
            (firstSpan, endSpan) = (to, to);
        Add(new(from, firstSpan), link.Keys.Minutes, HourCells.Minutes, unitMinutes: 1);
        Add(new(firstSpan, endSpan), link.Keys.Spans, Minute.PerDay, RedisKeys.SpanMinutes);
        Add(new(endSpan, to), link.Keys.Minutes, HourCells.Minutes, unitMinutes: 1);

        void Add(MinuteRange stretch, Func<WatchKey, int, RedisKey> stored, int minutes, int unitMinutes)
        {
            for (var first = stretch.From.FloorTo(minutes); stretch.Length > 0 && first < stretch.To; first += minutes)
                parts.Add(new Part(stored(key, first.Number / minutes), key, stretch, first, minutes, unitMinutes));
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
        var pieces = await link.AskEachAsync(asked.Chunk(KeysACall), piece => link.AskAsync(d => d.StringGetAsync(piece), cancellation));
        return [.. pieces.SelectMany(p => p).Select(v => (byte[]?)v)];
    }

    // A log, and what is wanted of it.
    private sealed record Part(RedisKey Stored, WatchKey Key, MinuteRange Wanted, Minute First, int Minutes, int UnitMinutes)
    {
        public IEnumerable<CellCount> Read(byte[]? log) =>
            CellLog.Read(log, First, Minutes, UnitMinutes).Where(c => Wanted.Contains(c.Minute));
    }
}
