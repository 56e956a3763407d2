using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace OutageAggregator.Web.Admission;

/// <summary>What a caller may still do.</summary>
/// <param name="ResetSeconds">After how many seconds the quota is whole again if nothing comes meanwhile; at least 1.</param>
/// <param name="RetrySeconds">After how many seconds one more is allowed; 0 where it is now.</param>
public readonly record struct RateVerdict(bool Allowed, int Remaining, int ResetSeconds, int RetrySeconds);

/// <summary>
/// Counts requests per caller and minute in 4 MiB that never grow: the whole internet may call, so the memory of a limiter must not
/// depend on how many do. The framework's partitioned limiter was rejected: it keeps an object of 350 to 420 bytes for each address
/// and burns a fifth of a core on sweeping 300,000 of them.
/// <code>
///   65,536 rows of 8 slots (one cache line); a keyed hash of the caller picks the row and gives the tag
///   slot, 64 bits:  tag 22 | window 12 | previous 15 | current 15
/// </code>
/// A window is a real minute (its low 12 bits). The rate is a sliding one: the current minute's count plus the part of the previous
/// minute's that the last 60 seconds still cover, which forbids the double burst at the turn of a fixed minute. A caller without a slot
/// takes an empty or outdated one of its row, else the one with the lowest count: who calls most is forgotten last. The hash is SipHash-1-3
/// under a key of this process, so nobody can aim at another's slot. Refused requests are not counted: who waits, gets on.
/// </summary>
public sealed class RateTable
{
    /// <summary>The highest limit that fits a slot.</summary>
    public const int MaxLimit = 30_000;
    private const int Rows = 65_536;
    private const int SlotsPerRow = 8;
    private const int WindowMilliseconds = 60_000;
    private const ulong CountMask = (1 << 15) - 1;
    private const ulong WindowMask = (1 << 12) - 1;
    private const ulong TagMask = (1 << 22) - 1;
    private readonly ulong[] _slots = GC.AllocateArray<ulong>(Rows * SlotsPerRow, pinned: true);
    private readonly ulong _key0;
    private readonly ulong _key1;
    private readonly TimeProvider _clock;

    /// <param name="clock">A real clock, whatever the server's own one shows; null for the machine's.</param>
    public RateTable(TimeProvider? clock = null)
    {
        _clock = clock ?? TimeProvider.System;
        Span<byte> key = stackalloc byte[16];
        RandomNumberGenerator.Fill(key);
        _key0 = BinaryPrimitives.ReadUInt64LittleEndian(key);
        _key1 = BinaryPrimitives.ReadUInt64LittleEndian(key[8..]);
    }

    /// <summary>Milliseconds of its clock, which never go back: the instant that a request is judged at.</summary>
    public long Now => (long)_clock.GetElapsedTime(0).TotalMilliseconds;

    /// <summary>Counts one request of a caller under a policy, if its limit allows it.</summary>
    /// <param name="caller">The caller's address as a number: see <see cref="Caller"/>.</param>
    /// <param name="limit">Requests in any 60 seconds, 1 to <see cref="MaxLimit"/>.</param>
    /// <param name="counts">False to be told what would be answered now, without counting anything.</param>
    public RateVerdict Take(UInt128 caller, byte policy, int limit, long now, bool counts = true)
    {
        var hash = Hash(caller, policy);
        var row = MemoryMarshal.CreateSpan(ref _slots[(int)(hash & (Rows - 1)) * SlotsPerRow], SlotsPerRow);
        var tag = (hash >> 16) & TagMask;
        var window = (ulong)(now / WindowMilliseconds) & WindowMask;
        var elapsed = (int)(now % WindowMilliseconds);
        while (true)
        {
            var index = Find(row, tag, window, out var seen);
            var (previous, current) = Counts(seen, tag, window);
            var left = limit - current - (int)((long)previous * (WindowMilliseconds - elapsed) / WindowMilliseconds);
            if (left <= 0)
                return new RateVerdict(false, 0, Reset(current, elapsed), Retry(previous, current, limit, elapsed));
            if (!counts)
                return new RateVerdict(true, left, Reset(current, elapsed), 0);
            var counted = Pack(tag, window, previous, current + 1);
            if (Interlocked.CompareExchange(ref row[index], counted, seen) == seen)
                return new RateVerdict(true, left - 1, Reset(current + 1, elapsed), 0);
        }
    }

