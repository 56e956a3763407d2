namespace OutageAggregator.Corpus;

/// <summary>Makes what must raise no incident: a bump in the press, a flood by few sources, one strange minute, a gap with a backlog.</summary>
internal static class Decoys
{
    internal static void Add(MadeSeries series, UsualRate usual, double[] bump, Random random, int at)
    {
        switch (random.Next(4))
        {
            case 0:
                var (length, factor) = (random.Next(120, 360), random.Between(1.3, 1.8));
                for (var t = at; t < Math.Min(at + length, series.Minutes); t++)
                    bump[t] = factor;
                series.Decoys.Add(new MadeDecoy("press_bump", at, at + length));
                break;
            case 1:
                var (minutes, sources) = (random.Next(10, 40), random.Next(1, 3));
                for (var t = at; t < at + minutes; t++)
                {
                    series.Reports[t] += 10 + random.Poisson(20);
                    series.Reporters[t] += sources;
                }
                series.Decoys.Add(new MadeDecoy("bot_flood", at, at + minutes));
                break;
            case 2:
                var many = (int)Math.Max(random.Between(8, 20), usual.Level(at) * random.Between(5, 12));
                series.Reports[at] += many;
                series.Reporters[at] += random.Next(2) == 0 ? many : 1;
                series.Decoys.Add(new MadeDecoy("outlier", at, at + 1));
                break;
            default:
                series.Decoys.Add(new MadeDecoy("gap_late", at, at + random.Next(20, 90)));
                break;
        }
    }

    /// <summary>Cuts the gaps once all is counted: what was lost in one arrives in the ten minutes after it, as late.</summary>
    internal static void Finish(MadeSeries series, Random random)
    {
        foreach (var gap in series.Decoys.Where(d => d.Kind == "gap_late"))
        {
            for (var t = gap.Start; t < Math.Min(gap.End, series.Minutes - 10); t++)
            {
                series.Gap[t] = true;
                var after = gap.End + random.Next(10);
                if (after >= series.Minutes)
                    continue;
                series.Reports[after] += series.Reports[t];
                series.Reporters[after] += series.Reporters[t];
                series.Late[after] += series.Reporters[t];
            }
        }
    }
}
