using System.Collections.Concurrent;
using System.Diagnostics;

namespace OutageAggregator.LoadDriver;

/// <summary>One request.</summary>
/// <param name="Person">Who reported.</param>
/// <param name="SentAt">When, on the crowd's clock.</param>
/// <param name="Milliseconds">Until its answer.</param>
/// <param name="Status">Of its answer.</param>
internal readonly record struct Press(long Person, TimeSpan SentAt, double Milliseconds, int Status);

/// <summary>People who report at a steady rate over several services and regions, each from an address of their own and each once; whoever is told to come again does so when asked.</summary>
internal sealed class PacedCrowd(Target target, int perSecond, int services = PacedCrowd.AllServices, int regions = 20)
{
    private const int AllServices = int.MaxValue;

    // Enough of them that a server which answers within 20 ms is never waited for.
    private readonly int _connections = Math.Max(64, perSecond / 50);
    private readonly int _services = Math.Min(services, Crowd.Services.Length);

    private static readonly string[] s_regions = ["IT", "ES", "FR", "DE", "BR", "US", "IN", "JP", "GB", "NL", "PL", "SE", "CA", "MX", "AU", "AR", "CL", "PT", "AT", "CH"];

    private readonly ConcurrentQueue<Press> _presses = new();
    // Nobody who reported in a crowd before: they would be duplicates.
    private static long s_people;

    private readonly long _first = Interlocked.Add(ref s_people, 1 << 24);
    private long _people;

    internal Stopwatch Clock { get; } = Stopwatch.StartNew();

    internal IReadOnlyCollection<Press> Presses => _presses;

    internal long People => Volatile.Read(ref _people);

    internal Task RunAsync(CancellationToken ending) => Task.WhenAll(Enumerable.Range(0, _connections).Select(i => PressAsync(i, ending)));

    /// <summary>Sends the reports of some people once more.</summary>
    internal async Task<List<Press>> AgainAsync(IEnumerable<long> people)
    {
        using var connection = await RawConnection.OpenAsync(target.Address.Port, CancellationToken.None);
        var again = new List<Press>();
        foreach (var person in people)
            again.Add(await SendAsync(connection, person));
        return again;
    }

    private async Task PressAsync(int number, CancellationToken ending)
    {
        using var connection = await RawConnection.OpenAsync(target.Address.Port, CancellationToken.None);
        var pace = TimeSpan.FromSeconds((double)_connections / perSecond);
        var next = Clock.Elapsed + (pace * number / _connections);
        while (!ending.IsCancellationRequested)
        {
            // Who is late goes on from where they are: a stall is not made up for by a burst.
            var wait = next - Clock.Elapsed;
            if (wait > TimeSpan.Zero)
                await Task.Delay(wait, CancellationToken.None);
            else
                next = Clock.Elapsed;
            next += pace;
            _presses.Enqueue(await SendAsync(connection, _first + Interlocked.Increment(ref _people)));
        }
    }

    private async Task<Press> SendAsync(RawConnection connection, long person)
    {
        var sentAt = Clock.Elapsed;
        var (status, _) = await connection.ReportAsync(person, Crowd.Services[person % _services], s_regions[person / _services % regions], CancellationToken.None);
        return new Press(person, sentAt, (Clock.Elapsed - sentAt).TotalMilliseconds, status);
    }
}
