namespace OutageAggregator.Core.Watching;

/// <summary>
/// One stream of counts under observation: its window, what is usual for it, how it scatters, and its detector. A region's watch
/// has one, a service's watch has one for the world's sum.
/// <para>
/// What is usual at a minute = the baseline of the time of week, times a slow level (the ratio of the last hours to the baseline,
/// within bounds that are tight once a week is known: wider ones would learn a slow burn). Times of day never seen before are
/// taken from a decaying mean of the last hours. All of this learns with a lag and stands still while an incident is open, so
/// that an outage does not become its own yardstick.
/// </para>
/// </summary>
internal sealed class WatchedSeries(Baseline baseline, IDetector detector, Minute start)
{
    // A minute is learnt from a quarter of an hour late: by then an outage that began in it has been noticed. A new watch, which
    // has nothing else to go by, starts with three minutes.
    private const int LearnLag = 15;
    private const int FirstLearnLag = 3;

    // A half hour goes into the baseline three hours late: a slow burn may take as long to be noticed.
    private const int BaselineLag = 180;

    // What an incident that outlasted WatchMode.LongestUnlearntMinutes may have moved the level to.
    private const double LongestShift = 50;

    // Before this many minutes of a new watch nothing is judged: there is nothing to compare with.
    private const int ColdMinutes = 10;

    // As long as a time of day was never seen, this many reporters a minute are taken for possible, however silent the last hours
    // were: on its first day a service may not raise an incident with half a dozen people.
    private const double ColdFloor = 0.2;

    private const double LevelHalfLife = 240;
    private const double ColdHalfLife = 120;
    private const double NoiseHalfLife = 3 * Minute.PerDay;
    private static readonly double s_levelKeep = Math.Pow(0.5, 1 / LevelHalfLife);
    private static readonly double s_coldKeep = Math.Pow(0.5, 1 / ColdHalfLife);
    private static readonly double s_noiseKeep = Math.Pow(0.5, 1 / NoiseHalfLife);

    private readonly float[] _usual = new float[LearnLag + 1];
    private Decaying _level = new(10, 10);
    private Decaying _cold = new(0.2, 1);
    private Decaying _minuteNoise = new(0.2 * 20, 20);
    private Decaying _sharedNoise = new(0.03 * 2000, 2000);
    private Minute _since = start;
    private Minute? _incidentFrom;
    private Minute _learnt = start;
    private bool _shifted;
    private int _recalled;
    private bool _passedIncident;
    private Minute _passedSince = start;

    internal Window Window { get; } = new(start);

    internal Noise Noise => new(Math.Clamp(_minuteNoise.Ratio, 0.01, 1.5), Math.Clamp(_sharedNoise.Ratio, 0.01, 0.2) + _estimateError);

    // What the newest expectation leaves open; see Baseline.At.
    private double _estimateError = 1;

    /// <summary>Closes the next minute and, where it was observed, judges it.</summary>
    internal Verdict Close(bool observed)
    {
        Advance(observed, inIncident: false);
        return Judge(observed, _since);
    }

    /// <summary>
    /// Closes the next minute of a past that was judged when it was new: it is learnt from as by <see cref="Close"/>, and the detector sees
    /// it to remember what this series used to show. Its verdict was told then.
    /// </summary>
    internal void Pass(bool observed, bool inIncident)
    {
        Advance(observed, inIncident);
        _ = Judge(observed, _passedSince);
    }

    private Verdict Judge(bool observed, Minute since) =>
        !observed || (baseline.DaysLearnt == 0 && Window.End - 1 - Window.Start < ColdMinutes)
            ? default
            : detector.Judge(new Observation(Window, since, Noise, baseline.DaysSeen(Window.End - 1)));

    private void Advance(bool observed, bool inIncident)
    {
        var minute = Window.End;
        if (_passedIncident && !inIncident)
        {
            _passedSince = minute;
            detector.Reset();
        }
        _passedIncident = inIncident;
        Window.Close(Usual(minute), observed);
        if (inIncident)
            Window.MarkIncident(minute);
        if (_incidentFrom is { } from && minute >= from)
        {
            if (minute - from < WatchMode.LongestUnlearntMinutes)
                Window.MarkIncident(minute);
            else
                _shifted = true;
        }
        var lag = Math.Min(LearnLag, FirstLearnLag + ((minute - Window.Start) / 5));
        for (; _learnt <= minute - lag; _learnt++)
            Learn(_learnt);
        if ((minute.Number + 1 - BaselineLag) % Baseline.SpanMinutes == 0)
            LearnSpan(minute + 1 - BaselineLag - Baseline.SpanMinutes);
    }

