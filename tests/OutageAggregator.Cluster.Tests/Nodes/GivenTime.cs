using System.Diagnostics;

namespace OutageAggregator.Cluster.Tests.Nodes;

/// <summary>
/// A clock of the time that this machine was given: what its host took from its processors to give to other machines (Linux: "steal" in
/// <c>/proc/stat</c>) is left out, so that a bound means the same on a machine of one's own and on a shared one. Where nothing is taken, or nobody
/// says so, it is an ordinary clock.
/// </summary>
internal sealed class GivenTime
{
    private const string Source = "/proc/stat";
    private const int Steal = 8;
    // What the kernel counts in, on every machine it tells programs of.
    private const double TicksPerSecond = 100;

    private static readonly TimeSpan s_fresh = TimeSpan.FromMilliseconds(100);

    private readonly Lock _gate = new();
    private readonly Stopwatch _clock = new();
    private TimeSpan _takenBefore;
    private TimeSpan _taken;
    private TimeSpan _readAt = -s_fresh;
    private TimeSpan _given;

    /// <summary>As clocks on walls have it.</summary>
    public TimeSpan Elapsed => _clock.Elapsed;

    /// <summary>Without what was taken, of the average processor.</summary>
    public TimeSpan Given
    {
        get
        {
            lock (_gate)
            {
                // Thousands ask within a second.
                if (_clock.Elapsed - _readAt > s_fresh)
                    (_taken, _readAt) = (Read() - _takenBefore, _clock.Elapsed);
                // What is counted late must not turn the clock back.
                var given = _clock.Elapsed - _taken;
                return _given = given > _given ? given : _given;
            }
        }
    }

    public static GivenTime StartNew()
    {
        var time = new GivenTime();
        time.Start();
        return time;
    }

    public void Start()
    {
        _takenBefore = Read();
        _clock.Start();
    }

    private static TimeSpan Read()
    {
        if (!File.Exists(Source))
            return TimeSpan.Zero;
        // First the sum of all processors, then a line for each.
        var cpus = File.ReadLines(Source).TakeWhile(line => line.StartsWith("cpu", StringComparison.Ordinal)).ToList();
        var sum = cpus[0].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return sum.Length > Steal ? TimeSpan.FromSeconds(long.Parse(sum[Steal], CultureInfo.InvariantCulture) / TicksPerSecond / (cpus.Count - 1)) : TimeSpan.Zero;
    }
}
