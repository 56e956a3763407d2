namespace OutageAggregator.Storage.Sqlite.Tables;

/// <summary>
/// The tables of hours and of sketches. Their newest rows live in memory and are folded into the file every 64 groups or every second:
/// <code>
///   group commit:  journal rows (appended, a page or two)                     durable: what was answered
///   after it:      the same reports, added to rows in memory                  visible to readers
///   now and then:  rows changed since the last time + "folded up to seq n"    in one transaction
///   at the start:  journal rows above n are added again                       nothing lost, nothing twice
/// </code>
/// So a commit costs the same whether its reports are of one service or of two hundred, and an hour of an outage, some kilobytes, is
/// written once a second and not once a group. Rejected: writing the rows in every group, which is simpler and took three times the
/// processor and ten times the pages where reports spread over many services.
/// </summary>
internal sealed class CountTables
{
    private const int GroupsPerFold = 64;

    private static readonly TimeSpan s_foldAfter = TimeSpan.FromSeconds(1);

    private readonly Connection _connection;
    private readonly List<CountChange> _pending = [];
    private readonly List<RowKey> _imported = [];
    private long? _foldingSeq;
    private int _groups;
    private long _lastFold = Stopwatch.GetTimestamp();

    public CountTables(Connection connection)
    {
        _connection = connection;
        var hour = new Packing.Writer();
        var sketch = new byte[(ReporterSketch.ExactLimit * sizeof(ulong)) + 1];
        Hours = new(connection, "hours", "hour", "cells", HourCells.Unpack, cells => cells.Pack(hour), static cells => cells.Copy());
        Sketches = new(connection, "reporter_sketches", "quarter", "sketch", ReporterSketch.Unpack, Pack, static people => people.Copy());
        FoldedSeq = AcceptedSeq = connection.ReadNumber("SELECT value FROM state WHERE name = 'folded_seq'");

        ReadOnlySpan<byte> Pack(ReporterSketch reporters)
        {
            reporters.Pack(sketch);
            return sketch.AsSpan(0, reporters.PackedLength);
        }
    }

    public HotRows<HourCells> Hours { get; }
    public HotRows<ReporterSketch> Sketches { get; }

    /// <summary>The journal row up to which the file's tables hold everything.</summary>
    public long FoldedSeq { get; private set; }

    /// <summary>The newest journal row that is durable.</summary>
    public long AcceptedSeq { get; private set; }

    /// <summary>Folds in this transaction, due or not.</summary>
    public bool IsFoldWanted { get; set; }

    /// <summary>A report is to be counted, or uncounted, once the transaction is durable.</summary>
    public void Change(WatchKey key, Report report, bool isWithdrawal)
    {
        Hours.Load(HourKey(key, report.At));
        if (ReceiptRules.IsSketched(report.Cell))
            Sketches.Load(QuarterKey(key, report.At));
        _pending.Add(new CountChange(key, report, isWithdrawal));
    }

    /// <summary>Folds where it is time to, or wanted.</summary>
    public void FoldWhenDue()
    {
        if (_foldingSeq is null && (Hours.HasNewer || Sketches.HasNewer)
            && (IsFoldWanted || ++_groups >= GroupsPerFold || Stopwatch.GetElapsedTime(_lastFold) >= s_foldAfter))
        {
            Fold();
        }
    }

    /// <summary>The transaction is durable: what waited for it is counted.</summary>
    /// <param name="seq">The newest journal row of it.</param>
    public void Accept(long seq)
    {
        if (_foldingSeq is { } folded)
        {
            Hours.Folded();
            Sketches.Folded();
            (FoldedSeq, _foldingSeq) = (folded, null);
            IsFoldWanted = false;
            _groups = 0;
            _lastFold = Stopwatch.GetTimestamp();
        }
        foreach (var hour in _imported)
            Hours.Forget(hour);
        _imported.Clear();
        AcceptedSeq = seq;
        Apply();
        Hours.Trim();
        Sketches.Trim();
    }

    /// <summary>The transaction never was.</summary>
    public void Undo()
    {
        _pending.Clear();
        _imported.Clear();
        _foldingSeq = null;
    }

    /// <summary>
    /// Sets cells in the file itself. What is newer in memory is folded first, so that the rows there are whole; no change may wait in the
    /// same transaction.
    /// </summary>
    public void Import(WatchKey key, IReadOnlyList<CellCount> counts)
    {
        Debug.Assert(_pending.Count == 0);
        if (_foldingSeq is null)
            Fold();
        foreach (var hour in counts.GroupBy(c => HourKey(key, c.Minute)))
        {
            Hours.ChangeFolded(hour.Key, cells =>
            {
                foreach (var count in hour)
                    cells[count.Minute, count.Cell] = count.Count;
            });
            _imported.Add(hour.Key);
        }
    }

    private void Apply()
    {
        lock (Hours.Gate)
        {
            foreach (var (key, report, isWithdrawal) in _pending)
            {
                var row = Hours.Newer(HourKey(key, report.At));
                // An import may have replaced the cell before its report was taken back.
                row[report.At, report.Cell] = Math.Max(0, row[report.At, report.Cell] + (isWithdrawal ? -1 : 1));
            }
        }
        lock (Sketches.Gate)
        {
            foreach (var (key, report, isWithdrawal) in _pending)
            {
                if (!ReceiptRules.IsSketched(report.Cell))
                    continue;
                var row = Sketches.Newer(QuarterKey(key, report.At));
                _ = isWithdrawal ? row.Remove(report.Reporter) : row.Add(report.Reporter);
            }
        }
        _pending.Clear();
    }

    private void Fold()
    {
        Hours.Fold();
        Sketches.Fold();
        _foldingSeq = AcceptedSeq;
        _connection.Prepare("INSERT INTO state VALUES ('folded_seq', ?) ON CONFLICT DO UPDATE SET value = excluded.value")
            .With(AcceptedSeq).Run();
    }

    private static RowKey HourKey(WatchKey key, Minute minute) => new(key, HourCells.HourOf(minute));

    private static RowKey QuarterKey(WatchKey key, Minute minute) => new(key, ReceiptRules.QuarterOf(minute));

    private readonly record struct CountChange(WatchKey Key, Report Report, bool IsWithdrawal);
}
