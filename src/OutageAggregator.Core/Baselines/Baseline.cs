using NodaTime;

namespace OutageAggregator.Core.Baselines;

/// <summary>
/// What is usual for one watch at each minute of the week, learnt from its own finished half hours of the last four weeks.
/// Pure and deterministic: the same half hours give the same expectations, whether they were learnt one by one while watching
/// or read back from a store.
/// <para>
/// The rate of a half hour is estimated from the half hours within 30 minutes of the same local time on the days before,
/// those of the same weekday counting double, each brought to the level of this weekday first (a Sunday of an office tool is a
/// third of its Monday). Before they are averaged they are winsorised: no sample may say more than about twice what the others
/// do, so that an outage that went unnoticed spoils little; noticed ones are left out by the caller. Sparse estimates are shrunk
/// towards the overall mean. Local wall-clock time is what people live by, so a change of the clocks moves the day, as it
/// moves theirs. (Time of day and week as in Noufaily et al. 2013; medians, which they also use, are 0 for sparse counts.)
/// </para>
/// <code>
///   _sums     ushort[1344]   reporters of a span (28 days of 48 spans), exact to 32,767, then in steps of 64; there once one isn't 0
///   _minutes  byte[1344]     observed minutes behind it, 0 = nothing learnt
///   slot of a span = (minutes since 1970 / 30) mod 1344
/// </code>
/// 4 KB a watch, 1.3 while nobody ever reported. Rejected: a decaying mean a minute of the week (40 KB, and an outage would echo for
/// weeks); an hour as the span (mornings of office tools double within one).
/// </summary>
/// <param name="zone">The zone whose wall clock shapes the service's day.</param>
public sealed class Baseline(DateTimeZone zone)
{
    /// <summary>History is kept in spans of this many minutes, aligned to multiples of it in UTC.</summary>
    public const int SpanMinutes = 30;

    /// <summary>
    /// On so many days a time of day must have been seen for its usual to be known: from then on a watch goes by the baseline alone, and
    /// before that by what it takes for possible, too. That serves the detector, which needs a number; it is no fact to tell.
    /// </summary>
    public const int EnoughDays = 4;

    /// <summary>How far back history reaches, days.</summary>
    public const int HistoryDays = 28;

    private const int SpansPerDay = Minute.PerDay / SpanMinutes;
    private const int Spans = HistoryDays * SpansPerDay;
    // Spans so near to the present one are no sample of it, nor of its neighbours: samples are a day old, a change of the clocks apart.
    private const int NeverSampled = SpansPerDay - 8;

    private const int NoSpan = int.MinValue / 2;

    private const int ExactBelow = 1 << 15;
    private const int CoarseStep = 64;

    // Before anything is known: one report in five minutes, worth five minutes of observation. It is soon outweighed, and
    // its uncertainty (see At) makes the first hours demand more.
    private const double PriorReports = 1;
    private const double PriorMinutes = 5;

    // How many minutes' worth of the overall mean a half hour's own samples are shrunk by.
    private const double ShrinkMinutes = 30;

    private const int WinsorRounds = 5;

    // How many days' worth of "a day like any other" a weekday's own level is shrunk by.
    private const double WeekdayShrinkDays = 0.5;

    private readonly byte[] _minutes = new byte[Spans];
    private ushort[]? _sums;
    private readonly float[] _weekdays = [1, 1, 1, 1, 1, 1, 1];
    private int _newest = int.MinValue;
    private int _learntMinutes;
    private double _meanRate = PriorReports / PriorMinutes;
    private int _weekdaysOfDay = int.MinValue;
    private bool _weekdaysYoung;

    // The estimate of the span asked for last and of its neighbours, between which At interpolates.
    private int _cached = NoSpan;
    private SpanRate _before;
    private SpanRate _here;
    private SpanRate _after;

    // The zone's offset (spans), and where it last changed.
    private int _offset;
    private int _offsetBefore;
    private int _offsetFrom = int.MaxValue;
    private int _offsetUntil = int.MinValue;

    /// <summary>Days' worth of observed, unspoilt minutes learnt so far, 0 to 28.</summary>
    public double DaysLearnt => _learntMinutes / (double)Minute.PerDay;

    /// <summary>
    /// A baseline of its own that knows the same: instances remember what they were asked last, so each belongs to one thread.
    /// </summary>
    public Baseline Copy()
    {
        var copy = new Baseline(zone) { _newest = _newest, _learntMinutes = _learntMinutes, _sums = (ushort[]?)_sums?.Clone() };
        _minutes.CopyTo(copy._minutes, 0);
        return copy;
    }

    /// <summary>Learns a finished span; a span older than the newest one replaces what was known of it.</summary>
    /// <param name="start">Its first minute, aligned to <see cref="SpanMinutes"/>.</param>
    /// <param name="reporters">Reporters counted in its observed minutes.</param>
    /// <param name="observedMinutes">
    /// How many of its minutes were observed, 0 to <see cref="SpanMinutes"/>; 0 also where the span is part of an incident.
    /// </param>
    public void Learn(Minute start, int reporters, int observedMinutes)
    {
        var span = SpanOf(start);
        if (_newest == int.MinValue)
            _newest = span - 1;
        for (var skipped = Math.Max(_newest + 1, span - Spans + 1); skipped <= span; skipped++)
            Set(skipped, 0, 0);
        _newest = Math.Max(_newest, span);
        if (span > _newest - Spans)
            Set(span, Math.Max(0, reporters), observedMinutes);
        if (IsYoung || span <= _cached - NeverSampled)
            _cached = NoSpan;
    }

