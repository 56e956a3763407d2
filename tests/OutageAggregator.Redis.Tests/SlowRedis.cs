using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace OutageAggregator.Redis.Tests;

/// <summary>A way to Redis that takes as long as it is told: everything sent through it arrives later, whole and in order.</summary>
public sealed class SlowRedis : IAsyncDisposable
{
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(10);

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _ending = new();
    private readonly List<Task> _ways = [];
    private readonly Task _accepting;
    private readonly int _port;
    private long _ticks;

    public SlowRedis(RedisServer server)
    {
        ArgumentNullException.ThrowIfNull(server);
        _port = server.Port;
        _listener.Start();
        Address = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");
        _accepting = AcceptAsync();
    }

    public string Address { get; }

    /// <summary>How much later an answer arrives; of one that is under way, too.</summary>
    public TimeSpan Delay
    {
        get => TimeSpan.FromTicks(Volatile.Read(ref _ticks));
        set => Volatile.Write(ref _ticks, value.Ticks);
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        _listener.Stop();
        await _accepting;
        await Task.WhenAll(_ways);
        _ending.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ways.Add(PassAsync(await _listener.AcceptTcpClientAsync(_ending.Token)));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The end.
        }
    }

    private async Task PassAsync(TcpClient client)
    {
        using (client)
        using (var server = new TcpClient { NoDelay = true })
        {
            client.NoDelay = true;
            await server.ConnectAsync(IPAddress.Loopback, _port);
            await Task.WhenAny(CopyAsync(client.GetStream(), server.GetStream(), isLate: false), CopyAsync(server.GetStream(), client.GetStream(), isLate: true));
        }
    }

    private async Task HoldAsync()
    {
        var since = Stopwatch.GetTimestamp();
        using var look = new PeriodicTimer(s_look);
        while (Stopwatch.GetElapsedTime(since) < Delay)
            _ = await look.WaitForNextTickAsync(_ending.Token);
    }

    private async Task CopyAsync(NetworkStream from, NetworkStream to, bool isLate)
    {
        var buffer = new byte[65_536];
        try
        {
            while (await from.ReadAsync(buffer, _ending.Token) is var read and > 0)
            {
                if (isLate)
                    await HoldAsync();
                await to.WriteAsync(buffer.AsMemory(0, read), _ending.Token);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or ObjectDisposedException)
        {
            // One side is gone.
        }
    }
}
