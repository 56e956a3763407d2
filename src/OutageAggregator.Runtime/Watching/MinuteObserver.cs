using OutageAggregator.Runtime.Spooling;

namespace OutageAggregator.Runtime.Watching;

/// <summary>
/// Notes, at each look at the clock, that this node could take reports, and tells all of the node's watches which minutes were observed:
/// one write a look and one read a minute, however many services there are. Where a node runs alone, minutes that nobody looked at are a
/// gap.
/// </summary>
/// <param name="counts">Where it is noted.</param>
/// <param name="clock">The product's clock.</param>
/// <param name="spool">Takes reports while the store takes none, or null.</param>
public sealed class MinuteObserver(ICountStore counts, TimeProvider clock, Spool? spool = null)
{
    // Two looks this far apart leave a gap: the process stood still, the machine slept, or the store took nothing, so nothing could be
    // reported. In real time: what a fast simulated clock passes over between two looks was observed.
    private static readonly TimeSpan s_standstill = TimeSpan.FromMinutes(2);

    private readonly double _pace = clock is SimulatedClock simulated ? simulated.Speed : 1;
    private Newest? _newest;
    private DateTimeOffset? _lastNoted;
    private DateTimeOffset? _lastLook;
    private bool _wasTaken = true;
    private bool _isSpoolStuck;

    /// <summary>How long minutes wait, in real time, for what was reported in them and is in the spool. Shorter for tests.</summary>
    internal TimeSpan LongestDrain { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Notes that reports can be taken now. While the spool hands reports on it waits for a while: minutes are closed when they have what
    /// was reported in them. Calls must not overlap.
    /// </summary>
    /// <exception cref="StoreUnavailableException">The store can't be used; the next look notes what it may.</exception>
    public async Task LookAsync(CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var wasTaken = WasTakenUntil(now);
        if (_lastNoted is { } last && Minute.Of(now) - Minute.Of(last) > 1 && (wasTaken || (now - last) / _pace < s_standstill))
            await counts.ObserveAsync(new MinuteRange(Minute.Of(last), Minute.Of(now)), cancellation);
        await counts.ObserveAsync(now, cancellation);
        _lastNoted = now;
        _wasTaken = true;
        if (_newest is { } newest && newest.To < Minute.Of(now))
            Volatile.Write(ref _newest, null);
        if (spool is { IsEmpty: false } && !_isSpoolStuck)
        {
            await spool.WhenEmpty.WaitAsync(LongestDrain, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancellation.ThrowIfCancellationRequested();
        }
        // What is left fails, or is more than a while is for: all other services must not wait for it with every look.
        _isSpoolStuck = spool is { IsEmpty: false };
    }

    /// <summary>
    /// The observed stretches of [from, to), ascending and disjoint. Of the newest minutes the store is asked once for all who ask.
    /// </summary>
    public async Task<IReadOnlyList<MinuteRange>> ReadAsync(Minute from, Minute to, CancellationToken cancellation)
    {
        var newest = Volatile.Read(ref _newest);
        if (newest is null || newest.To < to)
        {
            var start = to - Window.Capacity;
            newest = new Newest(start, to, await counts.ReadObservedAsync(start, to, cancellation));
            Volatile.Write(ref _newest, newest);
        }
        if (from < newest.From)
            return await counts.ReadObservedAsync(from, to, cancellation);
        return [.. newest.Observed.Select(o => new MinuteRange(Minute.Max(o.From, from), Minute.Min(o.To, to))).Where(o => o.Length > 0)];
    }

    // A spool that takes reports while the store takes none leaves no gap, as long as this process looked on all the while.
    private bool WasTakenUntil(DateTimeOffset now)
    {
        _wasTaken = _wasTaken && spool is { IsTaking: true } && (_lastLook is not { } last || (now - last) / _pace < s_standstill);
        _lastLook = now;
        return _wasTaken;
    }

    private sealed record Newest(Minute From, Minute To, IReadOnlyList<MinuteRange> Observed);
}
