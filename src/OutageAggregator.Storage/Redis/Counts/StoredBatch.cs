using System.Buffers.Binary;
using System.Text;

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

    /// <summary>Where the mark of a report stands in the bytes.</summary>
    public int OffsetOf(int index) => MarkOf(_entries[index]);

    /// <summary>The field under which the turn was taken.</summary>
    public byte[] FieldOf(int index) => _bytes.AsSpan(_reporters + (_entries[index] * HalfBytes), HalfBytes).ToArray();

    public static byte[] Head(ReportBatch batch, List<Group> groups, int reports, int saidTwice)
    {
        var head = new byte[HeadBytes + (groups.Count * GroupBytes)];
        head[0] = Version;
        Encoding.ASCII.GetBytes(batch.Key.Region.ToString(), head.AsSpan(1));
        BinaryPrimitives.WriteUInt16LittleEndian(head.AsSpan(3), (ushort)groups.Count);
        BinaryPrimitives.WriteUInt16LittleEndian(head.AsSpan(5), (ushort)reports);
        BinaryPrimitives.WriteUInt16LittleEndian(head.AsSpan(7), (ushort)saidTwice);
        BinaryPrimitives.WriteInt64LittleEndian(head.AsSpan(9), batch.ReceivedAt.ToUnixTimeMilliseconds());
        var at = head.AsSpan(HeadBytes);
        foreach (var group in groups)
        {
            BinaryPrimitives.WriteInt32LittleEndian(at, group.At.Number);
            at[4] = group.Cell.Number;
            BinaryPrimitives.WriteUInt16LittleEndian(at[5..], (ushort)group.Reports);
            at = at[GroupBytes..];
        }
        return head;
    }

    /// <summary>The reporters, and the rest.</summary>
    /// <param name="reports">Of the batch.</param>
    /// <param name="sorted">The places of those of different reporters or kinds, by group.</param>
    /// <param name="twice">The places of the others, each with that of the first one of its reporter.</param>
    public static (byte[] Reporters, byte[] Others) Columns(IReadOnlyList<Report> reports, int[] sorted, List<(int Place, int First)> twice)
    {
        var reporters = new byte[sorted.Length * HalfBytes];
        var rest = new byte[(sorted.Length * (HalfBytes + 1 + sizeof(ushort))) + (twice.Count * TwiceBytes)];
        var places = rest.AsSpan(sorted.Length * (HalfBytes + 1));
        for (var entry = 0; entry < sorted.Length; entry++)
        {
            var reporter = reports[sorted[entry]].Reporter;
            BinaryPrimitives.WriteUInt64LittleEndian(reporters.AsSpan(entry * HalfBytes), reporter.Low);
            BinaryPrimitives.WriteUInt64LittleEndian(rest.AsSpan(entry * HalfBytes), reporter.High);
            BinaryPrimitives.WriteUInt16LittleEndian(places[(entry * sizeof(ushort))..], (ushort)sorted[entry]);
        }
        var tail = places[(sorted.Length * sizeof(ushort))..];
        foreach (var (place, first) in twice)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(tail, (ushort)place);
            BinaryPrimitives.WriteUInt16LittleEndian(tail[sizeof(ushort)..], (ushort)first);
            tail = tail[TwiceBytes..];
        }
        return (reporters, rest);
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
