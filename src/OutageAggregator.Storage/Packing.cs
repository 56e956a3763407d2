namespace OutageAggregator.Storage;

/// <summary>
/// The bytes of packed columns: varints (7 bits a byte, low bits first, as in protocol buffers) and plain little-endian words.
/// </summary>
internal static class Packing
{
    /// <exception cref="InvalidDataException">The bytes end early or are no varint.</exception>
    public static ulong ReadVarint(ref ReadOnlySpan<byte> bytes)
    {
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var part = ReadByte(ref bytes);
            value |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80)
                return value;
        }
        throw new InvalidDataException("A packed number is too long.");
    }

    /// <exception cref="InvalidDataException">The bytes end early or are no varint.</exception>
    public static long ReadSigned(ref ReadOnlySpan<byte> bytes)
    {
        var zigzag = ReadVarint(ref bytes);
        return (long)(zigzag >> 1) ^ -(long)(zigzag & 1);
    }

    /// <exception cref="InvalidDataException">There is no byte left.</exception>
    public static byte ReadByte(ref ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
            throw new InvalidDataException("A packed column ends early.");
        var value = bytes[0];
        bytes = bytes[1..];
        return value;
    }

    /// <summary>
    /// A report without its words: cell, signed varint (minute received - minute spoken of), 16 bytes reporter. 19 bytes as a rule.
    /// </summary>
    /// <exception cref="InvalidDataException">The bytes are no report.</exception>
    public static Report ReadReport(ref ReadOnlySpan<byte> bytes, Minute received)
    {
        var cell = ReadByte(ref bytes);
        if (cell >= ReportCell.Count)
            throw new InvalidDataException("A stored batch is damaged.");
        var at = received - (int)ReadSigned(ref bytes);
        if (bytes.Length < 16)
            throw new InvalidDataException("A packed column ends early.");
        var reporter = new Reporter(BinaryPrimitives.ReadUInt64LittleEndian(bytes), BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]));
        bytes = bytes[16..];
        return new Report(reporter, new ReportCell(cell), at);
    }

    /// <summary>A growing buffer, used again and again by one writer.</summary>
    internal sealed class Writer
    {
        private byte[] _bytes = new byte[1024];
        private int _length;

        public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, _length);
        public void Clear() => _length = 0;
        public void Byte(byte value) => Take(1)[0] = value;
        public void U16(int value) => BinaryPrimitives.WriteUInt16LittleEndian(Take(sizeof(ushort)), (ushort)value);
        public void I32(int value) => BinaryPrimitives.WriteInt32LittleEndian(Take(sizeof(int)), value);
        public void U64(ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(Take(sizeof(ulong)), value);

        public void Varint(ulong value)
        {
            while (value >= 0x80)
            {
                Byte((byte)(value | 0x80));
                value >>= 7;
            }
            Byte((byte)value);
        }

        public void Signed(long value) => Varint((ulong)((value << 1) ^ (value >> 63)));

        /// <summary>As <see cref="ReadReport"/> reads it.</summary>
        public void Report(Report report, Minute received)
        {
            Byte(report.Cell.Number);
            Signed(received - report.At);
            U64(report.Reporter.High);
            U64(report.Reporter.Low);
        }

        private Span<byte> Take(int length)
        {
            if (_length + length > _bytes.Length)
                Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _length + length));
            _length += length;
            return _bytes.AsSpan(_length - length, length);
        }
    }
}
