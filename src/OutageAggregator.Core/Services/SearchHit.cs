namespace OutageAggregator.Core.Services;

/// <summary>How well a service answers what a person typed; the better ones come first.</summary>
public enum Closeness
{
    /// <summary>The text names it and nothing else: its slug, name, alias or address, once the words that only ask have fallen away.</summary>
    Exact,

    /// <summary>The text begins or abbreviates its name, or names it among other words.</summary>
    Good,

    /// <summary>Something like it: a typo, a part of a word, the same sound. To be offered as a question.</summary>
    Guess,
}

/// <summary>A service that a search found.</summary>
public readonly record struct SearchHit(Service Service, Closeness Closeness);
