namespace OutageAggregator.Corpus;

/// <summary>A labelled outage; times are minutes since the start of the corpus, half-open.</summary>
/// <param name="Kind"><c>sharp</c>, <c>ramp</c>, <c>two_phase</c>, <c>blip</c> or <c>slow_burn</c>.</param>
/// <param name="Start">Its cause begins.</param>
/// <param name="Restored">Its cause ends.</param>
/// <param name="End">Reports are back near the usual: the last minute whose excess is half the usual or more.</param>
/// <param name="Magnitude">Peak rate over the usual then.</param>
/// <param name="Excess">Reports beyond the usual.</param>
/// <param name="Required">False where it is too small to be demanded.</param>
/// <param name="Phases">Of a <c>two_phase</c>: when its cause was there.</param>
internal sealed record MadeEvent(
    string Kind, int Start, int Restored, int End, double Magnitude, int Excess, bool Required, IReadOnlyList<int[]>? Phases);

/// <summary>What looks like an outage and is none.</summary>
internal sealed record MadeDecoy(string Kind, int Start, int End);

/// <summary>One service's counts and labels.</summary>
internal sealed class MadeSeries(string id, string zone, double baseRate, int minutes, int evaluatedFrom)
{
    internal string Id => id;

    internal string Zone => zone;

    /// <summary>Reports a minute, over a usual week.</summary>
    internal double BaseRate => baseRate;

    internal int Minutes => minutes;

    /// <summary>The minutes before this one are history.</summary>
    internal int EvaluatedFrom => evaluatedFrom;

    internal int[] Reports { get; } = new int[minutes];

    internal int[] Reporters { get; } = new int[minutes];

    internal int[] Late { get; } = new int[minutes];

    /// <summary>Minutes without data.</summary>
    internal bool[] Gap { get; } = new bool[minutes];

    internal List<MadeEvent> Events { get; } = [];

    internal List<MadeEvent> History { get; } = [];

    internal List<MadeDecoy> Decoys { get; } = [];
}
