using System.Buffers.Binary;
using System.Runtime.InteropServices;
using OutageAggregator.Storage.Redis.Client;

namespace OutageAggregator.Storage.Redis.Counts;

/// <summary>
/// Reads logs of cells, as <c>cells.lua</c> writes them: records of 6 bytes, a slot (u16) and a change of its count (i32), little-endian;
/// the sum of a slot's changes is its count. Slot 65535 is no cell. <see cref="HourCells"/> says what a slot is: unit * 126 + cell.
/// </summary>
internal static class CellLog
{
    public const int RecordBytes = 6;

    private const ushort Mark = ushort.MaxValue;

    public static ushort SlotOf(int unit, ReportCell cell) => (ushort)((unit * ReportCell.Count) + cell.Number);

    /// <summary>The slots of a log with what they hold, in slot order, those without a count left out.</summary>
    /// <param name="log">The bytes.</param>
    /// <param name="units">How many minutes or half hours it covers.</param>
    /// <exception cref="InvalidDataException">The bytes are no such log.</exception>
    public static List<KeyValuePair<int, int>> Read(ReadOnlySpan<byte> log, int units)
    {
        if (log.Length % RecordBytes != 0)
            throw new InvalidDataException("A stored log of cells is damaged.");
        var sums = new Dictionary<int, int>();
        for (; !log.IsEmpty; log = log[RecordBytes..])
        {
            var slot = BinaryPrimitives.ReadUInt16LittleEndian(log);
            if (slot == Mark)
                continue;
            if (slot >= units * ReportCell.Count)
                throw new InvalidDataException("A stored log of cells is damaged.");
            CollectionsMarshal.GetValueRefOrAddDefault(sums, slot, out _) += BinaryPrimitives.ReadInt32LittleEndian(log[2..]);
        }
        var counted = sums.Where(s => s.Value > 0).ToList();
        counted.Sort(static (a, b) => a.Key.CompareTo(b.Key));
        return counted;
    }

    /// <summary>The hour of a log of minutes.</summary>
    /// <exception cref="InvalidDataException">The bytes are no such log.</exception>
    public static HourCells ReadHour(int hour, ReadOnlySpan<byte> log)
    {
        var cells = new HourCells();
        foreach (var (slot, count) in Read(log, HourCells.Minutes))
            cells[new Minute((hour * HourCells.Minutes) + (slot / ReportCell.Count)), CellOf(slot)] = count;
        return cells;
    }

    /// <summary>The hours of a log of half hours, each with its counts at the first minute of their half hour.</summary>
    /// <exception cref="InvalidDataException">The bytes are no such log.</exception>
    public static IEnumerable<(int Hour, HourCells Cells)> ReadDay(int day, byte[] log)
    {
        foreach (var slots in Read(log, Minute.PerDay / RedisKeys.SpanMinutes).GroupBy(s => s.Key / ReportCell.Count / 2))
        {
            var hour = (day * 24) + slots.Key;
            var cells = new HourCells();
            foreach (var (slot, count) in slots)
                cells[new Minute((day * Minute.PerDay) + (slot / ReportCell.Count * RedisKeys.SpanMinutes)), CellOf(slot)] = count;
            yield return (hour, cells);
        }
    }

    private static ReportCell CellOf(int slot) => new((byte)(slot % ReportCell.Count));
}
