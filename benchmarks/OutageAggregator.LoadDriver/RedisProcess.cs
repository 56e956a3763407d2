using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace OutageAggregator.LoadDriver;

/// <summary>A redis-server of this run's own, which keeps nothing.</summary>
internal sealed class RedisProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly string _folder;

    private RedisProcess(Process process, string folder, int port)
    {
        _process = process;
        _folder = folder;
        Address = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}");
    }

    internal string Address { get; }

    internal static async Task<RedisProcess> StartAsync(CancellationToken cancellation)
    {
        var folder = Directory.CreateTempSubdirectory("outages-redis-").FullName;
        using var free = new TcpListener(IPAddress.Loopback, 0);
        free.Start();
        var port = ((IPEndPoint)free.LocalEndpoint).Port;
        free.Stop();
        var start = new ProcessStartInfo("redis-server", ["--port", port.ToString(CultureInfo.InvariantCulture), "--bind", "127.0.0.1", "--dir", folder, "--save", ""])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
        };
        var process = Process.Start(start) ?? throw new InvalidOperationException("redis-server could not be started.");
        while (await process.StandardOutput.ReadLineAsync(cancellation) is { } line)
        {
            if (!line.Contains("eady to accept connections", StringComparison.Ordinal))
                continue;
            _ = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
            return new RedisProcess(process, folder, port);
        }
        throw new InvalidOperationException("redis-server ended before it served.");
    }

    /// <summary>STOP hangs it without closing its sockets, CONT lets it go on.</summary>
    internal async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
