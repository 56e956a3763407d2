using System.Collections.Immutable;

namespace OutageAggregator.Runtime;

/// <summary>What has to be in place before reports are accepted.</summary>
public enum ReadyPart : byte
{
    /// <summary>The store is open and takes writes.</summary>
    Store = 0,

    /// <summary>The watches have their windows, open incidents and recent reporters back.</summary>
    Watches = 1,

    /// <summary>The node stays in its cluster.</summary>
    Node = 2,
}

/// <summary>
/// Whether reports are accepted: set by those who open the store and restore the watches, read by <c>/readyz</c>. Everything is
/// missing until somebody says otherwise.
/// </summary>
public sealed class Readiness
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<ReadyPart, string> _missing = new()
    {
        [ReadyPart.Store] = "the store is not open yet",
        [ReadyPart.Watches] = "the watches are not restored yet",
    };

    /// <summary>The part is in place.</summary>
    public void Ready(ReadyPart part)
    {
        lock (_lock)
            _ = _missing.Remove(part);
    }

    /// <summary>The part is missing (again).</summary>
    /// <param name="part">Which.</param>
    /// <param name="why">A clause for operators: "the store answers nothing since 12:03".</param>
    public void Missing(ReadyPart part, string why)
    {
        lock (_lock)
            _missing[part] = why;
    }

    /// <summary>What is missing, as clauses; empty where reports are accepted.</summary>
    public ImmutableArray<string> WhatIsMissing()
    {
        lock (_lock)
            return [.. _missing.Values];
    }
}
