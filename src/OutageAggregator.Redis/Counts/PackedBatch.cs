using OutageAggregator.Core.Reports;
using OutageAggregator.Core.Windows;
using OutageAggregator.Runtime.Storage;
using StackExchange.Redis;

namespace OutageAggregator.Redis.Counts;

/// <summary>
/// A batch as <c>append.lua</c> takes it: which keys it touches, and its reports, each reporter and kind once. What is said twice in one batch is
/// told apart here, so the script need not; <see cref="StoredBatch"/> draws the bytes.
/// </summary>
internal sealed class PackedBatch
{
    private readonly ReportBatch _batch;
    private readonly RedisKeys _keys;
    private readonly List<RedisKey> _named;
    private readonly Dictionary<RedisKey, ushort> _numbers = [];
    private readonly Dictionary<(Minute, ReportCell), ushort> _groups = [];
    private readonly Packing.Writer _plan = new();
    private readonly Packing.Writer _packedGroups = new();
    private readonly byte[] _head;
    private readonly byte[] _reports;
    private readonly byte[] _tail;

    public PackedBatch(ReportBatch batch, RedisKeys keys, RedisSettings settings)
    {
        _batch = batch;
        _keys = keys;
        var service = batch.Key.Service;
        var receivedAt = batch.ReceivedAt.ToUnixTimeMilliseconds();
        var recent = RedisKeys.RecentOf(receivedAt);
        _named =
        [
            keys.Batch(service, batch.Id), keys.Regions(service), keys.Recent(service, recent), keys.Recent(service, recent - 1), keys.Recent(service, recent + 1),
        ];
        var reports = new byte[batch.Reports.Count * StoredBatch.ReportBytes];
        var tail = new Packing.Writer();
        var entries = new Dictionary<(Reporter, ReportKind), ushort>(batch.Reports.Count);
        var newest = batch.Reports[0].At;
        var twice = 0;
        for (var i = 0; i < batch.Reports.Count; i++)
        {
            var report = batch.Reports[i];
            var entry = (ushort)entries.Count;
            if (!entries.TryAdd((report.Reporter, report.Cell.Kind), entry))
            {
                Put(tail, (ushort)i);
                Put(tail, entries[(report.Reporter, report.Cell.Kind)]);
                twice++;
                continue;
            }
            StoredBatch.Write(reports.AsSpan(entry * StoredBatch.ReportBytes), report, GroupOf(report));
            newest = Minute.Max(newest, report.At);
        }
        var words = Words();
        if (words.Count > 0)
            _named.Add(keys.Words(service, RedisKeys.DayOf(Minute.Of(batch.ReceivedAt))));
        _head = StoredBatch.Head(batch, _groups.Count, entries.Count, twice, _packedGroups.Written);
        _reports = reports.AsSpan(0, entries.Count * StoredBatch.ReportBytes).ToArray();
        _tail = tail.Written.ToArray();
        Keys = [.. _named];
        Arguments =
        [
            receivedAt, batch.Key.Region.ToString(), newest.Number,
            ReceiptRules.RememberedMilliseconds / 1000, settings.MinuteSeconds, settings.SpanSeconds,
            _head, _plan.Written.ToArray(), _reports, _tail, settings.RemarkSeconds, .. words,
        ];
    }

    public RedisKey[] Keys { get; }

    public RedisValue[] Arguments { get; }

    /// <summary>The stored form, as the script wrote it.</summary>
    /// <param name="outcomes">What the script answered.</param>
    public byte[] Stored(ReadOnlySpan<byte> outcomes) => [.. _head, .. _reports, .. _tail, .. outcomes];

    // All reports of one minute and cell are counted together.
    private ushort GroupOf(Report report)
    {
        if (_groups.TryGetValue((report.At, report.Cell), out var group))
            return group;
        group = (ushort)_groups.Count;
        _groups.Add((report.At, report.Cell), group);
        StoredBatch.WriteGroup(_packedGroups, report);
        var (hour, day, quarter) = (RedisKeys.HourOf(report.At), RedisKeys.DayOf(report.At), ReceiptRules.QuarterOf(report.At));
        Put(_plan, NumberOf(_keys.Minutes(_batch.Key, hour)));
        Put(_plan, CellLog.SlotOf(report.At.Number - (hour * 60), report.Cell));
        Put(_plan, NumberOf(_keys.Spans(_batch.Key, day)));
        Put(_plan, CellLog.SlotOf((report.At.Number - (day * Minute.PerDay)) / RedisKeys.SpanMinutes, report.Cell));
        Put(_plan, ReceiptRules.IsSketched(report.Cell) ? NumberOf(_keys.Reporters(_batch.Key, quarter), _keys.HyperLogLog(_batch.Key, quarter)) : (ushort)0);
        return group;
    }

    private ushort NumberOf(params ReadOnlySpan<RedisKey> keys)
    {
        if (_numbers.TryGetValue(keys[0], out var number))
            return number;
        number = (ushort)(_named.Count + 1);
        foreach (var key in keys)
            _named.Add(key);
        _numbers.Add(keys[0], number);
        return number;
    }

    // Under the report's id, so that they go with it when it is taken back.
    private List<RedisValue> Words()
    {
        var words = new List<RedisValue>();
        for (var i = 0; i < _batch.Reports.Count; i++)
        {
            if (_batch.Reports[i].Remark is not { } remark)
                continue;
            words.Add(new ReportId(_batch.Id, i).ToString());
            words.Add(string.Join('\t', _batch.Key.Region.ToString(), remark.WentTo?.ToString() ?? "", remark.Comment?.ReplaceLineEndings(" ") ?? ""));
        }
        return words;
    }

    private static void Put(Packing.Writer writer, ushort value)
    {
        writer.Byte((byte)value);
        writer.Byte((byte)(value >> 8));
    }
}
