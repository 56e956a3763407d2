using System.Buffers.Binary;
using OutageAggregator.Storage.Redis.Client;
using OutageAggregator.Storage.Redis.Incidents;
using StackExchange.Redis;

namespace OutageAggregator.Storage.Redis.Counts;

/// <summary>
/// Counts in Redis, shared by as many processes as open it. A batch is one script in one slot: it decides who counts, counts, and
/// remembers the batch, all or nothing (<c>append.lua</c>). The sum of all regions is computed from theirs whenever it is read.
/// This part writes; what is read is in <see cref="StoredCounts"/>.
/// <para>
/// Minutes live for days and half hours for months (<see cref="RedisKeys"/>): older minutes are there for incidents only, so a series in
/// steps that don't divide by 30 minutes is empty for them, and other stretches are read from half hours but for their ragged ends.
/// </para>
/// </summary>
public sealed class RedisCountStore : ICountStore
{
    private const byte NewRegion = 1;
    private const byte Known = 2;

    private readonly RedisLink _link;
    private readonly RedisKeys _keys;
    private readonly StoredCounts _stored;
    private readonly ReportedServices _services;
    private readonly IncidentMinutes _incidentMinutes;

    private long _now = long.MinValue;

    /// <param name="link">The connection.</param>
    /// <param name="log">Whose incidents keep their minutes for ever.</param>
    public RedisCountStore(RedisLink link, RedisIncidentLog log)
    {
        ArgumentNullException.ThrowIfNull(link);
        ArgumentNullException.ThrowIfNull(log);
        _link = link;
        _keys = new RedisKeys(link.Settings.Prefix);
        _stored = new StoredCounts(link, _keys);
        _services = new ReportedServices(link, _keys);
        _incidentMinutes = new IncidentMinutes(link, _keys, _stored, log);
    }

    public async Task<BatchReceipt> AppendAsync(ReportBatch batch, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(batch);
        cancellation.ThrowIfCancellationRequested();
        var reported = Minute.Max(Minute.Of(batch.ReceivedAt), batch.Reports.Max(r => r.At));
        await _services.NoteAsync(batch.Key.Service, reported);
        var call = new AppendCall(batch, _keys, _link.Settings);
        // Once it is under way it is not given up: it may be counted.
        var answer = (byte[]?)await _link.RunAsync(RedisScript.Append, call.Keys, call.Arguments, CancellationToken.None);
        if (answer is null or [])
            throw new InvalidDataException("Redis gave no answer to a batch.");
        // Also after Redis was emptied: what was noted before may be gone.
        if (answer[0] == NewRegion)
            await _services.NoteAsync(batch.Key.Service, reported, isForgotten: true);
        var isRepeat = answer[0] == Known;
        var stored = new StoredBatch(isRepeat ? answer[1..] : call.Stored(answer.AsSpan(1)));
        if (!isRepeat)
            Volatile.Write(ref _now, stored.ReceivedAt);
        return new BatchReceipt(stored.Receipts(), isRepeat, DateTimeOffset.FromUnixTimeMilliseconds(stored.ReceivedAt));
    }

    public async Task<Withdrawal?> WithdrawAsync(ReportId id, CancellationToken cancellation)
    {
        if (await FindAsync(id.Batch, cancellation) is not var (service, batch))
            return null;
        if (ReceiptRules.IsOverADayOld(batch.ReceivedAt, Math.Max(Volatile.Read(ref _now), batch.ReceivedAt))
            || id.Index < 0 || id.Index >= batch.Count || !batch.IsCounted(id.Index))
        {
            return null;
        }
        var key = new WatchKey(service, batch.Region);
        var report = batch.ReportAt(id.Index);
        var (hour, day) = (RedisKeys.HourOf(report.At), RedisKeys.DayOf(report.At));
        var receivedOn = RedisKeys.DayOf(Minute.Of(DateTimeOffset.FromUnixTimeMilliseconds(batch.ReceivedAt)));
        var answer = (long)await _link.RunAsync(
            RedisScript.Withdraw,
            [
                _keys.Batch(service, id.Batch), _keys.Recent(service, report.Cell.Kind, RedisKeys.RecentOf(batch.ReceivedAt)),
                _keys.Minutes(key, hour), _keys.Spans(key, day),
                _keys.Reporters(key, ReceiptRules.QuarterOf(report.At)), _keys.Words(service, receivedOn),
            ],
            [
                batch.OffsetOf(id.Index), batch.FieldOf(id.Index), batch.ReceivedAt,
                (int)CellLog.SlotOf(report.At.Number - (hour * 60), report.Cell),
                (int)CellLog.SlotOf((report.At.Number - (day * Minute.PerDay)) / RedisKeys.SpanMinutes, report.Cell),
                _link.Settings.MinuteSeconds, _link.Settings.SpanSeconds, ReceiptRules.IsSketched(report.Cell) ? 1 : 0, id.ToString(),
            ],
            CancellationToken.None);
        return answer < 0 ? null : new Withdrawal(key, report, First: answer == 1);
    }

    public Task<IReadOnlyList<SeriesPoint>> ReadSeriesAsync(
        WatchKey key, Minute from, Minute to, int stepMinutes, CellFilter filter, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(stepMinutes, 1);
        return _stored.ReadSeriesAsync(key, from, to, stepMinutes, filter, cancellation);
    }

    public Task<IReadOnlyList<CellTotal>> ReadFacetsAsync(WatchKey key, Minute from, Minute to, CancellationToken cancellation) =>
        _stored.ReadFacetsAsync(key, from, to, cancellation);

