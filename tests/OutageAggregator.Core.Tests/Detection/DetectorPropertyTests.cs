using OutageAggregator.Core.Detection;
using OutageAggregator.Core.Verdicts;
using OutageAggregator.Core.Windows;

namespace OutageAggregator.Core.Tests.Detection;

/// <summary>What holds whatever was counted.</summary>
public sealed class DetectorPropertyTests
{
    private static readonly Minute s_start = Minute.Of(new DateTimeOffset(2024, 10, 28, 0, 0, 0, TimeSpan.Zero));

    [Fact]
    public void More_reports_never_lower_the_verdict()
    {
        var random = new Random(20241108);
        var raised = 0;
        for (var i = 0; i < 3_000; i++)
        {
            var rate = Math.Pow(10, (random.NextDouble() * 4) - 2);
            var counts = Counts(random, rate, surge: random.Next(0, 60), times: 1 + (random.NextDouble() * 6));
            var before = Judge(counts, rate);
            for (var more = random.Next(1, 30); more > 0; more--)
                counts[^random.Next(1, 180)] += 1 + (int)(rate * random.NextDouble());
            var after = Judge(counts, rate);
            Assert.True(after.Level >= before.Level, $"{before} became {after}");
            raised += after.Level > before.Level ? 1 : 0;
        }
        Assert.InRange(raised, 100, 3_000);
    }

    [Fact]
    public void A_shorter_window_that_one_minute_makes_takes_nothing_from_a_longer_one_that_holds()
    {
        // An hour at four times the usual that has just ended; then one minute ten minutes ago grows, until it outweighs the hour.
        var counts = Enumerable.Repeat(1, 240).ToArray();
        counts.AsSpan(^60..^15).Fill(4);
        for (var more = 0; more < 400; more++)
        {
            counts[^11] = 1 + more;
            Assert.Equal(VerdictLevel.Outage, Judge(counts, 1).Level);
        }
    }

    [Fact]
    public void The_order_of_the_minutes_before_the_window_changes_nothing()
    {
        var random = new Random(20240604);
        for (var i = 0; i < 300; i++)
        {
            var rate = Math.Pow(10, (random.NextDouble() * 3) - 1);
            var counts = Counts(random, rate, surge: random.Next(0, 60), times: 4);
            var before = Judge(counts, rate);
            random.Shuffle(counts.AsSpan(0, counts.Length - 180));
            Assert.Equal(before, Judge(counts, rate));
        }
    }

    [Theory]
    [InlineData("negative-binomial")]
    [InlineData("ears-c2")]
    [InlineData("robust-z")]
    public void Every_detector_calls_a_crowd_of_thousands_an_outage_and_a_quiet_day_none(string name)
    {
        var random = new Random(3);
        var detector = Detectors.Create(name, Region.World);
        var window = new Window(s_start);
        Verdict Next(double rate)
        {
            var count = Poisson(random, rate);
            window.Record(window.End, new MinuteCounts(count, count, 0, 0));
            window.Close(3, observed: true);
            return detector.Judge(new Observation(window, s_start, new Noise(0.1, 0.03), 28));
        }
        for (var t = 0; t < Minute.PerDay; t++)
            Assert.NotEqual(VerdictLevel.Outage, Next(3).Level);
        _ = Next(700);
        var verdict = Next(700);
        Assert.Equal(VerdictLevel.Outage, verdict.Level);
        Assert.Equal(name, verdict.Evidence.Detector);
        Assert.True(verdict.Evidence.Log10PValue < -20, $"{verdict.Evidence}");
    }

    [Theory]
    [InlineData(5, 35, "5 minutes", 5)]
    [InlineData(60, 3, "60 minutes", 60)]
    public void Where_nothing_stands_out_the_evidence_names_the_rule_that_came_nearest(int surge, int count, string rule, int minutes)
    {
        // An eighth more than the usual for an hour, or two thirds for five minutes: no news.
        var rate = surge == 5 ? 20.5 : 2.6;
        var counts = Enumerable.Repeat((int)rate, 240).ToArray();
        counts.AsSpan(^surge..).Fill(count);
        var (level, evidence) = Judge(counts, rate);
        Assert.Equal(VerdictLevel.Normal, level);
        Assert.Equal((rule, minutes, surge * count), (evidence.Rule, evidence.WindowMinutes, evidence.Observed));
        Assert.Equal(surge * rate, evidence.Expected, 2);
        Assert.Equal(1, evidence.PValue);
    }

    private static Verdict Judge(int[] counts, double rate)
    {
        var window = new Window(s_start);
        foreach (var count in counts)
        {
            window.Record(window.End, new MinuteCounts(count, count, 0, 0));
            window.Close(rate, observed: true);
        }
        return Detectors.Create("negative-binomial", Region.World).Judge(new Observation(window, s_start, new Noise(0.1, 0.03), 28));
    }

    private static int[] Counts(Random random, double rate, int surge, double times)
    {
        var counts = new int[240];
        for (var t = 0; t < counts.Length; t++)
            counts[t] = Poisson(random, rate * (t >= counts.Length - surge ? times : 1));
        return counts;
    }

    // Knuth's method, in pieces where the mean is large.
    private static int Poisson(Random random, double mean)
    {
        var count = 0;
        for (; mean > 0; mean -= 30)
        {
            for (var product = random.NextDouble(); product > Math.Exp(-Math.Min(mean, 30)); product *= random.NextDouble())
                count++;
        }
        return count;
    }
}
