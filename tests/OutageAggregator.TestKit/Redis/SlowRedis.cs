using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading.Channels;

namespace OutageAggregator.TestKit.Redis;

/// <summary>
/// A way to Redis that takes as long as it is told: everything sent through it arrives later, whole and in order. It may also forget connections, as a
/// firewall does that lost its table: they stay open, and nothing comes back on them any more.
/// </summary>
public sealed class SlowRedis : IAsyncDisposable
{
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(10);

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _ending = new();
    private readonly List<Way> _ways = [];
    private readonly List<Task> _passing = [];
    private readonly Task _accepting;
    private readonly int _port;
    private long _ticks;
    private byte[]? _fatal;

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

    /// <summary>How many connections it forgot.</summary>
    public int Forgotten
    {
        get
        {
            lock (_ways)
                return _ways.Count(w => w.IsForgotten);
        }
    }

    /// <summary>Forgets the connections that there are.</summary>
    /// <param name="areDeaf">Nothing is taken from them any more either: what is sent on them waits with the sender.</param>
    public void Forget(bool areDeaf = false)
    {
        lock (_ways)
            _ways.ForEach(w => (w.IsForgotten, w.IsDeaf) = (true, areDeaf));
    }

    /// <summary>Forgets the next connection on which somebody says this, before it is answered.</summary>
    public void ForgetOnceSaid(string text) => Volatile.Write(ref _fatal, Encoding.UTF8.GetBytes(text));

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        _listener.Stop();
        await _accepting;
        await Task.WhenAll(_passing);
        _ending.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _passing.Add(PassAsync(await _listener.AcceptTcpClientAsync(_ending.Token)));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The end.
        }
    }

    private async Task PassAsync(TcpClient client)
    {
        var way = new Way();
        lock (_ways)
            _ways.Add(way);
        using (client)
        using (var server = new TcpClient { NoDelay = true })
        {
            client.NoDelay = true;
            await server.ConnectAsync(IPAddress.Loopback, _port);
            await Task.WhenAny(AskAsync(way, client.GetStream(), server.GetStream()), AnswerAsync(way, server.GetStream(), client.GetStream()));
        }
    }

    private async Task HoldAsync(long since)
    {
        using var look = new PeriodicTimer(s_look);
        while (Stopwatch.GetElapsedTime(since) < Delay)
            _ = await look.WaitForNextTickAsync(_ending.Token);
    }

    private Task AskAsync(Way way, NetworkStream from, NetworkStream to) => CopyAsync(from, to, async said =>
    {
        if (way.IsDeaf)
            await new TaskCompletionSource().Task.WaitAsync(_ending.Token);
        if (Volatile.Read(ref _fatal) is { } fatal && said.Span.IndexOf(fatal) >= 0)
        {
            way.IsForgotten = true;
            Volatile.Write(ref _fatal, null);
        }
        return true;
    });

    // Each is late by itself: one that comes while another is held does not wait for that one first.
    private async Task AnswerAsync(Way way, NetworkStream from, NetworkStream to)
    {
        var held = Channel.CreateUnbounded<(byte[] Said, long At)>();
        var reading = ReadAsync();
        try
        {
            await foreach (var (said, at) in held.Reader.ReadAllAsync(_ending.Token))
            {
                await HoldAsync(at);
                if (!way.IsForgotten)
                    await to.WriteAsync(said, _ending.Token);
            }
        }
        catch (Exception e) when (IsEnd(e))
        {
            // One side is gone.
        }
        await reading;

        async Task ReadAsync()
        {
            await CopyAsync(from, to, said => Task.FromResult(!held.Writer.TryWrite((said.ToArray(), Stopwatch.GetTimestamp()))));
            held.Writer.Complete();
        }
    }

    private async Task CopyAsync(NetworkStream from, NetworkStream to, Func<ReadOnlyMemory<byte>, Task<bool>> passesAsync)
    {
        var buffer = new byte[65_536];
        try
        {
            while (await from.ReadAsync(buffer, _ending.Token) is var read and > 0)
            {
                if (await passesAsync(buffer.AsMemory(0, read)))
                    await to.WriteAsync(buffer.AsMemory(0, read), _ending.Token);
            }
        }
        catch (Exception e) when (IsEnd(e))
        {
            // One side is gone.
        }
    }

    private static bool IsEnd(Exception failure) => failure is OperationCanceledException or IOException or ObjectDisposedException;

    private sealed class Way
    {
        public volatile bool IsForgotten;
        public volatile bool IsDeaf;
    }
}
