namespace OutageAggregator.Core.Windows;

/// <summary>
/// The last minutes of one region of one service: what was counted, what was expected, what was observed at all.
/// <code>
///   slot = minute mod 256
///   _reports, _reporters   int[256]     open minutes included (up to 16 ahead of the last closed one)
///   _expected              float[256]   set when a minute closes
///   _flags                 byte[256]    1 observed, 2 part of an incident
/// </code>
/// A ring, because every minute is written once and forgotten after four hours, and nothing is allocated on the way.
/// </summary>
public sealed class Window
{
    /// <summary>Minutes kept: 240 to look at, 16 for those not closed yet.</summary>
    public const int Capacity = 256;

    /// <summary>The longest stretch a detector may look at, minutes.</summary>
    public const int Reach = 240;

    private const byte ObservedFlag = 1;
    private const byte IncidentFlag = 2;

    private readonly int[] _reports = new int[Capacity];
    private readonly int[] _reporters = new int[Capacity];
    private readonly float[] _expected = new float[Capacity];
    private readonly byte[] _flags = new byte[Capacity];

    /// <param name="start">The first minute that is going to be closed.</param>
    public Window(Minute start)
    {
        Start = start;
        End = start;
    }

    /// <summary>The first minute ever closed here, or about to be.</summary>
    public Minute Start { get; }

    /// <summary>The first minute that is not closed: closed are the minutes before it.</summary>
    public Minute End { get; private set; }

    /// <summary>The oldest minute that can be asked for.</summary>
    public Minute Oldest => Minute.Max(Start, End - Reach);

    /// <summary>Adds to a minute, closed or not; minutes too old or too far ahead are ignored: they can't matter here any more, or not yet.</summary>
    public void Record(Minute minute, MinuteCounts counts)
    {
        if (minute < End - Reach || minute >= End + (Capacity - Reach))
            return;
        var slot = Slot(minute);
        _reports[slot] = Math.Max(0, _reports[slot] + counts.Reports);
        _reporters[slot] = Math.Max(0, _reporters[slot] + counts.Reporters);
    }

    /// <summary>Closes the minute <see cref="End"/>.</summary>
    public void Close(double expected, bool observed)
    {
        var slot = Slot(End);
        _expected[slot] = (float)expected;
        _flags[slot] = observed ? ObservedFlag : (byte)0;
        End++;
        var reused = Slot(End + (Capacity - Reach - 1));
        (_reports[reused], _reporters[reused], _expected[reused], _flags[reused]) = (0, 0, 0, 0);
    }

    /// <summary>Marks closed minutes of [from, <see cref="End"/>) as part of an incident: they teach no baseline.</summary>
    public void MarkIncident(Minute from)
    {
        for (var minute = Minute.Max(from, Oldest); minute < End; minute++)
            _flags[Slot(minute)] |= IncidentFlag;
    }

    /// <summary>Reports in a minute, whoever sent them.</summary>
    public int Reports(Minute minute) => _reports[Slot(minute)];

    /// <summary>Distinct reporters in a minute.</summary>
    public int Reporters(Minute minute) => _reporters[Slot(minute)];

    /// <summary>What was expected when the minute closed.</summary>
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
        var slot = Slot(minute);
        var reporters = _reporters[slot];
        return _reports[slot] >= (3 * reporters) + FewSources
            ? Math.Min(reporters, (int)_expected[slot])
            : reporters;
    }

    /// <summary>Evidence and expectation of the last five closed minutes, as far as they were observed.</summary>
    public (int Evidence, double Expected) LastFive()
    {
        var evidence = 0;
        double expected = 0;
        for (var minute = End - 1; minute >= End - 5 && minute >= Oldest; minute -= 1)
        {
            if (!IsObserved(minute))
                continue;
            evidence += Evidence(minute);
            expected += Expected(minute);
        }
        return (evidence, expected);
    }

    // Below this many reports a ratio of reports to reporters says nothing.
    private const int FewSources = 4;

    private static int Slot(Minute minute) => minute.Number & (Capacity - 1);
}
