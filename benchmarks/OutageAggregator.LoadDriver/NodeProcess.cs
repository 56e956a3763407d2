using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.RegularExpressions;

namespace OutageAggregator.LoadDriver;

/// <summary>One node of a cluster as operators run it: a process of its own, which keeps its ports and its data folder over a restart.</summary>
/// <param name="name">Of its data folder.</param>
/// <param name="folder">For its data folder, and the secrets that all nodes share.</param>
/// <param name="redis">Where counts and membership are.</param>
/// <param name="settings">A file with more settings, or null for those as shipped.</param>
internal sealed partial class NodeProcess(string name, string folder, string redis, string? settings = null) : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(5);

    private readonly int _port = RedisProcess.FreePort();
    private readonly int _siloPort = RedisProcess.FreePort();
    private readonly ConcurrentQueue<(long At, string Text)> _lines = new();
    private Process? _process;

    internal Uri Address => new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{_port}"));

    /// <summary>Where the other nodes reach it.</summary>
    internal string SiloAddress => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{_siloPort}");

    internal HttpClient Client { get; } = new(new SocketsHttpHandler { UseProxy = false, UseCookies = false }) { Timeout = TimeSpan.FromSeconds(60) };

    /// <summary>Memory that the system holds for it, bytes.</summary>
    internal long Memory
    {
        get
        {
            Running.Refresh();
            return Running.WorkingSet64;
        }
    }

    internal TimeSpan CpuTime
    {
        get
        {
            Running.Refresh();
            return Running.TotalProcessorTime;
        }
    }

    /// <summary>What it logged as warnings and worse, of all of its starts.</summary>
    internal IReadOnlyList<string> Warnings => [.. _lines.Select(l => l.Text).Where(l => Warning().IsMatch(l))];

    /// <summary>Starts its process, for the first time or again.</summary>
    /// <returns>How long it took to be ready.</returns>
    internal async Task<TimeSpan> StartAsync(CancellationToken cancellation)
    {
        var since = Stopwatch.GetTimestamp();
        var start = new ProcessStartInfo(
            "dotnet",
            [
                "exec", Target.AssemblyOf("Server"), "--urls", Address.ToString(), "--data", Path.Combine(folder, name), "--redis", redis,
                "--trust-proxy", "127.0.0.0/8", .. settings is null ? (string[])[] : ["--settings", settings],
            ])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder,
        };
        start.Environment["OUTAGE_Cluster__Address"] = "127.0.0.1";
        start.Environment["OUTAGE_Cluster__SiloPort"] = _siloPort.ToString(CultureInfo.InvariantCulture);
        start.Environment["OUTAGE_Cluster__Secrets"] = Directory.CreateDirectory(Path.Combine(folder, "secrets")).FullName;
        var process = _process = new Process { StartInfo = start };
        process.OutputDataReceived += (_, e) => Read(e.Data);
        process.ErrorDataReceived += (_, e) => Read(e.Data);
        _ = process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        await ReadyAsync(cancellation);
        return Stopwatch.GetElapsedTime(since);
    }

    /// <summary>Waits until it accepts reports.</summary>
    /// <exception cref="InvalidOperationException">It ended, or takes minutes.</exception>
    internal async Task ReadyAsync(CancellationToken cancellation)
    {
        var since = Stopwatch.GetTimestamp();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (!await IsReadyAsync(cancellation))
        {
            if (Running.HasExited || Stopwatch.GetElapsedTime(since) > s_patience)
                throw new InvalidOperationException($"{name} {(Running.HasExited ? "ended" : "is not ready")}:\n{string.Join('\n', _lines.TakeLast(20).Select(l => l.Text))}");
            _ = await timer.WaitForNextTickAsync(cancellation);
        }
    }

    /// <summary>SIGKILL: nothing is finished, nothing is flushed.</summary>
    internal async Task KillAsync()
    {
        if (_process is { } process)
            await process.EndAsync();
        _process = null;
    }

    /// <summary>STOP hangs it without closing its sockets, CONT lets it go on.</summary>
    internal Task SignalAsync(string signal) => Running.SignalAsync(signal);

    /// <summary>Lets it go on after it hung. One that was given up meanwhile ends itself and is started again, as by a service manager.</summary>
    internal async Task ResumeAsync(CancellationToken cancellation)
    {
        await SignalAsync("CONT");
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        end.CancelAfter(TimeSpan.FromSeconds(10));
        await Running.WaitForExitAsync(end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellation.ThrowIfCancellationRequested();
        if (Running.HasExited)
            _ = await StartAsync(cancellation);
        else
            await ReadyAsync(cancellation);
    }

    /// <summary>How long after an instant of <see cref="Stopwatch.GetTimestamp"/> it first said something; null where it did not.</summary>
    internal TimeSpan? SaidAfter(long since, string text)
    {
        foreach (var (at, line) in _lines)
        {
            if (at >= since && line.Contains(text, StringComparison.Ordinal))
                return Stopwatch.GetElapsedTime(since, at);
        }
        return null;
    }

    private Process Running => _process ?? throw new InvalidOperationException($"{name} does not run.");

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        Client.Dispose();
    }

    private void Read(string? line)
    {
        if (line is not null)
            _lines.Enqueue((Stopwatch.GetTimestamp(), line));
    }

    private async Task<bool> IsReadyAsync(CancellationToken cancellation)
    {
        try
        {
            using var answer = await Client.GetAsync(new Uri(Address, "/readyz"), cancellation);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    // TIME warn: CATEGORY[0] ..., or an exception that nobody caught.
    [GeneratedRegex("^(?:[^ ]+ )?(?:warn|fail|crit): |^Unhandled exception", RegexOptions.None, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Warning();
}
