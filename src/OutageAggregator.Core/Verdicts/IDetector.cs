namespace OutageAggregator.Core.Verdicts;

/// <summary>How a watch's minutes scatter around their expectation; all are overdispersions (variance = mean + alpha mean^2).</summary>
/// <param name="Minute">Of a single minute, independent from minute to minute: a window of w equal minutes keeps 1/w of it.</param>
/// <param name="Shared">Common to neighbouring minutes (slow swings, the error of the expectation): a window keeps all of it.</param>
public readonly record struct Noise(double Minute, double Shared)
{
    /// <summary>What is usual for a stretch of minutes that expects something.</summary>
    public Expectation Of(in WindowSum sum) => new(sum.Expected, Shared + (Minute * sum.Squares / (sum.Expected * sum.Expected)));
}

/// <summary>What a detector is shown when a minute was closed.</summary>
/// <param name="Window">The closed minutes; the newest one is <c>Window.End - 1</c>.</param>
/// <param name="Since">Minutes before this one are not to be judged again: they belong to an incident that is over.</param>
/// <param name="Noise">How this watch scatters.</param>
/// <param name="Days">On how many days this time of day was seen before, 0 to 28.</param>
public readonly record struct Observation(Window Window, Minute Since, Noise Noise, int Days);

/// <summary>
/// Decides whether the newest minutes of one watch are usual. One instance belongs to one watch and is shown every observed minute
/// once, in order; it may remember what it likes, in bounded memory, and allocates nothing per minute.
/// </summary>
public interface IDetector
{
    /// <summary>Judges the newest closed minute, with as many before it as the method needs.</summary>
    Verdict Judge(in Observation observation);

    /// <summary>An incident is over: what a detector accumulated during it must not start another.</summary>
    void Reset() { }

    /// <summary>
    /// This watch raised an incident that was over before the detector was shown its first minute: told oldest first, once for each. A
    /// detector may ask for more from a watch that raises many.
    /// </summary>
    /// <param name="at">When it was over.</param>
    /// <param name="raised">The verdict that raised it, perhaps of another detector.</param>
    void Recall(Minute at, in Evidence raised) { }
}
