namespace OutageAggregator.Storage.Redis.Counts;

/// <summary>
/// A batch as it is remembered for 25 hours: to answer it again as it was answered first, and to take a report of it back. Reports of
/// different reporters or kinds are in columns, in the order of their groups.
/// <code>
///   head        version u8 | region, 2 letters | groups u16 | reports u16 | said twice u16 | received at, ms i64
///               groups: (minute i32 | cell u8 | reports u16)*     one of each minute and cell
///   reporters   8 bytes*     the low half: what turns are taken under and people are told apart by
///   rest        8 bytes*     the high half
///               mark u8*     1 where it was taken back
///               place u16*   in the batch
///               (place u16 | report of the same reporter u16)*    those said twice
///   outcomes    nothing where all were counted, or u32*: 0 counted, or milliseconds from the batch until the reporter's turn
/// </code>
/// 43 bytes a lone report, 19 each further one of its minute and cell. Little-endian.
/// </summary>
internal sealed class StoredBatch
{
    private const byte Version = 1;
    private const int HeadBytes = 17;
    private const int GroupBytes = 7;
    private const int HalfBytes = 8;
    private const int TwiceBytes = 4;

    private readonly byte[] _bytes;
    private readonly int _reports;
    private readonly Group[] _groupOf;
    private readonly int _reporters;
    private readonly int _outcomes;

    // For each report of the batch, in order, the one that stands for its reporter.
    private readonly int[] _entries;
    private readonly bool[] _saidTwice;

    /// <exception cref="InvalidDataException">The bytes are no stored batch.</exception>
    public StoredBatch(byte[] bytes)
    {
        _bytes = bytes;
        if (bytes.Length < HeadBytes || bytes[0] != Version)
            throw Damaged();
        Region = Region.TryParse(Encoding.ASCII.GetString(bytes, 1, 2), out var region) ? region : throw Damaged();
        var groups = U16(3);
        _reports = U16(5);
        var twice = U16(7);
        ReceivedAt = BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(9));
        _reporters = HeadBytes + (groups * GroupBytes);
        var places = MarkOf(_reports);
        var tail = places + (_reports * sizeof(ushort));
        _outcomes = tail + (twice * TwiceBytes);
        if (bytes.Length != _outcomes && bytes.Length != _outcomes + (_reports * sizeof(uint)))
            throw Damaged();
        _groupOf = [.. Enumerable.Range(0, groups).Select(GroupAt).SelectMany(g => Enumerable.Repeat(g, g.Reports))];
        _entries = new int[_reports + twice];
        _saidTwice = new bool[_entries.Length];
        if (_groupOf.Length != _reports)
            throw Damaged();
        for (var entry = 0; entry < _reports; entry++)
            _entries[PlaceAt(places + (entry * sizeof(ushort)))] = entry;
        for (var at = tail; at < _outcomes; at += TwiceBytes)
            (_saidTwice[PlaceAt(at)], _entries[PlaceAt(at)]) = (true, _entries[PlaceAt(at + sizeof(ushort))]);
    }

    public Region Region { get; }

    /// <summary>Milliseconds since 1970.</summary>
    public long ReceivedAt { get; }

    /// <summary>How many reports the batch had.</summary>
    public int Count => _entries.Length;

    /// <summary>What each report was answered, in order.</summary>
    public Receipt[] Receipts()
    {
        var receipts = new Receipt[Count];
        for (var i = 0; i < receipts.Length; i++)
        {
            var wait = WaitOf(_entries[i]);
            var until = ReceivedAt + (wait == 0 ? (long)ReportRules.OncePer.TotalMilliseconds : wait);
            receipts[i] = ReceiptRules.Of(_groupOf[_entries[i]].Cell, taken: wait == 0 && !_saidTwice[i], until);
        }
        return receipts;
    }

    /// <summary>True where the report took its reporter's turn.</summary>
    public bool IsCounted(int index) => !_saidTwice[index] && WaitOf(_entries[index]) == 0;

    public Report ReportAt(int index)
    {
        var group = _groupOf[_entries[index]];
        var low = _reporters + (_entries[index] * HalfBytes);
        var reporter = new Reporter(
            BinaryPrimitives.ReadUInt64LittleEndian(_bytes.AsSpan(low + (_reports * HalfBytes))),
            BinaryPrimitives.ReadUInt64LittleEndian(_bytes.AsSpan(low)));
        return new Report(reporter, group.Cell, group.At);
    }

    public bool IsWithdrawn(int index) => _bytes[MarkOf(_entries[index])] != 0;

    /// <summary>Where the mark of a report stands in the bytes.</summary>
    public int OffsetOf(int index) => MarkOf(_entries[index]);

    /// <summary>The field under which the turn was taken.</summary>
    public byte[] FieldOf(int index) => _bytes.AsSpan(_reporters + (_entries[index] * HalfBytes), HalfBytes).ToArray();

    public static byte[] Head(Packing.Writer writer, ReportBatch batch, List<Group> groups, int reports, int saidTwice)
    {
        writer.Clear();
        writer.Byte(Version);
        foreach (var letter in batch.Key.Region.ToString())
            writer.Byte((byte)letter);
        writer.U16(groups.Count);
        writer.U16(reports);
        writer.U16(saidTwice);
        writer.U64((ulong)batch.ReceivedAt.ToUnixTimeMilliseconds());
        foreach (var group in groups)
        {
            writer.I32(group.At.Number);
            writer.Byte(group.Cell.Number);
            writer.U16(group.Reports);
        }
        return writer.Written.ToArray();
    }

    /// <summary>
    /// The columns of reports: of those of different reporters or kinds the places are given, by group; of the others, too, each with that
    /// of the first one of its reporter.
    /// </summary>
    public static (byte[] Reporters, byte[] Others) Columns(
        Packing.Writer writer, IReadOnlyList<Report> reports, int[] sorted, List<(int Place, int First)> twice)
    {
        writer.Clear();
        foreach (var place in sorted)
            writer.U64(reports[place].Reporter.Low);
        var reporters = writer.Written.ToArray();
        writer.Clear();
        foreach (var place in sorted)
            writer.U64(reports[place].Reporter.High);
        foreach (var _ in sorted)
            writer.Byte(0);
        foreach (var place in sorted)
            writer.U16(place);
        foreach (var (place, first) in twice)
        {
            writer.U16(place);
            writer.U16(first);
        }
        return (reporters, writer.Written.ToArray());
    }

    private Group GroupAt(int number)
    {
        var at = HeadBytes + (number * GroupBytes);
        if (_bytes[at + 4] >= ReportCell.Count)
            throw Damaged();
        var minute = new Minute(BinaryPrimitives.ReadInt32LittleEndian(_bytes.AsSpan(at)));
        return new Group(minute, new ReportCell(_bytes[at + 4]), U16(at + 5));
    }

    private int MarkOf(int entry) => _reporters + (_reports * 2 * HalfBytes) + entry;

    private int PlaceAt(int at) => U16(at) < _entries.Length ? U16(at) : throw Damaged();

    private uint WaitOf(int entry) =>
        _bytes.Length == _outcomes ? 0 : BinaryPrimitives.ReadUInt32LittleEndian(_bytes.AsSpan(_outcomes + (entry * sizeof(uint))));

    private int U16(int at) => BinaryPrimitives.ReadUInt16LittleEndian(_bytes.AsSpan(at));

    private static InvalidDataException Damaged() => new("A stored batch is damaged.");

    /// <summary>Reports of one minute and cell.</summary>
    internal readonly record struct Group(Minute At, ReportCell Cell, int Reports);
}