    /// <summary>
    /// The expectation for one minute. Its dispersion is only what the estimate itself leaves open (a gamma posterior has
    /// shape = reports seen, so alpha = 1 / reports seen); the noise of the minutes themselves is the watch's to add.
    /// </summary>
    public Expectation At(Minute minute)
    {
        var span = SpanOf(minute);
        Estimate(span);
        // Rates belong to the middle of their span; in between they change linearly.
        var place = ((minute.Number - (span * SpanMinutes) + 0.5) / SpanMinutes) - 0.5;
        var other = place < 0 ? _before : _after;
        var share = Math.Abs(place);
        return new Expectation(((1 - share) * _here.Rate) + (share * other.Rate), 1 / _here.Weight);
    }

    /// <summary>On how many days the time of day of this minute was seen before; 0 means a guess from the overall mean.</summary>
    public int DaysSeen(Minute minute)
    {
        Estimate(SpanOf(minute));
        return _here.Days;
    }

    /// <summary>Whether the usual of this minute is known and no guess; see <see cref="EnoughDays"/>.</summary>
    public bool Knows(Minute minute) => DaysSeen(minute) >= EnoughDays;

    /// <summary>The expectation for the sum over [from, to): means add, the shared error of the estimate stays.</summary>
    public Expectation Over(Minute from, Minute to)
    {
        double mean = 0, weighted = 0;
        for (var minute = from; minute < to; minute++)
        {
            var at = At(minute);
            mean += at.Mean;
            weighted += at.Mean * at.Dispersion;
        }
        return mean > 0 ? new Expectation(mean, weighted / mean) : new Expectation(1e-9, 0);
    }

    private static int SpanOf(Minute minute) => minute.FloorTo(SpanMinutes).Number / SpanMinutes;

    private static int Slot(int span) => ((span % Spans) + Spans) % Spans;

    private int Sum(int span) => _sums is null ? 0
        : _sums[Slot(span)] is var stored && stored < ExactBelow ? stored
        : ExactBelow + ((stored - ExactBelow) * CoarseStep);

    private bool IsYoung => _learntMinutes <= 2 * Minute.PerDay;

    private bool IsKnown(int span) => span <= _newest && span > _newest - Spans && _minutes[Slot(span)] > 0;

    private void Set(int span, int sum, int minutes)
    {
        var slot = Slot(span);
        _learntMinutes += minutes - _minutes[slot];
        _minutes[slot] = (byte)minutes;
        if (sum > 0)
            _sums ??= new ushort[Spans];
        if (_sums is not null)
            _sums[slot] = (ushort)(sum < ExactBelow ? sum : Math.Min(ExactBelow + ((sum - ExactBelow) / CoarseStep), ushort.MaxValue));
    }

    // Time goes on by one span mostly, and what was learnt since belongs to today, of which nothing is a sample: two of three rates stay.
    private void Estimate(int span)
    {
        if (span == _cached)
            return;
        var clocksChanged = FindOffsets(span);
        var goesOn = !LearnWeekdays(span) && !clocksChanged && span == _cached + 1 && _here.Days > 0 && _after.Days > 0;
        _before = goesOn ? _here : RateOf(span - 1);
        _here = goesOn ? _after : RateOf(span);
        _after = RateOf(span + 1);
        _cached = span;
    }

    private int Local(int span) => span + (span >= _offsetFrom ? _offset : _offsetBefore);

    // At most one change of the clocks lies within four weeks in practice; an older second one is ignored.
    private bool FindOffsets(int span)
    {
        if (span < _offsetUntil && span >= _offsetFrom)
            return false;
        var interval = zone.GetZoneInterval(Instant.FromUnixTimeSeconds(span * 60L * SpanMinutes));
        _offset = SpansOf(interval.WallOffset);
        _offsetBefore = interval.HasStart ? SpansOf(zone.GetZoneInterval(interval.Start - Duration.Epsilon).WallOffset) : _offset;
        _offsetFrom = interval.HasStart ? (int)(interval.Start.ToUnixTimeSeconds() / (60 * SpanMinutes)) : int.MinValue;
        _offsetUntil = interval.HasEnd ? (int)(interval.End.ToUnixTimeSeconds() / (60 * SpanMinutes)) : int.MaxValue;
        return true;
    }

    private static int SpansOf(Offset offset) => (int)Math.Floor(offset.Seconds / (60.0 * SpanMinutes));

    private static int WeekdayOf(int local) => ((FloorDiv(local, SpansPerDay) % 7) + 7) % 7;

    private static int FloorDiv(int a, int b) => (a / b) - (a % b < 0 ? 1 : 0);

