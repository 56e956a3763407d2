namespace OutageAggregator.Storage.Redis.Counts;

/// <summary>
/// The call of <c>append.lua</c> for a batch: which keys it touches, and its reports, each reporter and kind once, sorted by minute and
/// cell, in the form in which they are stored (<see cref="StoredBatch"/>). What can be done before is done here: a step in the script
/// keeps everybody else waiting.
/// </summary>
internal sealed class AppendCall
{
    private readonly ReportBatch _batch;
    private readonly RedisKeys _keys;
    private readonly List<RedisKey> _named;
    private readonly Dictionary<RedisKey, int> _numbers = [];
    private readonly Packing.Writer _writer = new();
    private readonly byte[] _head;
    private readonly byte[] _reporters;
    private readonly byte[] _rest;

    public AppendCall(ReportBatch batch, RedisKeys keys, RedisSettings settings)
    {
        _batch = batch;
        _keys = keys;
        var (sorted, twice) = Sort(batch.Reports);
        var downs = 0;
        while (downs < sorted.Length && batch.Reports[sorted[downs]].Cell.Kind == ReportKind.Down)
            downs++;
        _named = [keys.Batch(batch.Key.Service, batch.Id), keys.Regions(batch.Key.Service)];
        if (downs > 0)
            AddRecent(ReportKind.Down);
        if (downs < sorted.Length)
            AddRecent(ReportKind.Back);
        var (groups, newest) = Plan(sorted);
        var plan = _writer.Written.ToArray();
        (_reporters, _rest) = StoredBatch.Columns(_writer, batch.Reports, sorted, twice);
        _head = StoredBatch.Head(_writer, batch, groups, sorted.Length, twice.Count);
        var words = Words();
        if (words.Count > 0)
            _named.Add(keys.Words(batch.Key.Service, RedisKeys.DayOf(Minute.Of(batch.ReceivedAt))));
        Keys = [.. _named];
        Arguments =
        [
            batch.ReceivedAt.ToUnixTimeMilliseconds(), batch.Key.Region.ToString(), newest.Number,
            ReceiptRules.RememberedMilliseconds / 1000, settings.MinuteSeconds, settings.SpanSeconds,
            _head, plan, _reporters, _rest, downs, settings.RemarkSeconds, .. words,
        ];
    }

    public RedisKey[] Keys { get; }

    public RedisValue[] Arguments { get; }

    /// <summary>The stored form, as the script wrote it.</summary>
    /// <param name="outcomes">What the script answered.</param>
    public byte[] Stored(ReadOnlySpan<byte> outcomes) => [.. _head, .. _reporters, .. _rest, .. outcomes];

    // The places of reports of different reporters or kinds, by kind, by what is told apart together, by minute and cell; and those that
    // say a thing twice.
    private static (int[] Sorted, List<(int Place, int First)> Twice) Sort(IReadOnlyList<Report> reports)
    {
        var first = new Dictionary<(Reporter, ReportKind), int>(reports.Count);
        var twice = new List<(int Place, int First)>();
        var sorted = new List<int>(reports.Count);
        for (var i = 0; i < reports.Count; i++)
        {
            if (first.TryAdd((reports[i].Reporter, reports[i].Cell.Kind), i))
                sorted.Add(i);
            else
                twice.Add((i, first[(reports[i].Reporter, reports[i].Cell.Kind)]));
        }
        sorted.Sort((a, b) => (reports[a].Cell.Kind, reports[a].Cell.IsLate, reports[a].At.Number, reports[a].Cell.Number, a)
            .CompareTo((reports[b].Cell.Kind, reports[b].Cell.IsLate, reports[b].At.Number, reports[b].Cell.Number, b)));
        return ([.. sorted], twice);
    }

    private (List<StoredBatch.Group> Groups, Minute Newest) Plan(int[] sorted)
    {
        var groups = new List<StoredBatch.Group>();
        var newest = _batch.Reports[sorted[0]].At;
        for (var (next, first) = (0, 0); first < sorted.Length; first = next)
        {
            var report = _batch.Reports[sorted[first]];
            while (next < sorted.Length && _batch.Reports[sorted[next]].At == report.At && _batch.Reports[sorted[next]].Cell == report.Cell)
                next++;
            groups.Add(new StoredBatch.Group(report.At, report.Cell, next - first));
            newest = Minute.Max(newest, report.At);
            var quarter = ReceiptRules.QuarterOf(report.At);
            _writer.U16(NumberOf(_keys.Minutes(_batch.Key, HourCells.HourOf(report.At))));
            _writer.U16(HourCells.SlotOf(report.At, report.Cell));
            _writer.U16(NumberOf(_keys.Spans(_batch.Key, RedisKeys.DayOf(report.At))));
            _writer.U16(CellLog.SpanSlotOf(report.At, report.Cell));
            _writer.U16(ReceiptRules.IsSketched(report.Cell)
                ? NumberOf(_keys.Reporters(_batch.Key, quarter), _keys.HyperLogLog(_batch.Key, quarter))
                : 0);
            _writer.U16(next - first);
        }
        return (groups, newest);
    }

    private void AddRecent(ReportKind kind)
    {
        var halfHour = RedisKeys.RecentOf(_batch.ReceivedAt.ToUnixTimeMilliseconds());
        foreach (var near in (long[])[halfHour, halfHour - 1, halfHour + 1])
            _named.Add(_keys.Recent(_batch.Key.Service, kind, near));
    }

    // What the script knows the first of some keys by; the others follow it.
    private int NumberOf(params ReadOnlySpan<RedisKey> keys)
    {
        if (_numbers.TryAdd(keys[0], _named.Count + 1))
            _named.AddRange(keys);
        return _numbers[keys[0]];
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
            words.Add(StoredWords.Of(_batch.Key.Region, remark));
        }
        return words;
    }
}
