namespace OutageAggregator.Storage;

/// <summary>
/// The counts of one hour of one watch: the unit in which minutes are kept.
/// <code>
///   slot = minute of the hour * 126 + cell      0 to 7,559, so entries in slot order are in (minute, cell) order
///   blob = (varint slot - slot before, varint count)*      the first slot counts from -1; two bytes an entry are usual
/// </code>
/// Only used slots are held. Cost and size so grow with cells that were used, not with reports: an hour in which a million
/// people report is a few kilobytes. Rejected: a row per minute (sixty times the index entries, and a fortnight of sixty
/// services is a million rows), fixed arrays of 126 counters a minute (30 KB an hour, nearly all of it zeros).
/// </summary>
internal sealed class HourCells
{
    public const int Minutes = 60;

    private static readonly Comparer<(ushort Slot, int Count)> s_bySlot = Comparer<(ushort Slot, int Count)>.Create(static (a, b) => a.Slot - b.Slot);

    // Ascending.
    private readonly List<(ushort Slot, int Count)> _counts = [];

    /// <summary>The hour a minute lies in, numbered from 1970.</summary>
    public static int HourOf(Minute minute) => minute.FloorTo(Minutes).Number / Minutes;

    /// <summary>The first hour that begins at or after a minute: where a half-open range of hours ends.</summary>
    public static int HourAfter(Minute to) => HourOf(to + (Minutes - 1));

    public static ushort SlotOf(Minute minute, ReportCell cell) =>
        (ushort)(((minute - minute.FloorTo(Minutes)) * ReportCell.Count) + cell.Number);

    /// <summary>The count of one cell of one minute of this hour.</summary>
    public int this[Minute minute, ReportCell cell]
    {
        get => Find(minute, cell) is >= 0 and var index ? _counts[index].Count : 0;
        set
        {
            Debug.Assert(value >= 0);
            var index = Find(minute, cell);
            if (index < 0 && value > 0)
                _counts.Insert(~index, (SlotOf(minute, cell), value));
            else if (value > 0)
                _counts[index] = (SlotOf(minute, cell), value);
            else if (index >= 0)
                _counts.RemoveAt(index);
        }
    }

    public HourCells Copy()
    {
        var copy = new HourCells();
        copy._counts.AddRange(_counts);
        return copy;
    }

    /// <summary>What was counted in a stretch, where this is the hour of a number.</summary>
    public IEnumerable<CellCount> Within(MinuteRange stretch, int hour)
    {
        foreach (var (slot, count) in _counts)
        {
            var (minute, cell) = Math.DivRem((int)slot, ReportCell.Count);
            var at = new Minute((hour * Minutes) + minute);
            if (stretch.Contains(at))
                yield return new CellCount(at, new ReportCell((byte)cell), count);
        }
    }

    /// <exception cref="InvalidDataException">The bytes are no packed hour.</exception>
    public static HourCells Unpack(ReadOnlySpan<byte> blob)
    {
        var cells = new HourCells();
        var slot = -1;
        while (!blob.IsEmpty)
        {
            slot += (int)Packing.ReadVarint(ref blob);
            var count = (int)Packing.ReadVarint(ref blob);
            if (slot is < 0 or >= Minutes * ReportCell.Count || count <= 0)
                throw new InvalidDataException("A stored hour is damaged.");
            cells._counts.Add(((ushort)slot, count));
        }
        return cells;
    }

    /// <summary>The packed form, written with <paramref name="writer"/>.</summary>
    public ReadOnlySpan<byte> Pack(Packing.Writer writer)
    {
        writer.Clear();
        var before = -1;
        foreach (var (slot, count) in _counts)
        {
            writer.Varint((ulong)(slot - before));
            writer.Varint((ulong)count);
            before = slot;
        }
        return writer.Written;
    }
    private int Find(Minute minute, ReportCell cell) => _counts.BinarySearch((SlotOf(minute, cell), 0), s_bySlot);
}
