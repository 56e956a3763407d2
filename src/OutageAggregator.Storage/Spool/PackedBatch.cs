namespace OutageAggregator.Storage.Spool;

/// <summary>
/// The reports of a batch as the spool keeps them: all that the store needs, and no address.
/// <code>
///   entry   = report (Packing.ReadReport), words      20 bytes as a rule
///   words   = sum of 1 comment, 2 went to, 4 told whether it worked there, 8 it did; then the texts, each after its bytes' number (varint)
///   details = problem, surface (255: not told), region (2 letters, ZZ: not told), words
/// </code>
/// </summary>
internal static class PackedBatch
{
    private const byte HasComment = 1;
    private const byte HasWentTo = 2;
    private const byte HasWorked = 4;
    private const byte Worked = 8;
    private const byte NotTold = 255;
    private const int LongestText = 4_096;

    public static byte[] Pack(ReportBatch batch)
    {
        var writer = new Packing.Writer();
        foreach (var report in batch.Reports)
        {
            writer.Report(report, Minute.Of(batch.ReceivedAt));
            Write(writer, report.Remark);
        }
        return writer.Written.ToArray();
    }

    public static byte[] Pack(ReportDetails details)
    {
        var writer = new Packing.Writer();
        writer.Byte((byte?)details.Problem ?? NotTold);
        writer.Byte((byte?)details.Surface ?? NotTold);
        foreach (var letter in (details.Region ?? Region.Unknown).ToString())
            writer.Byte((byte)letter);
        Write(writer, details.Remark);
        return writer.Written.ToArray();
    }

    /// <exception cref="InvalidDataException">The bytes are no packed reports.</exception>
    public static List<Report> Unpack(ReadOnlySpan<byte> bytes, DateTimeOffset receivedAt)
    {
        var reports = new List<Report>();
        while (!bytes.IsEmpty)
            reports.Add(Packing.ReadReport(ref bytes, Minute.Of(receivedAt)) with { Remark = ReadWords(ref bytes) });
        return reports;
    }

    /// <exception cref="InvalidDataException">The bytes are no packed details.</exception>
    public static ReportDetails UnpackDetails(ReadOnlySpan<byte> bytes)
    {
        var (problem, surface) = (Packing.ReadByte(ref bytes), Packing.ReadByte(ref bytes));
        var code = $"{(char)Packing.ReadByte(ref bytes)}{(char)Packing.ReadByte(ref bytes)}";
        if (!Region.TryParse(code, out var region) || (problem != NotTold && problem >= ReportCodes.Problems.Count)
            || (surface != NotTold && surface >= ReportCodes.Surfaces.Count))
            throw new InvalidDataException("Spooled details are damaged.");
        return new ReportDetails(
            problem == NotTold ? null : (Problem)problem, surface == NotTold ? null : (Surface)surface,
            region == Region.Unknown ? null : region, ReadWords(ref bytes));
    }

    private static void Write(Packing.Writer writer, Remark? remark)
    {
        var (comment, wentTo, worked) = (remark?.Comment, remark?.WentTo?.ToString(), remark?.WentToWorked);
        writer.Byte((byte)((comment is null ? 0 : HasComment) | (wentTo is null ? 0 : HasWentTo)
            | (worked is null ? 0 : HasWorked) | (worked == true ? Worked : 0)));
        foreach (var text in new[] { comment, wentTo }.OfType<string>())
        {
            var utf8 = Encoding.UTF8.GetBytes(text);
            writer.Varint((ulong)utf8.Length);
            Array.ForEach(utf8, writer.Byte);
        }
    }

    private static Remark? ReadWords(ref ReadOnlySpan<byte> bytes)
    {
        var words = Packing.ReadByte(ref bytes);
        var comment = (words & HasComment) != 0 ? Text(ref bytes) : null;
        ServiceSlug? wentTo = (words & HasWentTo) == 0 ? null
            : ServiceSlug.TryParse(Text(ref bytes), out var slug) ? slug : throw new InvalidDataException("A spooled batch is damaged.");
        return Remark.Of(comment, wentTo, (words & HasWorked) == 0 ? null : (words & Worked) != 0);
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
