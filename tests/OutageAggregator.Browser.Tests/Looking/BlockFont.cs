using System.Buffers.Binary;
using System.Text;

namespace OutageAggregator.Browser.Tests.Looking;

/// <summary>
/// A TrueType font of chosen measures, made here so that no test depends on what is installed: every character of the Latin blocks is
/// the same block, 1,000 units an em.
/// </summary>
internal static class BlockFont
{
    private const int FirstCharacter = 0x20;
    private const int LastCharacter = 0x24F;
    private const int UnitsPerEm = 1000;

    /// <param name="advance">Width of a character, units.</param>
    /// <param name="ascent">Height of the line box above the baseline, units.</param>
    /// <param name="descent">Depth of the line box below the baseline, units.</param>
    internal static byte[] Make(int advance, int ascent, int descent)
    {
        // The first glyph stands for what is missing and is empty, the second is the block: a contour of four points.
        byte[] block =
        [
            .. Words(1, 50, 0, advance - 50, 700), .. Words(3, 0), 1, 1, 1, 1,
            .. Words(50, 0, advance - 100, 0), .. Words(0, 700, 0, -700),
        ];
        var pad = block.Length % 2;
        return File(
            ("OS/2", Os2(advance, ascent, descent)),
            ("cmap", Characters()),
            ("glyf", [.. block, .. new byte[pad]]),
            ("head", [.. Words(1, 0, 1, 0, 0, 0, 0x5F0F, 0x3CF5, 0, UnitsPerEm), .. new byte[16],
                .. Words(0, 0, advance, 700, 0, 8, 2, 0, 0)]),
            ("hhea", [.. Words(1, 0, ascent, -descent, 0, advance, 0, 0, advance, 1, 0, 0, 0, 0, 0, 0, 0, 1)]),
            ("hmtx", [.. Words(advance, 0, 50)]),
            ("loca", [.. Words(0, 0, (block.Length + pad) / 2)]),
            ("maxp", [.. Words(1, 0, 2, 4, 1, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0)]),
            ("name", Names("Block")),
            ("post", [.. Words(3, 0), .. new byte[28]]));
    }

    private static byte[] Os2(int advance, int ascent, int descent) =>
    [
        .. Words(4, advance, 400, 5, 0), .. new byte[20], .. Words(0), .. new byte[26], .. Encoding.ASCII.GetBytes("TEST"),
        .. Words(0x40, FirstCharacter, LastCharacter, ascent, -descent, 0, ascent, descent), .. new byte[8],
        .. Words(500, 700, 0, FirstCharacter, 0),
    ];

    // Format 4: one stretch of characters, each with its glyph in the list at the end, and the stretch that closes the table.
    private static byte[] Characters()
    {
        const int Count = LastCharacter - FirstCharacter + 1;
        return
        [
            .. Words(0, 1, 3, 1, 0, 12), .. Words(4, 32 + (2 * Count), 0, 4, 4, 1, 0),
            .. Words(LastCharacter, 0xFFFF, 0, FirstCharacter, 0xFFFF), .. Words(0, 1, 4, 0), .. Words([.. Enumerable.Repeat(1, Count)]),
        ];
    }

    private static byte[] Names(string name)
    {
        var text = Encoding.BigEndianUnicode.GetBytes(name);
        int[] kinds = [1, 2, 3, 4, 6];
        return
        [
            .. Words(0, kinds.Length, 6 + (12 * kinds.Length)),
            .. kinds.SelectMany(kind => Words(3, 1, 0x409, kind, text.Length, 0)), .. text,
        ];
    }

    private static byte[] File(params (string Tag, byte[] Data)[] tables)
    {
        var directory = new List<byte>([.. Words(1, 0, tables.Length, 128, 3, (16 * tables.Length) - 128)]);
        var data = new List<byte>();
        foreach (var (tag, table) in tables)
        {
            var offset = 12 + (16 * tables.Length) + data.Count;
            directory.AddRange([.. Encoding.ASCII.GetBytes(tag), .. Long(Checksum(table)), .. Long(offset), .. Long(table.Length)]);
            data.AddRange(Padded(table));
        }
        return [.. directory, .. data];
    }

    private static int Checksum(byte[] table)
    {
        var padded = Padded(table);
        var sum = 0;
        for (var i = 0; i < padded.Length; i += 4)
            sum = unchecked(sum + BinaryPrimitives.ReadInt32BigEndian(padded.AsSpan(i)));
        return sum;
    }

    private static byte[] Padded(byte[] table) => [.. table, .. new byte[(4 - (table.Length % 4)) % 4]];

    private static byte[] Words(params int[] values) => [.. values.SelectMany(v => new[] { (byte)(v >> 8), (byte)v })];

    private static byte[] Long(int value) => [.. Words(value >> 16, value)];
}
