namespace OutageAggregator.Storage.Spool;

/// <summary>
/// The reports of a batch as the spool keeps them: all that the store needs, and no address.
/// <code>
///   entry = report (Packing.ReadReport), words      20 bytes as a rule
///   words = 0 | 1 comment | 2 went to | 3 comment, went to        each text after its length in bytes (varint)
/// </code>
/// </summary>
internal static class PackedBatch
{
    private const byte HasComment = 1;
    private const byte HasWentTo = 2;
    private const int LongestText = 4_096;

    public static byte[] Pack(ReportBatch batch)
    {
        var writer = new Packing.Writer();
        foreach (var report in batch.Reports)
        {
            writer.Report(report, Minute.Of(batch.ReceivedAt));
            var (comment, wentTo) = (report.Remark?.Comment, report.Remark?.WentTo?.ToString());
            writer.Byte((byte)((comment is null ? 0 : HasComment) | (wentTo is null ? 0 : HasWentTo)));
            foreach (var text in new[] { comment, wentTo }.OfType<string>())
            {
                var utf8 = Encoding.UTF8.GetBytes(text);
                writer.Varint((ulong)utf8.Length);
                Array.ForEach(utf8, writer.Byte);
            }
        }
        return writer.Written.ToArray();
    }

    /// <exception cref="InvalidDataException">The bytes are no packed reports.</exception>
    public static List<Report> Unpack(ReadOnlySpan<byte> bytes, DateTimeOffset receivedAt)
    {
        var reports = new List<Report>();
        while (!bytes.IsEmpty)
        {
            var report = Packing.ReadReport(ref bytes, Minute.Of(receivedAt));
            var words = Packing.ReadByte(ref bytes);
            var comment = (words & HasComment) != 0 ? Text(ref bytes) : null;
            ServiceSlug? wentTo = (words & HasWentTo) == 0 ? null
                : ServiceSlug.TryParse(Text(ref bytes), out var slug) ? slug : throw new InvalidDataException("A spooled batch is damaged.");
            reports.Add(report with { Remark = words == 0 ? null : new Remark(comment, wentTo) });
        }
        return reports;
    }

    private static string Text(ref ReadOnlySpan<byte> bytes)
    {
        var length = Packing.ReadVarint(ref bytes);
        if (length > LongestText || (int)length > bytes.Length)
            throw new InvalidDataException("A spooled batch is damaged.");
        var text = Encoding.UTF8.GetString(bytes[..(int)length]);
        bytes = bytes[(int)length..];
        return text;
    }
}
