namespace OutageAggregator.Corpus;

/// <summary>The course of an outage: the share of its peak that each minute carries, from its first minute on.</summary>
internal sealed class OutageShape
{
    private OutageShape(string kind, double[] shares, int restored, IReadOnlyList<int[]>? phases = null) =>
        (Kind, Shares, Restored, Phases) = (kind, shares, restored, phases);

    internal static readonly IReadOnlyList<string> Kinds = ["sharp", "ramp", "two_phase", "blip", "slow_burn"];

    internal string Kind { get; }

    /// <summary>Shares of the peak, 0 to about 1.2.</summary>
    internal double[] Shares { get; }

    /// <summary>The minute at which the cause ended.</summary>
    internal int Restored { get; }

    internal IReadOnlyList<int[]>? Phases { get; }

    internal static OutageShape Of(string kind, Random random) => kind switch
    {
        "sharp" => Plateau(kind, random, random.Next(18, 55), random.Between(1, 4), random.Between(3, 9)),
        "blip" => new OutageShape(kind, [.. Enumerable.Range(0, random.Next(4, 9)).Select(_ => random.Between(0.7, 1.1))], 5),
        "slow_burn" => new OutageShape(kind, [.. Enumerable.Repeat(1.0, random.Next(150, 600))], 0),
        "ramp" => Ramp(random),
        _ => TwoPhase(random),
    };

    private static OutageShape Plateau(string kind, Random random, int length, double rise, double fall)
    {
        var shares = new double[length + (int)(fall * 6)];
        var tilt = random.Between(-0.4, 0.1);
        for (var t = 0; t < shares.Length; t++)
        {
            var rising = 1 - Math.Exp(-(t + 1) / rise);
            shares[t] = rising * (1 + (tilt * Math.Min(t, length) / length)) * (t < length ? 1 : Math.Exp(-(t - length + 1) / fall));
        }
        return new OutageShape(kind, shares, length);
    }

    private static OutageShape Ramp(Random random)
    {
        var (up, top, down) = (random.Next(30, 90), random.Next(20, 70), random.Next(25, 80));
        var shares = new double[up + top + down];
        for (var t = 0; t < shares.Length; t++)
            shares[t] = t < up ? (t + 1.0) / up : t < up + top ? 1 : 1 - ((t - up - top + 1.0) / down);
        return new OutageShape("ramp", shares, up + top);
    }

    // Between the phases reports fall to the usual or, every third time, to a tenth of the peak only.
    private static OutageShape TwoPhase(Random random)
    {
        var first = Plateau("", random, random.Next(25, 100), random.Between(1, 6), random.Between(2, 7));
        var second = Plateau("", random, random.Next(30, 120), random.Between(1, 6), random.Between(3, 9));
        var from = first.Restored + random.Next(20, 75);
        var share = random.Between(0.4, 1.2);
        var floor = random.Next(3) == 0 ? 0.1 : 0;
        var shares = new double[Math.Max(first.Shares.Length, from + second.Shares.Length)];
        first.Shares.CopyTo(shares, 0);
        for (var t = first.Restored; t < from; t++)
            shares[t] = Math.Max(shares[t], floor);
        for (var t = 0; t < second.Shares.Length; t++)
            shares[from + t] = Math.Max(shares[from + t], share * second.Shares[t]);
        return new OutageShape("two_phase", shares, from + second.Restored, [[0, first.Restored], [from, from + second.Restored]]);
    }
}
