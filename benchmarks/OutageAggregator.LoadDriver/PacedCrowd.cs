using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

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
        using var socket = await ConnectAsync();
        var buffer = new byte[16_384];
        var again = new List<Press>();
        foreach (var person in people)
            again.Add(await SendAsync(socket, buffer, person));
        return again;
    }

    private async Task PressAsync(int number, CancellationToken ending)
    {
        using var socket = await ConnectAsync();
        var buffer = new byte[16_384];
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
            _presses.Enqueue(await SendAsync(socket, buffer, _first + Interlocked.Increment(ref _people)));
        }
    }

    private async Task<Press> SendAsync(Socket socket, byte[] buffer, long person)
    {
        var body = $$"""{"service":"{{Crowd.Services[person % _services]}}","problem":"login","surface":"web","region":"{{s_regions[person / _services % regions]}}","kind":"down"}""";
        var request = Encoding.ASCII.GetBytes(
            $"POST /api/v1/reports HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nX-Forwarded-For: {Crowd.Address(person)}\r\nContent-Length: {body.Length}\r\n\r\n{body}");
        var sentAt = Clock.Elapsed;
        _ = await socket.SendAsync(request);
        var status = await Crowd.AnswerAsync(socket, buffer, CancellationToken.None);
        return new Press(person, sentAt, (Clock.Elapsed - sentAt).TotalMilliseconds, status);
    }

    private async Task<Socket> ConnectAsync()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, target.Address.Port);
        return socket;
    }
}
