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

    public Readiness(IMeterFactory? meters = null)
    {
        if (meters.OfOutages() is not { } meter)
            return;
        _ = meter.CreateObservableGauge("outage.ready", Parts, unit: null, "1 where a part that reports need is in place: the store, the watches, and the node, which is not while it leaves its cluster.");
        _ = meter.CreateObservableGauge("outage.accepting", () => WhatIsMissing().IsEmpty ? 1L : 0L, unit: null, "1 where reports are accepted, as /readyz says.");
    }

    /// <summary>Says whether the store takes writes: what storage is registered with.</summary>
    /// <param name="services">Hold the readiness.</param>
    /// <param name="trouble">Why writes fail, or null where they succeed.</param>
    public static void TellStore(IServiceProvider services, string? trouble)
    {
        var readiness = services.GetRequiredService<Readiness>();
        if (trouble is null)
            readiness.Ready(ReadyPart.Store);
        else
            readiness.Missing(ReadyPart.Store, trouble.TrimEnd('.'));
    }

    /// <summary>
    /// True where somebody does the work of a store that is missing: reports are accepted then, once all else has been in place. The store
    /// itself stays missing.
    /// </summary>
    public Func<bool> HasStandIn { get; set; } = static () => false;

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
        {
            // A stand-in stores for the store. Nobody stands in for what was never there: until the watches are restored it is not known
            // what was counted.
            var isMissed = _missing.ContainsKey(ReadyPart.Watches) || !HasStandIn();
            return [.. _missing.Where(m => isMissed || m.Key != ReadyPart.Store).Select(m => m.Value)];
        }
    }

    private IEnumerable<Measurement<long>> Parts()
    {
        lock (_lock)
            return [.. Enum.GetValues<ReadyPart>().Select(p => Labelled(p, _missing.ContainsKey(p) ? 0 : 1))];

        static Measurement<long> Labelled(ReadyPart part, long value) => value.Labelled("part", part.ToString().ToLowerInvariant());
    }
}