    private static int Find(Span<ulong> row, ulong tag, ulong window, out ulong seen)
    {
        var (victim, victimCount) = (0, int.MaxValue);
        seen = 0;
        for (var i = 0; i < row.Length; i++)
        {
            var slot = Volatile.Read(ref row[i]);
            if (slot != 0 && slot >> 42 == tag)
            {
                seen = slot;
                return i;
            }
            var (previous, current) = Counts(slot, slot >> 42, window);
            if (previous + current < victimCount)
                (victim, victimCount, seen) = (i, previous + current, slot);
        }
        return victim;
    }

    /// <summary>A slot's counts as of a window; zeros where it belongs to another caller or is outdated.</summary>
    private static (int Previous, int Current) Counts(ulong slot, ulong tag, ulong window)
    {
        if (slot == 0 || slot >> 42 != tag)
            return (0, 0);
        return ((window - (slot >> 30)) & WindowMask) switch
        {
            0 => ((int)((slot >> 15) & CountMask), (int)(slot & CountMask)),
            1 => ((int)(slot & CountMask), 0),
            _ => (0, 0),
        };
    }

    private static ulong Pack(ulong tag, ulong window, int previous, int current) =>
        (tag << 42) | (window << 30) | ((ulong)(uint)previous << 15) | (uint)current;

    private static int Reset(int current, int elapsed) => Seconds(WindowMilliseconds - elapsed + (current > 0 ? WindowMilliseconds : 0));

    /// <summary>When the sliding count first leaves room for one more.</summary>
    private static int Retry(int previous, int current, int limit, int elapsed)
    {
        // Within this minute the previous one's weight has to fall to what the current one leaves; else within the next, where current is
        // previous.
        var room = limit - 1 - current;
        var wait = room >= 0
            ? WindowMilliseconds - (long)WindowMilliseconds * (room + 1) / Math.Max(previous, 1) - elapsed
            : WindowMilliseconds - elapsed + WindowMilliseconds - (long)WindowMilliseconds * limit / current;
        return Seconds(wait + 1);
    }

    private static int Seconds(long milliseconds) => (int)Math.Max(1, (milliseconds + 999) / 1000);

    // SipHash-1-3 of 24 bytes: the caller, and the policy with the length in the last byte; then three rounds of nothing.
    private ulong Hash(UInt128 caller, byte policy)
    {
        ReadOnlySpan<ulong> words = [(ulong)caller, (ulong)(caller >> 64), ((ulong)17 << 56) | policy, 0, 0, 0];
        var (v0, v1) = (_key0 ^ 0x736f6d6570736575, _key1 ^ 0x646f72616e646f6d);
        var (v2, v3) = (_key0 ^ 0x6c7967656e657261, _key1 ^ 0x7465646279746573);
        for (var i = 0; i < words.Length; i++)
        {
            v2 ^= i == 3 ? 0xffUL : 0;
            v3 ^= words[i];
            v0 += v1;
            v1 = BitOperations.RotateLeft(v1, 13) ^ v0;
            v0 = BitOperations.RotateLeft(v0, 32);
            v2 += v3;
            v3 = BitOperations.RotateLeft(v3, 16) ^ v2;
            v0 += v3;
            v3 = BitOperations.RotateLeft(v3, 21) ^ v0;
            v2 += v1;
            v1 = BitOperations.RotateLeft(v1, 17) ^ v2;
            v2 = BitOperations.RotateLeft(v2, 32);
            v0 ^= words[i];
        }
        return v0 ^ v1 ^ v2 ^ v3;
    }
}
