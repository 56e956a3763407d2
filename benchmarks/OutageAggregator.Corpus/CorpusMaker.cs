namespace OutageAggregator.Corpus;

/// <summary>
/// Makes up services and what befalls them. The choices that matter to a detector differ from service to service: volume (over five
/// decades), noise, tails, day, week, growth, zone. Each has three outages in two weeks of the judged part, two copies of earlier ones in its history
/// 7 or 14 days before one of them, and decoys. Every twelfth is the sum of the three before it, so that an outage of one region is
/// diluted there.
/// </summary>
internal static class CorpusMaker
{
    private const int HistoryMinutes = 14 * 1440;
    private const int ColdMinutes = 7 * 1440;

    private static readonly string[] s_zones =
    [
        "Europe/Paris", "America/New_York", "America/Los_Angeles", "Asia/Tokyo", "Australia/Sydney", "Asia/Kolkata", "America/Sao_Paulo", "Africa/Lagos", "UTC",
    ];

    internal static List<MadeSeries> Make(int seed, int services, int cold, int weeks)
    {
        var random = new Random(seed);
        var shared = UsualRate.Swings(random, HistoryMinutes + (weeks * 7 * 1440), Math.Exp(-1 / 180.0));
        var made = new List<MadeSeries>();
        for (var i = 0; i < services + cold; i++)
        {
            if (i % 12 == 11 && i < services)
                made.Add(SumOf(made[^3..], $"s{seed}_{i:00}_all"));
            else
                made.Add(One(new Random(random.Next()), $"s{seed}_{i:00}{(i < services ? "" : "_cold")}", i, i >= services ? 0 : weeks, shared));
        }
        return made;
    }

    private static MadeSeries One(Random random, string id, int number, int weeks, double[] shared)
    {
        var cold = weeks == 0;
        var judgedFrom = cold ? 0 : HistoryMinutes;
        var minutes = cold ? ColdMinutes : HistoryMinutes + (weeks * 7 * 1440);
        var zone = s_zones[random.Next(s_zones.Length)];
        var baseRate = Math.Pow(10, random.Between(-1.8, 2.5));
        var series = new MadeSeries(id, zone, baseRate, minutes, judgedFrom);
        var usual = new UsualRate(random, zone, baseRate, minutes, shared);
        var excess = new double[minutes];
        var bump = new double[minutes];
        Array.Fill(bump, 1);

        // One stretch of time for each thing that happens, so that labels don't overlap.
        var slots = cold ? 3 : 3 * weeks;
        var slotMinutes = (minutes - judgedFrom - 1000) / slots;
        var order = Enumerable.Range(0, slots).OrderBy(_ => random.Next()).ToArray();
        for (var i = 0; i < slots; i++)
        {
            var at = judgedFrom + 500 + (order[i] * slotMinutes) + random.Next(Math.Max(1, slotMinutes - 800));
            if (i >= slots / 2 + (cold ? 1 : 0))
            {
                Decoys.Add(series, usual, bump, random, at);
                continue;
            }
            var shape = OutageShape.Of(OutageShape.Kinds[(i + (number * 3)) % 5], random);
            series.Events.Add(Happen(usual, excess, random, shape, at));
            if (!cold && i < 2 && random.Next(2) == 0)
                series.History.Add(Happen(usual, excess, random, shape, at - (random.Next(1, 3) * 7 * 1440) is var then && then >= 0 && then < HistoryMinutes - 700 ? then : random.Next(HistoryMinutes - 700)));
        }
        Count(series, usual, excess, bump, random);
        Decoys.Finish(series, random);
        series.Events.Sort((a, b) => a.Start - b.Start);
        return series;
    }

    private static MadeEvent Happen(UsualRate usual, double[] excess, Random random, OutageShape shape, int at)
    {
        var level = Enumerable.Range(at, shape.Shares.Length).Where(t => t < excess.Length).Average(usual.Level);
        var total = shape.Shares.Sum();
        var ratio = shape.Kind switch
        {
            "slow_burn" => random.Between(2.2, 4),
            "ramp" => random.Between(4, 11),
            "blip" => random.Between(7, 18),
            "two_phase" => random.Between(6, 30),
            _ => Math.Pow(10, random.Between(1, 2.2)),
        };
        // A sparse service's outage needs people at all to be one.
        var fewest = shape.Kind == "blip" ? random.Between(16, 32) : random.Between(60, 250);
        var peak = Math.Max(ratio * level, fewest / total);
        double sum = 0, expected = 0;
        var end = at;
        for (var i = 0; i < shape.Shares.Length && at + i < excess.Length; i++)
        {
            var t = at + i;
            var now = peak * shape.Shares[i] * (shape.Kind == "slow_burn" ? usual.Level(t) / level : 1);
            excess[t] += now;
            sum += now;
            expected += usual.Level(t);
            if (now >= Math.Max(0.5 * usual.Level(t), 0.03))
                end = t + 1;
        }
        return new MadeEvent(shape.Kind, at, shape.Restored > 0 ? at + shape.Restored : end, end, peak / level, (int)sum,
            Required: sum >= 12 && sum >= 1.5 * expected,
            shape.Phases?.Select(p => new[] { at + p[0], at + p[1] }).ToList());
    }

    private static void Count(MadeSeries series, UsualRate usual, double[] excess, double[] bump, Random random)
    {
        var alpha = random.Between(0.05, 0.35);
        var heavy = random.Next(2) == 0;
        var repeats = random.Between(0, 0.05);
        for (var t = 0; t < series.Minutes; t++)
        {
            var reporters = random.Count(usual.Level(t) * usual.Swing(t) * bump[t], alpha, heavy) + random.Count(excess[t], 0.05, heavy: false);
            series.Reporters[t] += reporters;
            series.Reports[t] += reporters + random.Poisson(repeats * reporters);
        }
    }

    private static MadeSeries SumOf(List<MadeSeries> parts, string id)
    {
        var sum = new MadeSeries(id, "UTC", parts.Sum(p => p.BaseRate), parts[0].Minutes, parts[0].EvaluatedFrom);
        foreach (var part in parts)
        {
            for (var t = 0; t < sum.Minutes; t++)
            {
                sum.Reports[t] += part.Reports[t];
                sum.Reporters[t] += part.Reporters[t];
                sum.Late[t] += part.Late[t];
                sum.Gap[t] |= part.Gap[t];
            }
            // Demanded where the sum still shows it; decoys are smaller there, and need no label.
            foreach (var e in part.Events)
            {
                var magnitude = e.Magnitude * part.BaseRate / sum.BaseRate;
                sum.Events.Add(e with { Magnitude = magnitude, Required = e.Required && magnitude >= (e.Kind == "slow_burn" ? 2.2 : 5) && e.Excess >= sum.BaseRate * (e.End - e.Start) * 1.5 });
            }
        }
        sum.Events.Sort((a, b) => a.Start - b.Start);
        return sum;
    }
}
