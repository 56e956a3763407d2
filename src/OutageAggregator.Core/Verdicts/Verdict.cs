namespace OutageAggregator.Core.Verdicts;

/// <summary>What a detector says of one watch at one minute. The numbers are stored: append, never renumber.</summary>
public enum VerdictLevel : byte
{
    Normal = 0,

    /// <summary>More than usual, not yet enough to call an outage.</summary>
    Elevated = 1,
    Outage = 2,
}

/// <summary>The numbers behind a verdict: enough to check it by hand.</summary>
/// <param name="Detector">Stable name of the detector that spoke.</param>
/// <param name="Rule">Stable code of the rule that held, or of the one that came nearest.</param>
/// <param name="Region">Where it was seen; <see cref="Region.World"/> for all regions together.</param>
/// <param name="WindowMinutes">Length of the window judged, minutes.</param>
/// <param name="Observed">Distinct reporters in it.</param>
/// <param name="Expected">Reporters usual in such a window.</param>
/// <param name="Upper">The most that chance makes plausible: more than this is significant.</param>
/// <param name="Log10PValue">log10 of the chance of seeing as many or more on a usual day (0 or negative).</param>
/// <param name="Reporters">Distinct reporters counted for the minimum.</param>
/// <param name="MinimumReporters">The fewest that may raise an incident.</param>
public readonly record struct Evidence(
    string Detector, string Rule, Region Region, int WindowMinutes, int Observed, double Expected, int Upper, double Log10PValue,
    int Reporters, int MinimumReporters)
{
    /// <summary>
    /// True where too little had been learnt of this time of day: then <see cref="Expected"/> is what was taken for possible, and it,
    /// <see cref="Upper"/> and the p-value are no facts about the service.
    /// </summary>
    public bool IsPrior { get; init; }

    /// <summary>The p-value itself; 0 where it is too small for a double.</summary>
    public double PValue => Math.Pow(10, Log10PValue);

    /// <summary>Observed over expected; infinite where nothing was expected.</summary>
    public double Ratio => Expected > 0 ? Observed / Expected : double.PositiveInfinity;
}

/// <summary>A detector's word on one watch at one minute, with the numbers behind it.</summary>
public readonly record struct Verdict(VerdictLevel Level, Evidence Evidence)
{
    /// <summary>
    /// Of an outage the estimated first minute: the start of the stretch up to now that best fits a raised rate, where the sum of
    /// (count - c * expected) from there on is largest, with c half way (geometrically) between the usual and what is seen now. The
    /// maximum-likelihood change point of a step, up to constants.
    /// </summary>
    internal Minute OnsetIn(Window window)
    {
        if (Level != VerdictLevel.Outage)
            return default;
        var c = Math.Clamp(Math.Sqrt(Evidence.Expected > 0 ? Evidence.Ratio : 2), 1.4, 4);
        var onset = window.End - 1;
        double sum = 0, best = double.NegativeInfinity;
        for (var m = window.End - 1; m >= window.Oldest && !window.IsIncident(m); m -= 1)
        {
            if (!window.IsObserved(m))
                continue;
            sum += window.Evidence(m) - (c * window.Expected(m)) - 0.02;
            if (sum > best)
                (best, onset) = (sum, m);
        }
        return onset;
    }
}
