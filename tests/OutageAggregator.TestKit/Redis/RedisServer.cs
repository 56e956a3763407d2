using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace OutageAggregator.TestKit.Redis;

/// <summary>
/// A redis-server of a test's own, on a free port of 127.0.0.1: the one installed on the machine, or the one that <c>OUTAGE_REDIS_SERVER</c>
/// names. Where there is none, every test that needs it is skipped and says why.
/// </summary>
public sealed class RedisServer : IAsyncDisposable
{
    private static readonly string[] s_places =
    [
        .. Environment.GetEnvironmentVariable("OUTAGE_REDIS_SERVER") is { Length: > 0 } named ? (string[])[named] : ["/usr/bin/redis-server", "/usr/local/bin/redis-server", "/opt/homebrew/bin/redis-server"],
    ];

    private readonly Process _process;
    private readonly string _folder;
    private int _isDisposed;

    private RedisServer(Process process, string folder, int port)
    {
        _process = process;
        _folder = folder;
        Port = port;
    }

    public int Port { get; }

    public int Id => _process.Id;

    public string Address => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{Port}");

    /// <summary>How a client reaches it that waits for a minute, as a busy machine may need: a connection is given up after a second otherwise, a call after two.</summary>
    public static string Patient(string address) => $"{address},connectTimeout=60000,asyncTimeout=60000";

    /// <summary>Starts one that keeps nothing, ready for commands; skips the test where there is none.</summary>
    /// <param name="options">More of its command line.</param>
    public static Task<RedisServer> StartAsync(params string[] options) => StartAsync(port: null, options);

    /// <summary>Starts one on a certain port.</summary>
    public static async Task<RedisServer> StartAsync(int? port, params string[] options)
    {
        SkipWhereMissing();
        for (var attempt = 1; ; attempt++)
        {
            var folder = Directory.CreateTempSubdirectory("outage-redis-").FullName;
            var chosen = port ?? Ports.Free();
            var info = new ProcessStartInfo(s_places.First(File.Exists)) { RedirectStandardOutput = true, UseShellExecute = false };
            foreach (var argument in (string[])["--port", chosen.ToString(CultureInfo.InvariantCulture), "--bind", "127.0.0.1", "--dir", folder, "--save", "", "--daemonize", "no", .. options])
                info.ArgumentList.Add(argument);
            var server = new RedisServer(Process.Start(info)!, folder, chosen);
            var said = new StringBuilder();
            while (await server._process.StandardOutput.ReadLineAsync() is { } line)
            {
                said.AppendLine(line);
                if (!line.Contains("eady to accept connections", StringComparison.Ordinal))
                    continue;
                _ = server._process.StandardOutput.ReadToEndAsync();
                return server;
            }
            // Somebody may have taken the port meanwhile.
            await server.DisposeAsync();
            if (attempt == 3 || port is not null)
                throw new InvalidOperationException($"redis-server did not start:\n{said}");
        }
    }

    public static bool IsThere => s_places.Any(File.Exists);

    public static void SkipWhereMissing()
    {
        if (!IsThere)
            Assert.Skip($"No redis-server at {string.Join(", ", s_places)}. Install one (Debian: redis-server), or name it in OUTAGE_REDIS_SERVER.");
    }

    /// <summary>Sends a command as a human would, and gives the first line of the answer as it comes over the wire.</summary>
    public async Task<string> SayAsync(string command) => (await TellAsync(command)).Split("\r\n")[0];

    /// <summary>Sends a command as a human would, and gives the answer as it comes over the wire.</summary>
    public async Task<string> TellAsync(string command)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, Port);
        await using var stream = client.GetStream();
        await stream.WriteAsync(Encoding.UTF8.GetBytes($"{command}\r\nQUIT\r\n"));
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync();
    }

    /// <summary>What it is told while something is done: a line a command, as MONITOR shows it, with the instant in front.</summary>
    public async Task<IReadOnlyList<string>> MonitorAsync(Func<Task> act)
    {
        ArgumentNullException.ThrowIfNull(act);
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, Port);
        using var reader = new StreamReader(client.GetStream());
        await client.GetStream().WriteAsync("MONITOR\r\n"u8.ToArray());
        _ = await reader.ReadLineAsync();
        await act();
        var end = Guid.NewGuid().ToString("N");
        _ = await SayAsync($"ECHO {end}");
        var lines = new List<string>();
        while (await reader.ReadLineAsync() is { } line && !line.Contains(end, StringComparison.Ordinal))
            lines.Add(line[1..]);
        return lines;
    }

    /// <summary>STOP hangs it without closing its sockets, CONT lets it go on.</summary>
    public async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) == 1)
            return;
        if (!_process.HasExited)
            _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