    public async Task<IReadOnlyList<RegionTotal>> ReadRegionsAsync(
        ServiceSlug service, Minute from, Minute to, CancellationToken cancellation) =>
    [
        .. (await _stored.ReadTotalsAsync(service, from, to, cancellation))
            .Where(t => !t.Value.IsEmpty).Select(t => new RegionTotal(t.Key, t.Value)).OrderBy(t => t.Region),
    ];

    public async Task<IReadOnlyList<ServiceTotal>> ReadServicesAsync(Minute from, Minute to, CancellationToken cancellation)
    {
        var totals = new List<ServiceTotal>();
        foreach (var some in (await _services.ReadSinceAsync(from, cancellation)).Chunk(_link.CallsAtOnce))
        {
            totals.AddRange(await Task.WhenAll(some.Select(async service =>
            {
                var regions = await _stored.ReadTotalsAsync(service, from, to, cancellation);
                return new ServiceTotal(service, regions.Values.Aggregate(default(MinuteCounts), static (a, b) => a + b));
            })));
        }
        return [.. totals.Where(t => !t.Counts.IsEmpty)];
    }

    public Task<long> CountReportersAsync(WatchKey key, Minute from, Minute to, CancellationToken cancellation) =>
        _stored.CountReportersAsync(key, from, to, cancellation);

    public async Task ImportAsync(WatchKey key, IReadOnlyList<CellCount> counts, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(counts);
        ReceiptRules.ThrowIfNotImportable(key, counts);
        if (counts.Count == 0)
            return;
        await _services.NoteAsync(key.Service, counts.Max(c => c.Minute));
        await Task.WhenAll(counts.GroupBy(c => RedisKeys.DayOf(c.Minute)).Select(day => ImportAsync(key, day.Key, [.. day])));
    }

    public async Task ObserveAsync(DateTimeOffset now, CancellationToken cancellation)
    {
        var instant = now.ToUnixTimeMilliseconds();
        var minute = Minute.Of(now);
        _ = await _link.RunAsync(
            RedisScript.Observe, [_keys.Stretches, _keys.ObservedAt], [minute.Number, minute.Number + 1, instant], cancellation);
        Volatile.Write(ref _now, instant);
        await _incidentMinutes.KeepWhenDueAsync(minute, cancellation);
    }

    public async Task ObserveAsync(MinuteRange range, CancellationToken cancellation) =>
        _ = await _link.RunAsync(
            RedisScript.Observe, [_keys.Stretches, _keys.ObservedAt], [range.From.Number, range.To.Number], cancellation);

    public Task<IReadOnlyList<MinuteRange>> ReadObservedAsync(Minute from, Minute to, CancellationToken cancellation) =>
        _stored.ReadObservedAsync(from, to, cancellation);

    public async Task<DateTimeOffset?> LastObservedAsync(CancellationToken cancellation) =>
        (long?)await _link.AskAsync(d => d.StringGetAsync(_keys.ObservedAt), cancellation) is { } instant
            ? DateTimeOffset.FromUnixTimeMilliseconds(instant)
            : null;

    public Task<IReadOnlyList<ServiceSlug>> ReadReportedSinceAsync(Minute from, CancellationToken cancellation) =>
        _services.ReadSinceAsync(from, cancellation);

    private async Task ImportAsync(WatchKey key, int day, List<CellCount> counts)
    {
        var keys = new List<RedisKey> { _keys.Spans(key, day), _keys.Regions(key.Service) };
        var arguments = new List<RedisValue>
        {
            _link.Settings.MinuteSeconds, _link.Settings.SpanSeconds, key.Region.ToString(), counts.Max(c => c.Minute.Number),
        };
        foreach (var hour in counts.GroupBy(c => RedisKeys.HourOf(c.Minute)))
        {
            keys.Add(_keys.Minutes(key, hour.Key));
            var cells = new byte[hour.Count() * 8];
            var at = cells.AsSpan();
            foreach (var (minute, cell, count) in hour)
            {
                var span = (minute.Number - (day * Minute.PerDay)) / RedisKeys.SpanMinutes;
                BinaryPrimitives.WriteUInt16LittleEndian(at, CellLog.SlotOf(minute.Number - (hour.Key * 60), cell));
                BinaryPrimitives.WriteUInt16LittleEndian(at[2..], CellLog.SlotOf(span, cell));
                BinaryPrimitives.WriteInt32LittleEndian(at[4..], count);
                at = at[8..];
            }
            arguments.Add(cells);
        }
        _ = await _link.RunAsync(RedisScript.Import, [.. keys], [.. arguments], CancellationToken.None);
    }

    private async Task<(ServiceSlug Service, StoredBatch Batch)?> FindAsync(BatchId id, CancellationToken cancellation)
    {
        var known = _services.Known(id);
        return await FindAsync(id, known, cancellation)
            ?? await FindAsync(id, (await _services.ReadCandidatesAsync(id, cancellation)).Except(known), cancellation);
    }

    private async Task<(ServiceSlug Service, StoredBatch Batch)?> FindAsync(
        BatchId id, IEnumerable<ServiceSlug> services, CancellationToken cancellation)
    {
        foreach (var some in services.Chunk(_link.CallsAtOnce))
        {
            var found = await Task.WhenAll(some.Select(async service =>
                (Service: service, Bytes: (byte[]?)await _link.AskAsync(d => d.StringGetAsync(_keys.Batch(service, id)), cancellation))));
            if (Array.Find(found, f => f.Bytes is not null) is (var service, { } bytes))
                return (service, new StoredBatch(bytes));
        }
        return null;
    }
}
