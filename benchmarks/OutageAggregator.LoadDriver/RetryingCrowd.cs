using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Sockets;

namespace OutageAggregator.LoadDriver;

/// <summary>
/// People who report at a steady rate, whatever becomes of those before them: an open loop. Each has an address of their own and one report; who is
/// answered 503, or not at all, tries again at the next node, as the API asks. So at the end each of them must have been counted once.
/// </summary>
/// <param name="doors">The nodes.</param>
/// <param name="services">What they report, in turn.</param>
/// <param name="regions">And from where.</param>
internal sealed class RetryingCrowd(IReadOnlyList<Uri> doors, IReadOnlyList<string> services, IReadOnlyList<string> regions) : IDisposable
{
    // At each node. A process may have so many descriptors and no more, and .NET does not survive that.
    private const int MostConnections = 5_000;

    // As long as a sender waits who has other doors to try: a node may wait five seconds for another one that has the watch.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(6);

    // A node that can't be reached is left for the next one at once, or all but. Whoever got no answer from any waits longer each time, as clients
    // should: ninety thousand who did not once made 7.7 million attempts in three minutes.
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan s_longestPause = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_longest = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan s_idle = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan s_step = TimeSpan.FromMilliseconds(5);

    // Nobody who reported in a crowd before: they would be duplicates.
    private static long s_people;

    private readonly ConcurrentStack<RawConnection>[] _idle = [.. doors.Select(_ => new ConcurrentStack<RawConnection>())];
    private readonly int[] _open = new int[doors.Count];
    private readonly ConcurrentQueue<double> _milliseconds = new();
    private readonly ConcurrentDictionary<string, int> _answers = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, int> _accepted = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();
    private int _people;

    /// <summary>Answers by their status; "none" where no answer came.</summary>
    internal IReadOnlyDictionary<string, int> Answers => _answers;

    /// <summary>How many people of each service know that their report is stored.</summary>
    internal IReadOnlyDictionary<string, int> Accepted => _accepted;

    /// <summary>How many reported.</summary>
    internal int People => Volatile.Read(ref _people);

    /// <summary>Times to an answer, whichever it was, milliseconds ascending.</summary>
    internal double[] Times => [.. _milliseconds.Order()];

    /// <summary>The longest that anybody got nothing but failures, from the sending of the first one to the answer that took the report.</summary>
    internal TimeSpan LongestFailing { get; private set; }

    /// <summary>The longest that anybody waited, from the first sending on, for the answer that took the report.</summary>
    internal TimeSpan LongestWait { get; private set; }

    /// <summary>Lets people report, and waits until everybody was accepted, for two minutes at most.</summary>
    internal async Task RunAsync(int perSecond, TimeSpan length, CancellationToken cancellation)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        ending.CancelAfter(length + s_longest);
        var people = new List<Task>();
        var clock = Stopwatch.StartNew();
        using var timer = new PeriodicTimer(s_step);
        while (clock.Elapsed < length && await timer.WaitForNextTickAsync(cancellation))
        {
            for (var due = (int)(Math.Min(clock.Elapsed.TotalSeconds, length.TotalSeconds) * perSecond); people.Count < due;)
                people.Add(ReportAsync(people.Count, ending.Token));
        }
        await Task.WhenAll(people);
    }

    public void Dispose()
    {
        for (var door = 0; door < doors.Count; door++)
            CloseIdle(door);
    }

    private async Task ReportAsync(int number, CancellationToken ending)
    {
        _ = Interlocked.Increment(ref _people);
        var person = Interlocked.Increment(ref s_people);
        var service = services[number % services.Count];
        var region = regions[number / services.Count % regions.Count];
        var first = Stopwatch.GetTimestamp();
        var pause = s_pause;
        for (var attempt = 0; !ending.IsCancellationRequested; attempt++)
        {
            var (status, later) = await PostAsync((number + attempt) % doors.Count, person, service, region);
            if (status is 202 or 200)
            {
                _ = _accepted.AddOrUpdate(service, 1, static (_, count) => count + 1);
                Note(Stopwatch.GetElapsedTime(first), hasFailed: attempt > 0);
                return;
            }
            if (attempt % doors.Count == doors.Count - 1)
                pause = pause * 2 < s_longestPause ? pause * 2 : s_longestPause;
            await Task.Delay(later ?? pause, ending).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        Note(s_longest, hasFailed: true);
    }

    // Who failed did so from the first attempt on, or would not have made a second one.
    private void Note(TimeSpan took, bool hasFailed)
    {
        lock (_gate)
        {
            LongestWait = took > LongestWait ? took : LongestWait;
            LongestFailing = hasFailed && took > LongestFailing ? took : LongestFailing;
        }
    }

    private async Task<(int? Status, TimeSpan? Later)> PostAsync(int door, long person, string service, string region)
    {
        var sentAt = Stopwatch.GetTimestamp();
        using var patience = new CancellationTokenSource(s_patience);
        int? status = null;
        TimeSpan? later = null;
        RawConnection? connection = null;
        try
        {
            connection = TakeIdle(door) ?? await OpenAsync(door, patience.Token);
            (status, later) = await connection.ReportAsync(person, service, region, patience.Token);
            _idle[door].Push(connection);
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException)
        {
            // The node is gone, hangs or is full, and its other connections are of no use.
            Close(door, connection);
            CloseIdle(door);
        }
        _milliseconds.Enqueue(Stopwatch.GetElapsedTime(sentAt).TotalMilliseconds);
        _ = _answers.AddOrUpdate(status?.ToString(CultureInfo.InvariantCulture) ?? "none", 1, static (_, count) => count + 1);
        return (status, later);
    }

    // The newest of them, or none where that is so old that the server may be closing it.
    private RawConnection? TakeIdle(int door)
    {
        if (!_idle[door].TryPop(out var idle))
            return null;
        if (Stopwatch.GetElapsedTime(idle.UsedAt) < s_idle)
            return idle;
        Close(door, idle);
        CloseIdle(door);
        return null;
    }

    private void CloseIdle(int door)
    {
        while (_idle[door].TryPop(out var idle))
            Close(door, idle);
    }

    private async Task<RawConnection> OpenAsync(int door, CancellationToken cancellation)
    {
        try
        {
            return Interlocked.Increment(ref _open[door]) <= MostConnections
                ? await RawConnection.OpenAsync(doors[door].Port, cancellation)
                : throw new IOException("The node has as many connections as it may have.");
        }
        catch
        {
            _ = Interlocked.Decrement(ref _open[door]);
            throw;
        }
    }

    private void Close(int door, RawConnection? connection)
    {
        if (connection is null)
            return;
        connection.Dispose();
        _ = Interlocked.Decrement(ref _open[door]);
    }
}
