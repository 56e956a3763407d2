using NodaTime;

namespace OutageAggregator.Corpus;

/// <summary>
/// How many reports a minute a service gets when nothing is wrong: its day in local time, its weekend, its growth, a public holiday, and slow
/// swings of minutes to hours (an autoregression, partly shared with the other services: news and weather).
/// </summary>
internal sealed class UsualRate
{
    /// <summary>Minute 0 of every corpus: a Monday in winter time's last fortnight, so that clocks change within it.</summary>
    internal static readonly Instant Start = Instant.FromUtc(2025, 2, 24, 0, 0);

    private readonly DateTimeZone _zone;
    private readonly double _base;
    private readonly double _night;
    private readonly double _peakHour;
    private readonly double _weekend;
    private readonly double _dailyGrowth;
    private readonly int _holiday;
    private readonly double _swing;
    private readonly double _swingKeep;
    private readonly double[] _shared;
    private readonly double _follows;
    private readonly double[] _own;

    internal UsualRate(Random random, string zone, double baseRate, int minutes, double[] shared)
    {
        _zone = DateTimeZoneProviders.Tzdb[zone];
        _base = baseRate;
        _night = random.Between(0.05, 0.7);
        _peakHour = random.Between(10, 21);
        _weekend = random.Next(3) switch { 0 => random.Between(0.2, 0.5), 1 => random.Between(0.8, 1), _ => random.Between(1.05, 1.4) };
        _dailyGrowth = random.Next(3) == 0 ? random.Between(-0.015, 0.02) : 0;
        _holiday = random.Next(14, Math.Max(15, minutes / 1440));
        _swing = random.Between(0.04, 0.16);
        _swingKeep = Math.Exp(-1 / random.Between(40, 400));
        _shared = shared;
        _follows = random.Between(0, 0.1);
        _own = Swings(random, minutes, _swingKeep);
    }

    /// <summary>An autoregression of order 1 with variance 1.</summary>
    internal static double[] Swings(Random random, int minutes, double keep)
    {
        var swings = new double[minutes];
        var at = random.Normal();
        for (var t = 0; t < minutes; t++)
            swings[t] = at = (at * keep) + (Math.Sqrt(1 - (keep * keep)) * random.Normal());
        return swings;
    }

    /// <summary>The usual rate of one minute, swings left out: what an outage's size is told against.</summary>
    internal double Level(int t)
    {
        var local = (Start + Duration.FromMinutes(t)).InZone(_zone).LocalDateTime;
        var hour = local.Hour + (local.Minute / 60.0);
        var day = _night + ((1 - _night) * Math.Pow((1 + Math.Cos((hour - _peakHour) * Math.PI / 12)) / 2, 1.5));
        var week = local.DayOfWeek is IsoDayOfWeek.Saturday or IsoDayOfWeek.Sunday || t / 1440 == _holiday ? _weekend : 1;
        return _base * 1.7 * day * week * Math.Exp(_dailyGrowth * t / 1440);
    }

    /// <summary>The factor of the swings.</summary>
    internal double Swing(int t) => Math.Exp((_swing * _own[t]) + (_follows * _shared[t]));
}

/// <summary>Draws the numbers a corpus is made of.</summary>
internal static class Draws
{
    internal static double Between(this Random random, double least, double most) => least + ((most - least) * random.NextDouble());

    internal static double Normal(this Random random) => MathNet.Numerics.Distributions.Normal.Sample(random, 0, 1);

    internal static int Poisson(this Random random, double mean) => mean <= 0 ? 0
        : mean > 1e6 ? (int)(mean + (Math.Sqrt(mean) * random.Normal()))
        : MathNet.Numerics.Distributions.Poisson.Sample(random, mean);

    /// <summary>
    /// A count with overdispersion alpha. Every other service has heavier tails than a negative binomial: its rate is log-normal.
    /// </summary>
    internal static int Count(this Random random, double mean, double alpha, bool heavy)
    {
        if (mean <= 0)
            return 0;
        var spread = Math.Sqrt(Math.Log(1 + alpha));
        return random.Poisson(heavy
            ? mean * Math.Exp((spread * random.Normal()) - (spread * spread / 2))
            : MathNet.Numerics.Distributions.Gamma.Sample(random, 1 / alpha, 1 / (alpha * mean)));
    }
}
