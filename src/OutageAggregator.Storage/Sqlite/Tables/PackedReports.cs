namespace OutageAggregator.Storage.Sqlite.Tables;

/// <summary>
/// The packed reports of one journal row: enough to count them, to answer a batch again as it was answered first, to take a report back,
/// and to know after a restart who has reported. Rows are forgotten after 25 hours: nothing older than a day is asked for. What stays of
/// a reporter is an element of a sketch, which tells people apart.
/// <code>
///   entry = head, report (Packing.ReadReport)                        counted or late: 20 bytes as a rule
///         | head, signed varint (until - received, milliseconds)     duplicate: 4 bytes
///   head  = outcome (2 bits) + 4 where it was taken back, from its batch or, without an id, from its counts
/// </code>
/// A row with an id is a batch. A row without one is a report once more: taken back, or counted where it was moved to. The tables are
/// folded from rows in order, and a change to an earlier row would be missed where that one is folded already.
/// </summary>
internal static class PackedReports
{
    private const byte OutcomeBits = 3;

    /// <summary>Set in the head of a report that was taken back.</summary>
    public const byte WithdrawnBit = 4;

    public static void Pack(Packing.Writer writer, long receivedAt, Report report, Receipt receipt, bool isWithdrawn = false)
    {
        writer.Byte((byte)((byte)receipt.Outcome | (isWithdrawn ? WithdrawnBit : 0)));
        if (receipt.Outcome == ReportOutcome.Duplicate)
        {
            writer.Signed(receipt.Until.ToUnixTimeMilliseconds() - receivedAt);
            return;
        }
        writer.Report(report, MinuteOf(receivedAt));
    }

    /// <summary>The reports of a row, in order.</summary>
    /// <exception cref="InvalidDataException">The bytes are no packed reports.</exception>
    public static List<JournalEntry> Unpack(ReadOnlySpan<byte> reports, long receivedAt)
    {
        var entries = new List<JournalEntry>();
        var rest = reports;
        while (!rest.IsEmpty)
        {
            var offset = reports.Length - rest.Length;
            var head = Packing.ReadByte(ref rest);
            var outcome = (ReportOutcome)(head & OutcomeBits);
            if (head > (OutcomeBits | WithdrawnBit) || outcome > ReportOutcome.Duplicate)
                throw new InvalidDataException("A stored batch is damaged.");
            Report report = default;
            var until = receivedAt + (long)ReportRules.OncePer.TotalMilliseconds;
            if (outcome == ReportOutcome.Duplicate)
                until = receivedAt + Packing.ReadSigned(ref rest);
            else
                report = Packing.ReadReport(ref rest, MinuteOf(receivedAt));
            entries.Add(new JournalEntry(
                report, new Receipt(outcome, DateTimeOffset.FromUnixTimeMilliseconds(until)), (head & WithdrawnBit) != 0, offset));
        }
        return entries;
    }

    private static Minute MinuteOf(long milliseconds) => Minute.Of(DateTimeOffset.FromUnixTimeMilliseconds(milliseconds));
}

/// <summary>One report of a journal row.</summary>
/// <param name="Report">What was counted; empty for a duplicate.</param>
/// <param name="Receipt">What it was answered.</param>
/// <param name="IsWithdrawn">True where it was taken back since.</param>
/// <param name="Offset">Where it begins in the row.</param>
internal readonly record struct JournalEntry(Report Report, Receipt Receipt, bool IsWithdrawn, int Offset);
