using MathNet.Numerics.Distributions;
using NodaTime;

namespace OutageAggregator.Server.Demo;

/// <summary>One made-up report.</summary>
internal readonly record struct DemoReport(DateTimeOffset At, WatchKey Key, ReportCell Cell, Reporter Reporter);

/// <summary>
/// The ordinary noise of one service: people who report trouble that is nobody's outage. Its rate follows the hour and the day of the
/// service's own zone; each half hour has a mood of its own (a gamma factor), so that counts scatter more than chance alone, as real ones
/// do. All of it is a function of the service and the half hour: history and what goes on live are one and the same stream.
/// </summary>
/// <param name="perMinute">Reports a minute, on average over a week.</param>
/// <param name="isForWork">Quiet at weekends and at night, or busy in the evening.</param>
/// <param name="mix">What its reporters say.</param>
internal sealed class DemoNoise(Service service, double perMinute, bool isForWork, CrowdMix mix)
{
    /// <summary>The stream is drawn half hour by half hour, aligned in UTC.</summary>
    public const int SpanMinutes = 30;

    private const double MoodVariance = 0.06;
    private const double BackShare = 0.04;

    // Which of many like demos this is: one whose first half hours are neither very quiet nor very loud for ChatGPT.
    private const int Draws = 9;

    private readonly DateTimeZone _zone = DateTimeZoneProviders.Tzdb[service.Zone];
    private readonly int _seed = (int)(BatchId.HashOf(service.Slug) & 0x3FFF_FFFF);

    /// <summary>The reports of the half hour that begins at a minute, ascending.</summary>
    public List<DemoReport> Draw(Minute span)
    {
        var random = new Random(unchecked((int)((uint)(_seed + span.Number + Draws) * 2_654_435_761u)));
        var mood = Gamma.Sample(random, 1 / MoodVariance, 1 / MoodVariance);
        var expected = perMinute * SpanMinutes * Shape(span) * mood;
        var count = Poisson.Sample(random, Math.Max(expected, 1e-9));
        var reports = new List<DemoReport>(count);
        for (var i = 0; i < count; i++)
        {
            var at = span.Start + TimeSpan.FromSeconds(random.NextDouble() * 60 * SpanMinutes);
            var kind = random.NextDouble() < BackShare ? ReportKind.Back : ReportKind.Down;
            var cell = ReportCell.Of(kind, mix.Problems.Pick(random), mix.Surfaces.Pick(random));
            reports.Add(new DemoReport(at, new WatchKey(service.Slug, mix.Regions.Pick(random)), cell, Somebody(random)));
        }
        reports.Sort((a, b) => a.At.CompareTo(b.At));
        return reports;
    }

    public static Reporter Somebody(Random random) => new((ulong)random.NextInt64(), (ulong)random.NextInt64());

    /// <summary>How busy a half hour is against the week's average, about 0.2 to 1.8.</summary>
    private double Shape(Minute span)
    {
        var local = Instant.FromUnixTimeSeconds(span.Number * 60L).InZone(_zone).LocalDateTime;
        var hour = local.Hour + (local.Minute / 60.0);
        var isWeekend = local.DayOfWeek is IsoDayOfWeek.Saturday or IsoDayOfWeek.Sunday;
        return isForWork
            ? Bell(hour, 13.5, 0.75) * (isWeekend ? 0.45 : 1.22)
            : Bell(hour, 19.5, 0.65) * (isWeekend ? 1.12 : 0.95);
    }

    private static double Bell(double hour, double peak, double depth) => 1 + (depth * Math.Cos((hour - peak) * Math.PI / 12));
}
