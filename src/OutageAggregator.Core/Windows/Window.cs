using System.Numerics;
using System.Runtime.InteropServices;

namespace OutageAggregator.Core.Windows;

/// <summary>
/// The last minutes of one region of one service: what was counted, what was expected, what was observed at all.
/// <code>
///   slot = minute mod 256
///   _reports, _reporters   int[256]     open minutes included (up to 16 ahead of the last closed one); there only while one isn't 0
///   _evidence              int[256]     of closed and observed minutes, 0 elsewhere
///   _expected              float[256]   set when a minute closes; 0 where it wasn't observed
///   _flags                 byte[256]    1 observed, 2 part of an incident
/// </code>
/// A ring, because every minute is written once and forgotten after four hours, and nothing is allocated on the way: sums over
/// the last hours are two runs through plain arrays, eight numbers at once. A watch to which nobody reports holds 1.3 KB.
/// </summary>
/// <param name="start">The first minute that is going to be closed.</param>
public sealed class Window(Minute start)
{
    /// <summary>Minutes kept: 240 to look at, 16 for those not closed yet.</summary>
    public const int Capacity = 256;

    /// <summary>The longest stretch a detector may look at, minutes.</summary>
    public const int Reach = 240;

    private const byte ObservedFlag = 1;
    private const byte IncidentFlag = 2;

    private readonly float[] _expected = new float[Capacity];
    private readonly byte[] _flags = new byte[Capacity];
    private Counts? _counts;

    /// <summary>The first minute ever closed here, or about to be.</summary>
    public Minute Start { get; } = start;

    /// <summary>The first minute that is not closed: closed are the minutes before it.</summary>
    public Minute End { get; private set; } = start;

    /// <summary>The oldest minute that can be asked for.</summary>
    public Minute Oldest => Minute.Max(Start, End - Reach);

    /// <summary>
    /// Adds to a minute, closed or not; minutes too old or too far ahead are ignored: they can't matter here any more, or not yet.
    /// </summary>
    public void Record(Minute minute, MinuteCounts counts)
    {
        if (minute < End - Reach || minute >= End + (Capacity - Reach))
            return;
        if (_counts is null && counts.Reports <= 0 && counts.Reporters <= 0)
            return;
        var slot = Slot(minute);
        (_counts ??= new Counts()).Add(slot, counts.Reports, counts.Reporters);
        if (minute < End)
            _counts.Evidence[slot] = IsObserved(minute) ? Evidence(minute) : 0;
    }

    /// <summary>Sets a minute to what a store holds of it; minutes out of reach are ignored, as in <see cref="Record"/>.</summary>
    public void Replace(Minute minute, MinuteCounts counts) =>
        Record(minute, counts - new MinuteCounts(Reports(minute), Reporters(minute), 0, 0));

    /// <summary>Closes the minute <see cref="End"/>.</summary>
    public void Close(double expected, bool observed)
    {
        var closed = End;
        var slot = Slot(closed);
        _expected[slot] = observed ? (float)expected : 0;
        _flags[slot] = observed ? ObservedFlag : (byte)0;
        End++;
        if (_counts is not null && observed)
            _counts.Evidence[slot] = Evidence(closed);
        var reused = Slot(End + (Capacity - Reach - 1));
        (_expected[reused], _flags[reused]) = (0, 0);
        if (_counts is not null && _counts.Clear(reused))
            _counts = null;
    }

    /// <summary>Marks closed minutes of [from, <see cref="End"/>) as part of an incident: they teach no baseline.</summary>
    public void MarkIncident(Minute from)
    {
        for (var minute = Minute.Max(from, Oldest); minute < End; minute++)
            _flags[Slot(minute)] |= IncidentFlag;
    }

    /// <summary>Reports in a minute, whoever sent them.</summary>
    public int Reports(Minute minute) => _counts is null ? 0 : _counts.Reports[Slot(minute)];

    /// <summary>Distinct reporters in a minute.</summary>
    public int Reporters(Minute minute) => _counts is null ? 0 : _counts.Reporters[Slot(minute)];

    /// <summary>What was expected when the minute closed; 0 where it was not observed.</summary>
    public double Expected(Minute minute) => _expected[Slot(minute)];

    /// <summary>False in a gap, where a zero says nothing.</summary>
    public bool IsObserved(Minute minute) => (_flags[Slot(minute)] & ObservedFlag) != 0;

    /// <summary>True for minutes marked by <see cref="MarkIncident"/>.</summary>
    public bool IsIncident(Minute minute) => (_flags[Slot(minute)] & IncidentFlag) != 0;

