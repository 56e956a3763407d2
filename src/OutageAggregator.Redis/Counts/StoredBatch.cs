using System.Buffers.Binary;
using System.Text;
using OutageAggregator.Core.Reports;
using OutageAggregator.Core.Services;
using OutageAggregator.Core.Windows;
using OutageAggregator.Runtime.Storage;

namespace OutageAggregator.Redis.Counts;

/// <summary>
/// A batch as it is remembered for 25 hours: to answer it again as it was answered first, and to take a report of it back.
/// <code>
///   head      version u8 | region, 2 letters | groups u16 | reports u16 | said twice u16 | received at, ms i64
///             groups: (minute i32 | cell u8)*                                                    one of each minute and cell
///   reports   (kind u8, + 128 where it was taken back | reporter, 16 bytes | group u16)*         of different reporters or kinds
///   tail      (place in the batch u16 | report of the same reporter u16)*                        those said twice
///   outcomes  nothing where all were counted, or (u32)*: 0 counted, or milliseconds from the batch until the reporter's turn
/// </code>
/// 41 bytes a lone report, 19 each further one. Little-endian.
/// </summary>
internal sealed class StoredBatch
{
    public const int ReportBytes = 19;

    private const byte Version = 1;
    private const byte WithdrawnBit = 128;
    private const int HeadBytes = 17;
    private const int GroupBytes = 5;
    private const int TwiceBytes = 4;

    private readonly byte[] _bytes;
    private readonly int _groups;
    private readonly int _reports;

    // For each report of the batch, in order, the one that stands for its reporter.
    private readonly int[] _entries;
    private readonly bool[] _saidTwice;
    private readonly int _outcomes;

    /// <exception cref="InvalidDataException">The bytes are no stored batch.</exception>
    public StoredBatch(byte[] bytes)
    {
        _bytes = bytes;
        if (bytes.Length < HeadBytes || bytes[0] != Version)
            throw Damaged();
        Region = Region.TryParse(Encoding.ASCII.GetString(bytes, 1, 2), out var region) ? region : throw Damaged();
        (_groups, _reports) = (U16(3), U16(5));
        var twice = U16(7);
        ReceivedAt = BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(9));
        var tail = ReportsAt + (_reports * ReportBytes);
        _outcomes = tail + (twice * TwiceBytes);
        if (bytes.Length != _outcomes && bytes.Length != _outcomes + (_reports * sizeof(uint)))
            throw Damaged();
        _entries = new int[_reports + twice];
        _saidTwice = new bool[_entries.Length];
        for (var at = tail; at < _outcomes; at += TwiceBytes)
        {
            if (U16(at) >= _entries.Length || U16(at + 2) >= _reports)
                throw Damaged();
            (_saidTwice[U16(at)], _entries[U16(at)]) = (true, U16(at + 2));
        }
        var next = 0;
        for (var i = 0; i < _entries.Length; i++)
        {
            if (!_saidTwice[i])
                _entries[i] = next++;
        }
    }

    public Region Region { get; }

    /// <summary>Milliseconds since 1970.</summary>
    public long ReceivedAt { get; }

    /// <summary>How many reports the batch had.</summary>
    public int Count => _entries.Length;

    private int ReportsAt => HeadBytes + (_groups * GroupBytes);

    /// <summary>What each report was answered, in order.</summary>
    public Receipt[] Receipts()
    {
        var receipts = new Receipt[Count];
        for (var i = 0; i < receipts.Length; i++)
        {
            var wait = WaitOf(_entries[i]);
            var until = ReceivedAt + (wait == 0 ? (long)ReportRules.OncePer.TotalMilliseconds : wait);
            receipts[i] = ReceiptRules.Of(ReportAt(i).Cell, taken: wait == 0 && !_saidTwice[i], until);
        }
        return receipts;
    }

    /// <summary>True where the report took its reporter's turn.</summary>
    public bool IsCounted(int index) => !_saidTwice[index] && WaitOf(_entries[index]) == 0;

    public Report ReportAt(int index)
    {
        var at = OffsetOf(index);
        var group = HeadBytes + (U16(at + 17) * GroupBytes);
        if (group + GroupBytes > ReportsAt || _bytes[group + 4] >= ReportCell.Count)
            throw Damaged();
        var reporter = new Reporter(BinaryPrimitives.ReadUInt64LittleEndian(_bytes.AsSpan(at + 1)), BinaryPrimitives.ReadUInt64LittleEndian(_bytes.AsSpan(at + 9)));
        return new Report(reporter, new ReportCell(_bytes[group + 4]), new Minute(BinaryPrimitives.ReadInt32LittleEndian(_bytes.AsSpan(group))));
    }

    /// <summary>Where the kind of a report stands in the bytes.</summary>
    public int OffsetOf(int index) => ReportsAt + (_entries[index] * ReportBytes);

    /// <summary>Kind and reporter: the field under which the turn is taken.</summary>
    public byte[] FieldOf(int index)
    {
        var field = _bytes.AsSpan(OffsetOf(index), 17).ToArray();
        field[0] &= WithdrawnBit - 1;
        return field;
    }

    public static byte[] Head(ReportBatch batch, int groups, int reports, int saidTwice, ReadOnlySpan<byte> packedGroups)
    {
        var head = new byte[HeadBytes + packedGroups.Length];
        head[0] = Version;
        Encoding.ASCII.GetBytes(batch.Key.Region.ToString(), head.AsSpan(1));
        BinaryPrimitives.WriteUInt16LittleEndian(head.AsSpan(3), (ushort)groups);
        BinaryPrimitives.WriteUInt16LittleEndian(head.AsSpan(5), (ushort)reports);
        BinaryPrimitives.WriteUInt16LittleEndian(head.AsSpan(7), (ushort)saidTwice);
        BinaryPrimitives.WriteInt64LittleEndian(head.AsSpan(9), batch.ReceivedAt.ToUnixTimeMilliseconds());
        packedGroups.CopyTo(head.AsSpan(HeadBytes));
        return head;
    }

    public static void WriteGroup(Packing.Writer head, Report report)
    {
        for (var shift = 0; shift < 32; shift += 8)
            head.Byte((byte)(report.At.Number >> shift));
        head.Byte(report.Cell.Number);
    }

    public static void Write(Span<byte> bytes, Report report, ushort group)
    {
        bytes[0] = (byte)report.Cell.Kind;
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[1..], report.Reporter.High);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[9..], report.Reporter.Low);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[17..], group);
    }

    private uint WaitOf(int entry) => _bytes.Length == _outcomes ? 0 : BinaryPrimitives.ReadUInt32LittleEndian(_bytes.AsSpan(_outcomes + (entry * sizeof(uint))));

    private int U16(int at) => BinaryPrimitives.ReadUInt16LittleEndian(_bytes.AsSpan(at));

    private static InvalidDataException Damaged() => new("A stored batch is damaged.");
}