    // Levels of the weekdays: each against the mean profile of the day, so that days seen in part compare fairly. Once a local day,
    // from what was learnt up to four hours before it began (a running watch has learnt no more by then), so that the answer does not
    // depend on when it is asked; in the first two days, whenever something was learnt.
    private bool LearnWeekdays(int span)
    {
        var day = FloorDiv(Local(span), SpansPerDay);
        var young = IsYoung;
        if (day == _weekdaysOfDay && !_weekdaysYoung && !young)
            return false;
        (_weekdaysOfDay, _weekdaysYoung) = (day, young);
        var until = young ? _newest : Math.Min(_newest, (day * SpansPerDay) - _offset - 8);
        Span<double> profile = stackalloc double[SpansPerDay];
        Span<double> sums = stackalloc double[SpansPerDay];
        Span<double> minutes = stackalloc double[SpansPerDay];
        Span<double> seen = stackalloc double[7];
        Span<double> expected = stackalloc double[7];
        for (var round = 0; round < WinsorRounds; round++)
        {
            sums.Clear();
            minutes.Clear();
            seen.Clear();
            expected.Clear();
            for (var past = _newest - Spans + 1; past <= until; past++)
            {
                if (!IsKnown(past))
                    continue;
                var local = Local(past);
                var time = local - (FloorDiv(local, SpansPerDay) * SpansPerDay);
                var observed = _minutes[Slot(past)];
                var usual = profile[time] * observed;
                // An unnoticed outage must lift neither its time of day nor its weekday.
                var bounded = round == 0 ? Sum(past) : Math.Min(Sum(past), Bound(usual));
                sums[time] += bounded;
                minutes[time] += observed;
                seen[WeekdayOf(local)] += bounded;
                expected[WeekdayOf(local)] += usual;
            }
            for (var time = 0; time < SpansPerDay; time++)
                profile[time] = minutes[time] > 0 ? sums[time] / minutes[time] : 0;
        }
        double total = PriorReports, exposure = PriorMinutes;
        for (var time = 0; time < SpansPerDay; time++)
        {
            total += sums[time];
            exposure += minutes[time];
        }
        _meanRate = total / exposure;
        for (var weekday = 0; weekday < 7; weekday++)
        {
            var oneDay = _meanRate * Minute.PerDay * WeekdayShrinkDays;
            _weekdays[weekday] = (float)((seen[weekday] + oneDay) / (expected[weekday] + oneDay));
        }
        return true;
    }

    private SpanRate RateOf(int span)
    {
        var local = Local(span);
        var weekday = WeekdayOf(local);
        Span<PastSpan> samples = stackalloc PastSpan[3 * HistoryDays];
        int count = 0, days = 0;
        for (var back = 1; back < HistoryDays; back++)
        {
            for (var near = -1; near <= 1; near++)
            {
                if (Sample(local - (back * SpansPerDay) + near, weekday) is not { } sample)
                    continue;
                samples[count++] = sample;
                days += near == 0 ? 1 : 0;
            }
        }
        if (count == 0)
            return new SpanRate(_meanRate, Math.Max(1, Math.Min(_learntMinutes * _meanRate, 20)), 0);
        samples = samples[..count];

        // Winsorised by repetition: each round bounds the samples by the mean of the round before, so that the mean sinks to where
        // the many are. A median would need no rounds, but the median of sparse counts is 0.
        var mean = _meanRate * _weekdays[weekday];
        double rate = 0, reports = 0;
        for (var round = 0; round < WinsorRounds; round++)
        {
            double total = ShrinkMinutes * mean, weight = ShrinkMinutes;
            var cut = round == 0;
            reports = 0;
            foreach (var (sum, minutes, importance) in samples)
            {
                var usual = rate * minutes;
                var bounded = round == 0 ? sum : Math.Min(sum, Bound(usual));
                cut |= bounded < sum;
                total += importance * bounded;
                weight += importance * minutes;
                reports += bounded;
            }
            rate = total / weight;
            // Where nothing was cut, no further round would change anything.
            if (!cut)
                break;
        }
        return new SpanRate(rate, reports + 1, days);
    }

    // The most one span may say where so many reports are usual.
    private static double Bound(double usual) => (2 * usual) + (2 * Math.Sqrt(usual)) + 1;

    // A past span at the level of the weekday asked for; the same weekday counts double.
    private PastSpan? Sample(int local, int weekday)
    {
        var span = local - _offset < _offsetFrom ? local - _offsetBefore : local - _offset;
        var day = WeekdayOf(local);
        return IsKnown(span)
            ? new PastSpan(Sum(span) * (double)_weekdays[weekday] / _weekdays[day], _minutes[Slot(span)], day == weekday ? 2 : 1)
            : null;
    }

    private readonly record struct PastSpan(double Sum, double Minutes, int Importance);

    /// <param name="Rate">Reporters a minute.</param>
    /// <param name="Weight">Reports behind the estimate.</param>
    /// <param name="Days">Days on which this time of day was seen.</param>
    private readonly record struct SpanRate(double Rate, double Weight, int Days);
}
