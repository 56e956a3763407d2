using System.Buffers.Binary;
using System.Numerics;

namespace OutageAggregator.Core.Windows;

/// <summary>
/// How many distinct reporters, in bounded memory: exact for the first 512, a HyperLogLog of 4,096 registers from there on.
/// <code>
///   exact: sorted 64-bit hashes                          bytes: 0, then 8 bytes a hash (little-endian)
///   dense: 4,096 registers of one byte                   bytes: 1, then the registers
///   hash:  12 bits choose the register; it keeps the longest run of leading zeros of the other 52 bits, plus one
/// </code>
/// The standard error of the dense form is 1.04 / sqrt(4096) = 1.6 %. Estimate: O. Ertl, "New cardinality estimation algorithms for
/// HyperLogLog sketches" (arXiv:1702.01284), the improved raw estimator: unbiased from 0 upwards without tables and without a
/// switch between two formulas, which the original has and which shows as a step in charts. Registers of one byte, not packed
/// six bits: 1 KB more for the few quarters of an hour that are dense, for code that can be read.
/// <para>
/// Elements are keyed hashes of server-derived identity only; whoever can choose elements can forge any estimate.
/// </para>
/// Not safe for concurrent use.
/// </summary>
public sealed class ReporterSketch
{
    /// <summary>Up to so many reporters the count is exact.</summary>
    public const int ExactLimit = 512;

    private const int IndexBits = 12;
    private const int RegisterCount = 1 << IndexBits;
    private const int MaxRank = 64 - IndexBits + 1;

    // Exactly one of the two is in use: hashes until there are too many, then registers.
    private readonly List<ulong> _hashes = [];
    private byte[]? _registers;

    /// <summary>True while the estimate is exact.</summary>
    public bool IsExact => _registers is null;

    /// <summary>Bytes of the packed form.</summary>
    public int PackedLength => 1 + (_registers?.Length ?? _hashes.Count * sizeof(ulong));

    /// <summary>Reads a packed sketch.</summary>
    /// <exception cref="FormatException">The bytes are no packed sketch.</exception>
    public static ReporterSketch Unpack(ReadOnlySpan<byte> bytes)
    {
        var sketch = new ReporterSketch();
        if (bytes.Length == 1 + RegisterCount && bytes[0] == 1 && !bytes[1..].ContainsAnyExceptInRange((byte)0, (byte)MaxRank))
        {
            sketch._registers = bytes[1..].ToArray();
            return sketch;
        }
        if (bytes.Length % sizeof(ulong) != 1 || bytes[0] != 0)
            throw new FormatException("A stored sketch of reporters is damaged.");
        for (bytes = bytes[1..]; !bytes.IsEmpty; bytes = bytes[sizeof(ulong)..])
            sketch.AddHash(BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        return sketch;
    }

    /// <summary>Writes the packed form into <paramref name="bytes"/>, which holds at least <see cref="PackedLength"/>.</summary>
    public void Pack(Span<byte> bytes)
    {
        bytes[0] = IsExact ? (byte)0 : (byte)1;
        bytes = bytes[1..];
        _registers?.CopyTo(bytes);
        for (var i = 0; i < _hashes.Count; i++)
            BinaryPrimitives.WriteUInt64LittleEndian(bytes[(i * sizeof(ulong))..], _hashes[i]);
    }

    public ReporterSketch Copy()
    {
        var copy = new ReporterSketch { _registers = (byte[]?)_registers?.Clone() };
        copy._hashes.AddRange(_hashes);
        return copy;
    }

    /// <summary>Takes a reporter in; once or often is the same.</summary>
    /// <returns>False where the sketch did not change.</returns>
    public bool Add(Reporter reporter) => AddHash(Hash(reporter));

    /// <summary>Takes a reporter out again, which only an exact sketch can; a dense one stays as it is.</summary>
    /// <returns>False where the sketch did not change.</returns>
    public bool Remove(Reporter reporter)
    {
        var index = _hashes.BinarySearch(Hash(reporter));
        if (index < 0)
            return false;
        _hashes.RemoveAt(index);
        return true;
    }

    /// <summary>Takes in all reporters of another sketch.</summary>
    public void UnionWith(ReporterSketch other)
    {
        foreach (var hash in other._hashes)
            AddHash(hash);
        if (other._registers is null)
            return;
        var registers = _registers ?? Densify();
        for (var i = 0; i < registers.Length; i++)
            registers[i] = Math.Max(registers[i], other._registers[i]);
    }

    /// <summary>The number of distinct reporters, exact or estimated.</summary>
    public long Estimate()
    {
        if (_registers is null)
            return _hashes.Count;
        Span<int> histogram = stackalloc int[MaxRank + 1];
        foreach (var rank in _registers)
            histogram[rank]++;
        const double m = RegisterCount;
        var z = m * Tau(1 - (histogram[MaxRank] / m));
        for (var rank = MaxRank - 1; rank >= 1; rank--)
            z = 0.5 * (z + histogram[rank]);
        z += m * Sigma(histogram[0] / m);
        return (long)Math.Round(m * m / (2 * Math.Log(2) * z));
    }

    // Reporters are keyed hashes already; mixing both halves keeps the sketch right for any other source of 128 bits too
    // (finaliser of splitmix64).
    private static ulong Hash(Reporter reporter) => Mix(reporter.High ^ Mix(reporter.Low + 0x9E3779B97F4A7C15));

    private static ulong Mix(ulong x)
    {
        x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
        x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
        return x ^ (x >> 31);
    }

    // Ertl's sigma and tau: what registers still at 0, and registers at the highest rank, add to the indicator.
    private static double Sigma(double x)
    {
        if (x >= 1)
            return double.PositiveInfinity;
        var (y, z, before) = (1.0, x, double.NegativeInfinity);
        while (z > before)
        {
            x *= x;
            before = z;
            z += x * y;
            y += y;
        }
        return z;
    }

    private static double Tau(double x)
    {
        if (x is <= 0 or >= 1)
            return 0;
        var (y, z, before) = (1.0, 1 - x, double.PositiveInfinity);
        while (z < before)
        {
            x = Math.Sqrt(x);
            before = z;
            y *= 0.5;
            z -= (1 - x) * (1 - x) * y;
        }
        return z / 3;
    }

    private bool AddHash(ulong hash)
    {
        if (_registers is not null)
            return AddToRegisters(_registers, hash);
        var index = _hashes.BinarySearch(hash);
        if (index >= 0)
            return false;
        if (_hashes.Count < ExactLimit)
            _hashes.Insert(~index, hash);
        else
            _ = AddToRegisters(Densify(), hash);
        return true;
    }

    private byte[] Densify()
    {
        _registers = new byte[RegisterCount];
        foreach (var hash in _hashes)
            _ = AddToRegisters(_registers, hash);
        _hashes.Clear();
        _hashes.TrimExcess();
        return _registers;
    }

    private static bool AddToRegisters(byte[] registers, ulong hash)
    {
        ref var register = ref registers[hash >> (64 - IndexBits)];
        // The bit below the 52 others ends the longest possible run.
        var rank = (byte)(BitOperations.LeadingZeroCount((hash << IndexBits) | (1UL << (IndexBits - 1))) + 1);
        if (rank <= register)
            return false;
        register = rank;
        return true;
    }
}