    /// <summary>
    /// Distinct reporters of a minute as evidence: a minute in which few sources sent most of the reports (three reports a
    /// reporter and more) says no more than usual, however many they sent.
    /// </summary>
    public int Evidence(Minute minute)
    {
        if (_counts is null)
            return 0;
        var slot = Slot(minute);
        var reporters = _counts.Reporters[slot];
        return _counts.Reports[slot] >= (3 * reporters) + FewSources ? Math.Min(reporters, (int)_expected[slot]) : reporters;
    }

    /// <summary>
    /// Adds up the observed of the closed minutes [from, to), at most <see cref="Reach"/> of them and none older than <see cref="Oldest"/>.
    /// </summary>
    public WindowSum Sum(Minute from, Minute to)
    {
        if (to <= from)
            return default;
        var (first, last) = (Slot(from), Slot(to - 1));
        return first <= last ? Sum(first, last - first + 1) : Sum(first, Capacity - first) + Sum(0, last + 1);
    }

    /// <summary>Evidence and expectation of the last five closed minutes, as far as they were observed, and how many were.</summary>
    public (int Evidence, double Expected, int Observed) LastFive()
    {
        var (evidence, expected, observed) = (0, 0.0, 0);
        for (var minute = End - 1; minute >= End - 5 && minute >= Oldest; minute -= 1)
        {
            if (!IsObserved(minute))
                continue;
            evidence += Evidence(minute);
            expected += Expected(minute);
            observed++;
        }
        return (evidence, expected, observed);
    }

    // Below this many reports a ratio of reports to reporters says nothing.
    private const int FewSources = 4;

    private static int Slot(Minute minute) => minute.Number & (Capacity - 1);

    private WindowSum Sum(int first, int count)
    {
        var expected = _expected.AsSpan(first, count);
        var (means, squares) = (Vector<float>.Zero, Vector<float>.Zero);
        var wide = MemoryMarshal.Cast<float, Vector<float>>(expected);
        foreach (var some in wide)
        {
            means += some;
            squares += some * some;
        }
        double mean = Vector.Sum(means), square = Vector.Sum(squares);
        foreach (var one in expected[(wide.Length * Vector<float>.Count)..])
        {
            mean += one;
            square += one * one;
        }
        var (evidence, largest) = _counts?.Sum(first, count) ?? default;
        return new WindowSum(evidence, largest, mean, square);
    }

    /// <summary>What was counted, slot by slot.</summary>
    private sealed class Counts
    {
        private int _filled;

        internal int[] Reports { get; } = new int[Capacity];
        internal int[] Reporters { get; } = new int[Capacity];
        internal int[] Evidence { get; } = new int[Capacity];

        internal void Add(int slot, int reports, int reporters)
        {
            var was = IsFilled(slot);
            Reports[slot] = Math.Max(0, Reports[slot] + reports);
            Reporters[slot] = Math.Max(0, Reporters[slot] + reporters);
            _filled += (IsFilled(slot) ? 1 : 0) - (was ? 1 : 0);
        }

        /// <summary>Forgets a slot; true where nothing is left.</summary>
        internal bool Clear(int slot)
        {
            _filled -= IsFilled(slot) ? 1 : 0;
            (Reports[slot], Reporters[slot], Evidence[slot]) = (0, 0, 0);
            return _filled == 0;
        }

        internal (int Sum, int Largest) Sum(int first, int count)
        {
            var evidence = Evidence.AsSpan(first, count);
            var (sums, most) = (Vector<int>.Zero, Vector<int>.Zero);
            var wide = MemoryMarshal.Cast<int, Vector<int>>(evidence);
            foreach (var some in wide)
            {
                sums += some;
                most = Vector.Max(most, some);
            }
            var (sum, largest) = (Vector.Sum(sums), 0);
            for (var i = 0; i < Vector<int>.Count; i++)
                largest = Math.Max(largest, most[i]);
            foreach (var one in evidence[(wide.Length * Vector<int>.Count)..])
            {
                sum += one;
                largest = Math.Max(largest, one);
            }
            return (sum, largest);
        }

        private bool IsFilled(int slot) => (Reports[slot] | Reporters[slot]) != 0;
    }
}

/// <summary>A stretch of minutes added up.</summary>
/// <param name="Evidence">Distinct reporters as evidence.</param>
/// <param name="Largest">Those of its largest minute.</param>
/// <param name="Expected">Reporters expected.</param>
/// <param name="Squares">The squares of what each minute expected, added up: how evenly the expectation is spread.</param>
public readonly record struct WindowSum(int Evidence, int Largest, double Expected, double Squares)
{
    public static WindowSum operator +(WindowSum a, WindowSum b) =>
        new(a.Evidence + b.Evidence, Math.Max(a.Largest, b.Largest), a.Expected + b.Expected, a.Squares + b.Squares);
}
