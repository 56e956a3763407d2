namespace OutageAggregator.Storage.Redis.Counts;

/// <summary>
/// A counted report that is taken back or told of. Its batch stays as it was counted; what it became since stands beside it, as
/// <c>cell region</c>, and both scripts do nothing where that is not what was read before: a report that moved between counts is taken from
/// where it is.
/// </summary>
internal sealed record StoredReport(ReportId Id, ServiceSlug Service, StoredBatch Batch)
{
    /// <summary>What the scripts answer where something else was told of the report since it was read: look again.</summary>
    public const int ToldMeanwhile = 2;

    /// <summary>Where it was counted when it was made.</summary>
    public WatchKey From => new(Service, Batch.Region);

    public async Task<StandingReport> ReadAsync(RedisLink link, CancellationToken cancellation)
    {
        var words = link.Keys.Words(Service, RedisKeys.DayOf(Minute.Of(DateTimeOffset.FromUnixTimeMilliseconds(Batch.ReceivedAt))));
        var amended = link.AskAsync(d => d.HashGetAsync(link.Keys.Amended(Service, Id.Batch), Id.Index), cancellation);
        var said = link.AskAsync(d => d.HashGetAsync(words, Id.ToString()), cancellation);
        return new StandingReport(this, words, (string?)await amended ?? "", (string?)await said ?? "");
    }
}

/// <summary>A report as it was read.</summary>
/// <param name="Words">Where its words are kept.</param>
/// <param name="Amended">What it became, as it is kept; empty where it is as it was made.</param>
/// <param name="Said">Its words, as they are kept.</param>
internal sealed record StandingReport(StoredReport Of, RedisKey Words, string Amended, string Said)
{
    public ToldReport Told { get; } = Read(Of, Amended) with { Remark = StoredWords.Read(Said) };

    public async Task<long> WithdrawAsync(RedisLink link)
    {
        var (key, report, _) = Told;
        return (long)await link.RunAsync(
            RedisScript.Withdraw,
            [
                link.Keys.Batch(Of.Service, Of.Id.Batch),
                link.Keys.Recent(Of.Service, report.Cell.Kind, RedisKeys.RecentOf(Of.Batch.ReceivedAt)),
                link.Keys.Minutes(key, HourCells.HourOf(report.At)), link.Keys.Spans(key, RedisKeys.DayOf(report.At)),
                link.Keys.Reporters(key, ReceiptRules.QuarterOf(report.At)), Words, link.Keys.Amended(Of.Service, Of.Id.Batch),
            ],
            [
                Of.Batch.OffsetOf(Of.Id.Index), Of.Batch.FieldOf(Of.Id.Index), Of.Batch.ReceivedAt,
                (int)HourCells.SlotOf(report.At, report.Cell), (int)CellLog.SpanSlotOf(report.At, report.Cell),
                link.Settings.MinuteSeconds, link.Settings.SpanSeconds, ReceiptRules.IsSketched(report.Cell) ? 1 : 0, Of.Id.ToString(),
                Of.Id.Index, Amended,
            ],
            CancellationToken.None);
    }

    public async Task<long> AmendAsync(RedisLink link, ToldReport after)
    {
        var ((before, old, _), (key, report, remark)) = (Told, after);
        var (hour, day, quarter) = (HourCells.HourOf(report.At), RedisKeys.DayOf(report.At), ReceiptRules.QuarterOf(report.At));
        List<RedisKey> keys = [link.Keys.Batch(Of.Service, Of.Id.Batch), link.Keys.Amended(Of.Service, Of.Id.Batch), Words];
        if ((before, old) != (key, report))
        {
            keys.AddRange(
                [link.Keys.Minutes(before, hour), link.Keys.Spans(before, day), link.Keys.Minutes(key, hour), link.Keys.Spans(key, day)]);
        }
        if (before != key)
            keys.Add(link.Keys.Regions(Of.Service));
        if (before != key && ReceiptRules.IsSketched(report.Cell))
            keys.AddRange([link.Keys.Reporters(before, quarter), link.Keys.Reporters(key, quarter), link.Keys.HyperLogLog(key, quarter)]);
        return (long)await link.RunAsync(
            RedisScript.Amend,
            [.. keys],
            [
                Of.Batch.OffsetOf(Of.Id.Index), Of.Id.Index, Amended,
                (before, old) == (key, report) ? Amended : $"{report.Cell.Number} {key.Region}",
                Of.Id.ToString(), Said, remark is null ? Said : StoredWords.Of(key.Region, remark), link.Settings.RemarkSeconds,
                link.Settings.MinuteSeconds, link.Settings.SpanSeconds,
                (int)HourCells.SlotOf(old.At, old.Cell), (int)CellLog.SpanSlotOf(old.At, old.Cell),
                (int)HourCells.SlotOf(report.At, report.Cell), (int)CellLog.SpanSlotOf(report.At, report.Cell),
                key.Region.ToString(), report.At.Number, Of.Batch.FieldOf(Of.Id.Index),
            ],
            CancellationToken.None);
    }

    private static ToldReport Read(StoredReport of, string amended)
    {
        var report = of.Batch.ReportAt(of.Id.Index);
        if (amended.Length == 0)
            return new ToldReport(of.From, report, null);
        return amended.Split(' ') is [var cell, var code]
            && byte.TryParse(cell, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number < ReportCell.Count && Region.TryParse(code, out var region)
            ? new ToldReport(new WatchKey(of.Service, region), report with { Cell = new ReportCell(number) }, null)
            : throw new InvalidDataException("A report that was told of is damaged.");
    }
}
