namespace OutageAggregator.Web.Charts;

/// <summary>The axis of counts: from 0 to a round number, with a few round ticks.</summary>
/// <param name="Max">The upper end, a multiple of <paramref name="Step"/>, at least 4.</param>
/// <param name="Step">Distance of the ticks: 1, 2, 2.5 (from 25 on) or 5 times a power of ten.</param>
internal readonly record struct CountScale(double Max, double Step)
{
    private const int Intervals = 4;

    /// <summary>Where it ends on the picture, pixels from the top.</summary>
    internal double Top { get; init; }

    /// <summary>Where its 0 lies on the picture, pixels from the top.</summary>
    internal double Bottom { get; init; }

    /// <summary>The scale that holds every count up to <paramref name="top"/>.</summary>
    internal static CountScale For(double top)
    {
        top = double.IsFinite(top) ? Math.Max(top, Intervals) : Intervals;
        var rough = top / Intervals;
        var power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        var step = power * (rough / power) switch { <= 1 => 1, <= 2 => 2, <= 2.5 when power >= 10 => 2.5, <= 5 => 5, _ => 10 };
        return new CountScale(Math.Ceiling(top / step) * step, step);
    }

    internal IEnumerable<double> Ticks()
    {
        for (var i = 0; i * Step <= Max * 1.0001; i++)
            yield return i * Step;
    }

    /// <summary>Where a count lies: 0 at the axis, 1 at the maximum, clipped to it.</summary>
    internal double Place(double count) => double.IsFinite(count) ? Math.Clamp(count / Max, 0, 1) : 0;

    /// <summary>The same on the picture, pixels from the top.</summary>
    internal double Y(double count) => Bottom - ((Bottom - Top) * Place(count));
}

/// <summary>A mark on the time axis.</summary>
/// <param name="IsMinor">True for every other one, which a narrow chart leaves out.</param>
/// <param name="IsDay">True where a day begins: it is told by its date.</param>
/// <param name="IsAgain">True where clocks that were put back show a time for the second time: told again it would only puzzle.</param>
internal readonly record struct TimeTick(Minute At, bool IsMinor, bool IsDay, bool IsAgain = false);

/// <summary>
/// The ticks of the time axis: about nine, at round times of the page's zone: full hours, midnights, first days of months. Where clocks are
/// put forward or back, two of them stand nearer to each other or farther apart, as the axis goes by time and not by clocks.
/// </summary>
internal static class TimeScale
{
    private const int MostTicks = 9;
    private const int MonthDays = 30;
    private static readonly int[] s_minutes = [1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720];
    private static readonly int[] s_days = [1, 2, 7, 14];
    private static readonly int[] s_months = [1, 2, 3, 6, 12, 120];
    private static readonly DateOnly s_firstDay = new(1970, 1, 1);

    internal static ImmutableArray<TimeTick> Ticks(Minute from, Minute to, PageZone zone)
    {
        var span = Math.Max(1, to - from);
        bool Fits(int step) => span / step < MostTicks;
        var ticks = s_minutes.FirstOrDefault(Fits) is > 0 and var minutes
            ? Days(from, to, 1, zone).Select(day => day with { IsMinor = false }).Concat(TimesOfDay(from, to, minutes, zone))
            : s_days.FirstOrDefault(d => Fits(d * Minute.PerDay)) is > 0 and var days ? Days(from, to, days, zone)
            : Months(from, to, s_months.FirstOrDefault(m => Fits(m * MonthDays * Minute.PerDay), s_months[^1]), zone);
        return [.. ticks.DistinctBy(t => t.At).OrderBy(t => t.At)];
    }

    private static IEnumerable<TimeTick> Months(Minute from, Minute to, int step, PageZone zone)
    {
        var first = s_firstDay.AddDays(zone.DayOf(from));
        Minute StartOf(int month) => zone.StartOf(new DateOnly(month / 12, (month % 12) + 1, 1).DayNumber - s_firstDay.DayNumber);
        for (var month = ((first.Year * 12) + first.Month - 1) / step * step; StartOf(month) is var start && start <= to; month += step)
        {
            if (start >= from)
                yield return new TimeTick(start, month / step % 2 != 0, IsDay: true);
        }
    }

    private static IEnumerable<TimeTick> Days(Minute from, Minute to, int step, PageZone zone)
    {
        for (var day = zone.DayOf(from) / step * step; zone.StartOf(day) is var start && start <= to; day += step)
        {
            if (start >= from)
                yield return new TimeTick(start, day / step % 2 != 0, IsDay: true);
        }
    }

    private static List<TimeTick> TimesOfDay(Minute from, Minute to, int step, PageZone zone)
    {
        var ticks = new List<TimeTick>();
        var shown = new Minute(int.MinValue);
        foreach (var stretch in zone.Stretches(from, to + 1))
        {
            // Full by the clocks: local minutes, counted as if they were of UTC.
            var (first, end) = (stretch.From + stretch.Offset, stretch.To + stretch.Offset);
            for (var at = (first - 1).FloorTo(step) + step; at < end; at += step)
            {
                var isAgain = at < shown;
                if (isAgain || at.Number % Minute.PerDay != 0)
                    ticks.Add(new TimeTick(at - stretch.Offset, at.Number / step % 2 != 0, IsDay: false, isAgain));
            }
            shown = end;
        }
        return ticks;
    }
}
