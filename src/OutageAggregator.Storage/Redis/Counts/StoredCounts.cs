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
internal sealed class StoredCounts(RedisLink link, RedisKeys keys)
{
    private const int KeysACall = 256;

    public async Task<IReadOnlyList<SeriesPoint>> ReadSeriesAsync(
        WatchKey key, Minute from, Minute to, int stepMinutes, CellFilter filter, CancellationToken cancellation)
    {
        var spans = new Dictionary<int, MinuteCounts>();
        await VisitAsync(
            key, from, to, stepMinutes % RedisKeys.SpanMinutes == 0,
            (_, sums, hour, cells) => sums.AddTo(spans, stepMinutes, filter, hour, cells), cancellation);
        return CountSums.ToSeries(spans);
    }

    public async Task<IReadOnlyList<CellTotal>> ReadFacetsAsync(WatchKey key, Minute from, Minute to, CancellationToken cancellation)
    {
        var totals = new int[ReportCell.Count];
        await VisitAsync(key, from, to, bySpans: true, (_, sums, hour, cells) => sums.AddTo(totals, hour, cells), cancellation);
        return CountSums.ToFacets(totals);
    }

    /// <summary>Totals by region over a stretch; a stretch without an end ends with the newest count.</summary>
    public async Task<Dictionary<Region, MinuteCounts>> ReadTotalsAsync(
        ServiceSlug service, Minute from, Minute? to, CancellationToken cancellation)
    {
        var totals = new Dictionary<Region, MinuteCounts>();
        await VisitAsync(
            new WatchKey(service, Region.World), from, to, bySpans: true,
            (region, sums, hour, cells) => totals[region] = totals.GetValueOrDefault(region) + sums.Of(hour, cells), cancellation);
        return totals;
    }

    public async Task<long> CountReportersAsync(WatchKey key, Minute from, Minute to, CancellationToken cancellation)
    {
        var quarters = new List<(WatchKey Key, int Quarter)>();
        foreach (var (region, newest) in await ReadRegionsAsync(key, cancellation))
        {
            var (first, end) = ReceiptRules.Quarters(from, to);
            for (var quarter = first; quarter < Math.Min(end, ReceiptRules.QuarterOf(newest) + 1); quarter++)
                quarters.Add((key with { Region = region }, quarter));
        }
        var lists = await ReadAsync([.. quarters.Select(q => keys.Reporters(q.Key, q.Quarter))], cancellation);
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
        RedisKey[] crowds = [.. quarters.Where((_, i) => lists[i] is not null).Select(q => keys.HyperLogLog(q.Key, q.Quarter))];
        return await link.AskAsync(d => d.HyperLogLogLengthAsync(crowds), cancellation);
    }

    public async Task<IReadOnlyList<MinuteRange>> ReadObservedAsync(Minute from, Minute to, CancellationToken cancellation)
    {
        var found = await link.AskAsync(
            d => d.SortedSetRangeByScoreWithScoresAsync(keys.Stretches, from.Number, double.PositiveInfinity, Exclude.Start), cancellation);
        return
        [
            .. found.Select(s => new MinuteRange(
                    Minute.Max(new Minute(int.Parse(s.Element.ToString(), CultureInfo.InvariantCulture)), from),
                    Minute.Min(new Minute((int)s.Score), to)))
                .Where(r => r.Length > 0),
        ];
    }

    private async Task VisitAsync(
        WatchKey key, Minute from, Minute? to, bool bySpans, Action<Region, CountSums, int, HourCells> visit,
        CancellationToken cancellation)
    {
        if (from >= to)
            return;
        var parts = new List<Part>();
        foreach (var (region, newest) in await ReadRegionsAsync(key, cancellation))
        {
            // To the end of its half hour: cut within, that one would be read from minutes, which may be gone.
            var last = newest.FloorTo(RedisKeys.SpanMinutes) + RedisKeys.SpanMinutes;
            Cut(parts, key with { Region = region }, from, to is { } end ? Minute.Min(end, last) : last, bySpans);
        }
        var logs = await ReadAsync([.. parts.Select(p => p.Key)], cancellation);
        for (var i = 0; i < logs.Length; i++)
        {
            if (logs[i] is not { } log)
                continue;
            var part = parts[i];
            if (!part.IsSpans)
            {
                visit(part.Region, part.Sums, part.Number, CellLog.ReadHour(part.Number, log));
                continue;
            }
            foreach (var (hour, cells) in CellLog.ReadDay(part.Number, log))
                visit(part.Region, part.Sums, hour, cells);
        }
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
            parts.Add(new Part(keys.Spans(key, day), key.Region, sums, day, IsSpans: true));
        AddMinutes(endSpan, to);

        void AddMinutes(Minute first, Minute end)
        {
            var minutes = new CountSums(first, end);
            for (var hour = minutes.FirstHour; first < end && hour < minutes.EndHour; hour++)
                parts.Add(new Part(keys.Minutes(key, hour), key.Region, minutes, hour, IsSpans: false));
        }
    }

    /// <summary>The regions of a key, each with a minute after which it has no count.</summary>
    public async Task<IReadOnlyList<(Region Region, Minute Newest)>> ReadRegionsAsync(WatchKey key, CancellationToken cancellation)
    {
        if (key.Region != Region.World)
        {
            var newest = (int?)await link.AskAsync(d => d.HashGetAsync(keys.Regions(key.Service), key.Region.ToString()), cancellation);
            return newest is { } minute ? [(key.Region, new Minute(minute))] : [];
        }
        var regions = await link.AskAsync(d => d.HashGetAllAsync(keys.Regions(key.Service)), cancellation);
        return [.. regions.Select(r => (Region.Parse(r.Name.ToString()), new Minute((int)r.Value)))];
    }

    private async Task<byte[]?[]> ReadAsync(RedisKey[] asked, CancellationToken cancellation)
    {
        var pieces = await Task.WhenAll(asked.Chunk(KeysACall).Select(piece => link.AskAsync(d => d.StringGetAsync(piece), cancellation)));
        return [.. pieces.SelectMany(p => p).Select(v => (byte[]?)v)];
    }

    private readonly record struct Part(RedisKey Key, Region Region, CountSums Sums, int Number, bool IsSpans);
}
