using OutageAggregator.Storage.Redis.Incidents;

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
/// <param name="link">The connection.</param>
/// <param name="log">Whose incidents keep their minutes for ever.</param>
public sealed class RedisCountStore(RedisLink link, RedisIncidentLog log) : HourlyCounts, ICountStore
{
    private const byte NewRegion = 1;
    private const byte Known = 2;

    private readonly StoredCounts _stored = new(link);
    private readonly ReportedServices _services = new(link);
    private readonly IncidentMinutes _incidentMinutes = new(link, log);
    private long _now = long.MinValue;

    public async Task<BatchReceipt> AppendAsync(ReportBatch batch, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var reported = Minute.Max(Minute.Of(batch.ReceivedAt), batch.Reports.Max(r => r.At));
        await _services.NoteAsync(batch.Key.Service, reported);
        var call = new AppendCall(batch, link.Keys, link.Settings);
        // Once it is under way it is not given up: it may be counted.
        var answer = (byte[]?)await link.RunAsync(RedisScript.Append, call.Keys, call.Arguments, CancellationToken.None);
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
        if (await FindCountedAsync(id, cancellation) is not { } found)
            return null;
        while (true)
        {
            var stands = await found.ReadAsync(link, cancellation);
            var answer = await stands.WithdrawAsync(link);
            if (answer != StoredReport.ToldMeanwhile)
                return answer < 0 ? null : new Withdrawal(stands.Told.Key, stands.Told.Report, First: answer == 1);
        }
    }

    public async Task<Amendment?> AmendAsync(ReportId id, ReportDetails details, CancellationToken cancellation)
    {
        if (await FindCountedAsync(id, cancellation) is not { } found || found.Batch.IsWithdrawn(id.Index))
            return null;
        while (true)
        {
            var stands = await found.ReadAsync(link, cancellation);
            var (after, taken) = stands.Told.Add(details);
            var answer = taken.IsEmpty ? 1 : await stands.AmendAsync(link, after);
            if (answer != StoredReport.ToldMeanwhile)
                return answer < 0 ? null : new Amendment(found.From, after, taken);
        }
    }

    // Keys live so long from their first write on: of the hour and of the day in which the limit lies part is gone.
    public Minute KeptSince(int stepMinutes, Minute now) => stepMinutes % RedisKeys.SpanMinutes == 0
        ? (now - (link.Settings.SpanSeconds / 60)).FloorTo(Minute.PerDay) + Minute.PerDay
        : (now - (link.Settings.MinuteSeconds / 60)).FloorTo(HourCells.Minutes) + HourCells.Minutes;

    public Task<long> CountReportersAsync(WatchKey key, Minute from, Minute to, CancellationToken cancellation) =>
        _stored.CountReportersAsync(key, from, to, cancellation);

    public async Task ImportAsync(WatchKey key, IReadOnlyList<CellCount> counts, CancellationToken cancellation)
    {
        ReceiptRules.ThrowIfNotImportable(key, counts);
        if (counts.Count == 0)
            return;
        await _services.NoteAsync(key.Service, counts.Max(c => c.Minute));
        _ = await link.AskEachAsync(counts.GroupBy(c => RedisKeys.DayOf(c.Minute)), day => ImportAsync(key, day.Key, [.. day]));
    }

    public async Task ObserveAsync(DateTimeOffset now, CancellationToken cancellation)
    {
        var instant = now.ToUnixTimeMilliseconds();
        var minute = Minute.Of(now);
        _ = await link.RunAsync(
            RedisScript.Observe, [link.Keys.Stretches, link.Keys.ObservedAt], [minute.Number, minute.Number + 1, instant], cancellation);
        Volatile.Write(ref _now, instant);
        await _incidentMinutes.KeepWhenDueAsync(minute, cancellation);
    }

    public async Task ObserveAsync(MinuteRange range, CancellationToken cancellation) =>
        _ = await link.RunAsync(
            RedisScript.Observe, [link.Keys.Stretches, link.Keys.ObservedAt], [range.From.Number, range.To.Number], cancellation);