    /// <summary>Does what its service's watch asks of it. Who raised the incident remembers it, and nobody else.</summary>
    internal void Follow(in WatchMode mode, Region region)
    {
        _incidentFrom = mode.InIncident ? mode.From : null;
        if (mode.InIncident)
        {
            Window.MarkIncident(mode.From);
            return;
        }
        _since = mode.From;
        detector.Reset();
        // What came later, the detector has seen.
        if (mode.Evidence.Region != region || mode.Number <= _recalled || mode.From > Window.Start)
            return;
        _recalled = mode.Number;
        detector.Recall(mode.From, mode.Evidence);
    }

    private double Usual(Minute minute)
    {
        var usual = baseline.At(minute);
        var days = baseline.DaysSeen(minute);
        // Bounds of the level: what a known week may drift by, and what a single known day may be wrong by.
        var drift = days >= 7 ? 1.35 : days >= 3 ? 1.6 : 2.5;
        _shifted &= _level.Ratio > drift;
        var level = Math.Clamp(_level.Ratio, 1 / drift, _shifted ? LongestShift : drift);
        var known = days == 0 ? 0 : days >= Baseline.EnoughDays ? 1 : days / (days + 1.0);
        _usual[minute.Number % _usual.Length] = days == 0 ? 0 : (float)usual.Mean;
        _estimateError = (known * usual.Dispersion) + ((1 - known) / (1 + _cold.Top));
        return Math.Max(1e-4, (known * usual.Mean * level) + ((1 - known) * Math.Max(_cold.Ratio, ColdFloor)));
    }

    private void Learn(Minute minute)
    {
        if (!Window.IsObserved(minute) || Window.IsIncident(minute))
            return;
        var expected = Window.Expected(minute);
        var count = Window.Evidence(minute);
        // The largest that one minute may teach: rare ones beyond it are events, not weather.
        var bounded = Math.Min(count, (3 * expected) + 3);
        _cold.Add(Math.Min(count, (10 * expected) + 20), 1, s_coldKeep);
        var usual = _usual[minute.Number % _usual.Length];
        if (usual > 0)
            _level.Add(bounded, usual, s_levelKeep);
        _minuteNoise.Add(((bounded - expected) * (bounded - expected)) - expected, expected * expected, s_noiseKeep);
    }

    private void LearnSpan(Minute start)
    {
        if (start < Window.Oldest)
            return;
        int reporters = 0, minutes = 0;
        double expected = 0, squares = 0;
        for (var minute = start; minute < start + Baseline.SpanMinutes; minute++)
        {
            // A half hour touched by an incident teaches nothing, not even by its quiet minutes: stored half hours can't be cut either.
            if (Window.IsIncident(minute))
            {
                baseline.Learn(start, 0, 0);
                return;
            }
            if (!Window.IsObserved(minute))
                continue;
            minutes++;
            reporters += Window.Evidence(minute);
            expected += Window.Expected(minute);
            squares += (double)Window.Expected(minute) * Window.Expected(minute);
        }
        baseline.Learn(start, reporters, minutes);
        if (minutes < Baseline.SpanMinutes || baseline.DaysLearnt < 1)
            return;
        var bounded = Math.Min(reporters, 2.5 * expected);
        var unexplained = ((bounded - expected) * (bounded - expected)) - expected - (_minuteNoise.Ratio * squares);
        _sharedNoise.Add(unexplained, expected * expected, Math.Pow(s_noiseKeep, Baseline.SpanMinutes));
    }

    /// <summary>A ratio of two decaying sums that starts from a stated guess.</summary>
    private struct Decaying(double priorTop, double priorBottom)
    {
        private double _bottom;

        internal double Top { readonly get; private set; }

        internal readonly double Ratio => (Top + priorTop) / (_bottom + priorBottom);

        internal void Add(double top, double bottom, double keep)
        {
            Top = (Top * keep) + top;
            _bottom = (_bottom * keep) + bottom;
        }
    }
}
