using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace OutageAggregator.LoadDriver;

/// <summary>A redis-server of this run's own: it keeps nothing, or its log as deploy/redis.conf has it, over a restart on the same port.</summary>
internal sealed class RedisProcess : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("outages-redis-").FullName;
    private readonly int _port = FreePort();
    private readonly string[] _options;
    private Process? _process;

    private RedisProcess(string? fsync) => _options = fsync is null ? ["--save", ""] : [DurableSettings(_folder), "--appendfsync", fsync];

    internal string Address => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{_port}");

    /// <param name="cancellation">Ends the wait for it.</param>
    /// <param name="fsync">"always" or "everysec" for one that keeps its log, null for one that keeps nothing.</param>
    internal static async Task<RedisProcess> StartAsync(CancellationToken cancellation, string? fsync = null)
    {
        var redis = new RedisProcess(fsync);
        await redis.StartAgainAsync(cancellation);
        return redis;
    }

    /// <summary>Starts its process on what it has kept, and waits until it has read that.</summary>
    internal async Task StartAgainAsync(CancellationToken cancellation)
    {
        // A file of settings comes first; what follows it wins.
        string[] place = ["--port", _port.ToString(CultureInfo.InvariantCulture), "--bind", "127.0.0.1", "--dir", _folder];
        var start = new ProcessStartInfo("redis-server", _options[0].StartsWith('-') ? [.. place, .. _options] : [_options[0], .. place, .. _options[1..]])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
        };
        var process = _process = Process.Start(start) ?? throw new InvalidOperationException("redis-server could not be started.");
        while (await process.StandardOutput.ReadLineAsync(cancellation) is { } line)
        {
            if (!line.Contains("eady to accept connections", StringComparison.Ordinal))
                continue;
            _ = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
            return;
        }
        throw new InvalidOperationException("redis-server ended before it served.");
    }

    /// <summary>SIGKILL: nothing is finished, nothing is flushed.</summary>
    internal async Task KillAsync()
    {
        if (_process is { } process)
            await process.EndAsync();
        _process = null;
    }

    /// <summary>STOP hangs it without closing its sockets, CONT lets it go on.</summary>
    internal Task SignalAsync(string signal) => _process!.SignalAsync(signal);

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>
    /// A port that nobody listens at, below those that the system gives to connections: whoever tries again and again to connect to one of those, while
    /// its server is down, is given it at last and talks to itself.
    /// </summary>
    internal static int FreePort()
    {
        while (true)
        {
            var port = Random.Shared.Next(20_000, 32_000);
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, port);
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // The next one may be free.
            }
        }
    }

    // As it is deployed, but for its password and its volume.
    private static string DurableSettings(string folder)
    {
        var path = Path.Combine(folder, "redis.conf");
        File.WriteAllLines(path, File.ReadLines(Target.RepositoryFile("deploy/redis.conf")).Where(line => line.Split(' ')[0] is not ("include" or "dir")));
        return path;
    }
}