    public Task<IReadOnlyList<MinuteRange>> ReadObservedAsync(Minute from, Minute to, CancellationToken cancellation) =>
        _stored.ReadObservedAsync(from, to, cancellation);

    public async Task<DateTimeOffset?> LastObservedAsync(CancellationToken cancellation) =>
        (long?)await link.AskAsync(d => d.StringGetAsync(link.Keys.ObservedAt), cancellation) is { } instant
            ? DateTimeOffset.FromUnixTimeMilliseconds(instant)
            : null;

    public Task<IReadOnlyList<ServiceSlug>> ReadReportedSinceAsync(Minute from, CancellationToken cancellation) =>
        _services.ReadSinceAsync(from, cancellation);

    private protected override async Task VisitAsync(
        WatchKey? key, MinuteRange stretch, int step, Action<WatchKey, IEnumerable<CellCount>> visit, CancellationToken cancellation)
    {
        WatchKey[] keys = key is { } asked
            ? [asked]
            : [.. (await _services.ReadSinceAsync(stretch.From, cancellation)).Select(service => new WatchKey(service, Region.World))];
        var bySpans = step % RedisKeys.SpanMinutes == 0;
        foreach (var some in keys.Chunk(link.CallsAtOnce))
        {
            var read = await Task.WhenAll(some.Select(k => _stored.ReadAsync(k, stretch, bySpans, cancellation)));
            foreach (var (kept, counts) in read.SelectMany(r => r))
                visit(kept, counts);
        }
    }

    private Task<RedisResult> ImportAsync(WatchKey key, int day, List<CellCount> counts)
    {
        var keys = new List<RedisKey> { link.Keys.Spans(key, day), link.Keys.Regions(key.Service) };
        var arguments = new List<RedisValue>
        {
            link.Settings.MinuteSeconds, link.Settings.SpanSeconds, key.Region.ToString(), counts.Max(c => c.Minute.Number),
        };
        var writer = new Packing.Writer();
        foreach (var hour in counts.GroupBy(c => HourCells.HourOf(c.Minute)))
        {
            keys.Add(link.Keys.Minutes(key, hour.Key));
            writer.Clear();
            foreach (var (minute, cell, count) in hour)
            {
                writer.U16(HourCells.SlotOf(minute, cell));
                writer.U16(CellLog.SpanSlotOf(minute, cell));
                writer.I32(count);
            }
            arguments.Add(writer.Written.ToArray());
        }
        return link.RunAsync(RedisScript.Import, [.. keys], [.. arguments], CancellationToken.None);
    }

    // A report that can be taken back or told of: known, not the second of its reporter, not over a day old.
    private async Task<StoredReport?> FindCountedAsync(ReportId id, CancellationToken cancellation) =>
        await FindAsync(id.Batch, cancellation) is var (service, batch)
            && !ReceiptRules.IsOverADayOld(batch.ReceivedAt, Math.Max(Volatile.Read(ref _now), batch.ReceivedAt))
            && id.Index >= 0 && id.Index < batch.Count && batch.IsCounted(id.Index)
            ? new StoredReport(id, service, batch)
            : null;

    private async Task<(ServiceSlug Service, StoredBatch Batch)?> FindAsync(BatchId id, CancellationToken cancellation)
    {
        var known = _services.Known(id);
        return await FindAsync(id, known, cancellation)
            ?? await FindAsync(id, (await _services.ReadCandidatesAsync(id, cancellation)).Except(known), cancellation);
    }

    private async Task<(ServiceSlug Service, StoredBatch Batch)?> FindAsync(
        BatchId id, IEnumerable<ServiceSlug> services, CancellationToken cancellation)
    {
        foreach (var some in services.Chunk(link.CallsAtOnce))
        {
            var found = await Task.WhenAll(some.Select(async service =>
                (Service: service,
                    Bytes: (byte[]?)await link.AskAsync(d => d.StringGetAsync(link.Keys.Batch(service, id)), cancellation))));
            if (Array.Find(found, f => f.Bytes is not null) is (var service, { } bytes))
                return (service, new StoredBatch(bytes));
        }
        return null;
    }
}
