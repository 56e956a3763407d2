using System.Diagnostics;
using System.Runtime.InteropServices;

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
    /// <summary>Minutes in an hour.</summary>
    public const int Minutes = 60;

    private readonly List<Entry> _entries = [];

    /// <summary>The used slots, in order.</summary>
    public ReadOnlySpan<Entry> Entries => CollectionsMarshal.AsSpan(_entries);

    /// <summary>The hour a minute lies in, numbered from 1970.</summary>
    public static int HourOf(Minute minute) => minute.FloorTo(Minutes).Number / Minutes;

    /// <summary>The first hour that begins at or after a minute: where a half-open range of hours ends.</summary>
    public static int HourAfter(Minute to) => HourOf(to + (Minutes - 1));

    /// <summary>The count of one cell of one minute of this hour.</summary>
    public int this[Minute minute, ReportCell cell]
    {
        get
        {
            var index = Find(SlotOf(minute, cell));
            return index < 0 ? 0 : _entries[index].Count;
        }
        set
        {
            Debug.Assert(value >= 0);
            var slot = SlotOf(minute, cell);
            var index = Find(slot);
            if (index < 0 && value > 0)
                _entries.Insert(~index, new Entry(slot, value));
            else if (index >= 0 && value > 0)
                _entries[index] = new Entry(slot, value);
            else if (index >= 0)
                _entries.RemoveAt(index);
        }
    }

    public HourCells Copy()
    {
        var copy = new HourCells();
        copy._entries.AddRange(_entries);
        return copy;
    }

    /// <summary>Reads a packed hour.</summary>
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
            cells._entries.Add(new Entry((ushort)slot, count));
        }
        return cells;
    }

    /// <summary>The packed form, written with <paramref name="writer"/>.</summary>
    public ReadOnlySpan<byte> Pack(Packing.Writer writer)
    {
        writer.Clear();
        var before = -1;
        foreach (var entry in Entries)
        {
            writer.Varint((ulong)(entry.Slot - before));
            writer.Varint((ulong)entry.Count);
            before = entry.Slot;
        }
        return writer.Written;
    }

    private static ushort SlotOf(Minute minute, ReportCell cell) =>
        (ushort)(((minute - minute.FloorTo(Minutes)) * ReportCell.Count) + cell.Number);

    private int Find(ushort slot) => Entries.BinarySearch<Entry, Entry>(new Entry(slot, 0));

    /// <summary>A used slot and its count, 1 or more.</summary>
    internal readonly record struct Entry(ushort Slot, int Count) : IComparable<Entry>
    {
        public int MinuteOfHour => Slot / ReportCell.Count;

        public ReportCell Cell => new((byte)(Slot % ReportCell.Count));

        public int CompareTo(Entry other) => Slot.CompareTo(other.Slot);
    }
}
