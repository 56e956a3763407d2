namespace OutageAggregator.Storage.Redis.Counts;

/// <summary>
/// Logs of cells, as <c>cells.lua</c> writes them: records of 6 bytes, a slot (u16) and a change of its count (i32), little-endian;
/// the sum of a slot's changes is its count. Slot 65535 is no cell. A slot is unit * 126 + cell; units are the minutes of an hour
/// (<see cref="HourCells"/>) or the half hours of a day.
/// </summary>
internal static class CellLog
{
    private const int RecordBytes = 6;
    private const ushort Mark = ushort.MaxValue;

    /// <summary>A cell's slot in the log of its day.</summary>
    public static ushort SpanSlotOf(Minute minute, ReportCell cell) =>
        (ushort)(((minute - minute.FloorTo(Minute.PerDay)) / RedisKeys.SpanMinutes * ReportCell.Count) + cell.Number);

    /// <summary>What a log holds, each unit's at its first minute, in no order.</summary>
    /// <param name="log">The bytes.</param>
    /// <param name="first">The first minute it covers.</param>
    /// <param name="minutes">How many it covers.</param>
    /// <param name="unitMinutes">How many of them are a unit.</param>
    /// <exception cref="InvalidDataException">The bytes are no such log.</exception>
    public static IEnumerable<CellCount> Read(ReadOnlySpan<byte> log, Minute first, int minutes, int unitMinutes)
    {
        if (log.Length % RecordBytes != 0)
            throw new InvalidDataException("A stored log of cells is damaged.");
        var sums = new Dictionary<int, int>();
        for (; !log.IsEmpty; log = log[RecordBytes..])
        {
            var slot = BinaryPrimitives.ReadUInt16LittleEndian(log);
            if (slot == Mark)
                continue;
            if (slot >= minutes / unitMinutes * ReportCell.Count)
                throw new InvalidDataException("A stored log of cells is damaged.");
            CollectionsMarshal.GetValueRefOrAddDefault(sums, slot, out _) += BinaryPrimitives.ReadInt32LittleEndian(log[2..]);
        }
        return sums.Where(s => s.Value > 0).Select(s => new CellCount(
            first + (s.Key / ReportCell.Count * unitMinutes), new ReportCell((byte)(s.Key % ReportCell.Count)), s.Value));
    }
}
