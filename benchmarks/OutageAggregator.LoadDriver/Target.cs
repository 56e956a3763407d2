using System.Diagnostics;
using System.Text.RegularExpressions;

namespace OutageAggregator.LoadDriver;

/// <summary>A program under load: a process of its own on a free port of this machine, ended with this object.</summary>
internal sealed partial class Target : IAsyncDisposable
{
    private readonly Process _process;
    private readonly string? _folder;

    private Target(string name, Process process, Uri address, string? folder)
    {
        Name = name;
        _process = process;
        Address = address;
        _folder = folder;
    }

    internal string Name { get; }

    internal Uri Address { get; }

    internal static Task<Target> StartK0Async(CancellationToken cancellation) =>
        StartAsync("K0", [typeof(Target).Assembly.Location, "k0"], null, cancellation);

    /// <summary>The server in a folder of its own, over SQLite unless told otherwise, believing forwarded addresses from this machine.</summary>
    /// <param name="assembly">The server's assembly; null for the one built beside this program.</param>
    /// <param name="cancellation">Ends the wait for it.</param>
    /// <param name="arguments">More of its command line.</param>
    internal static Task<Target> StartServerAsync(string? assembly, CancellationToken cancellation, params string[] arguments)
    {
        var folder = Directory.CreateTempSubdirectory("outages-load-").FullName;
        return StartAsync(
            "server",
            [assembly ?? AssemblyOf("Server"), "--urls", "http://127.0.0.1:0", "--data", folder, "--trust-proxy", "127.0.0.0/8", .. arguments],
            folder,
            cancellation);
    }

    /// <summary>Memory that the system holds for it, bytes.</summary>
    internal long Memory
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    internal double CpuSeconds
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime.TotalSeconds;
        }
    }

    /// <summary>Bytes that it has allocated since it started; null where it does not tell.</summary>
    internal async Task<double?> AllocatedAsync(CancellationToken cancellation)
    {
        using var client = new HttpClient { BaseAddress = Address };
        return await Metrics.ReadAsync(client, "dotnet_gc_heap_total_allocated_bytes_total", cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await _process.EndAsync();
        if (_folder is not null)
            Directory.Delete(_folder, recursive: true);
    }

    private static async Task<Target> StartAsync(string name, string[] arguments, string? folder, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo("dotnet", ["exec", .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardInput = true,
        };
        var process = Process.Start(start) ?? throw new InvalidOperationException($"{name} could not be started.");
        while (await process.StandardOutput.ReadLineAsync(cancellation) is { } line)
        {
            if (AddressPattern().Match(line) is { Success: true } found)
            {
                _ = process.StandardOutput.ReadToEndAsync(cancellation);
                var target = new Target(name, process, new Uri(found.Value), folder);
                await target.ReadyAsync(cancellation);
                return target;
            }
        }
        throw new InvalidOperationException($"{name} ended before it served.");
    }

    private async Task ReadyAsync(CancellationToken cancellation)
    {
        using var client = new HttpClient { BaseAddress = Address };
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        for (var tries = 0; tries < 600; tries++)
        {
            using var answer = await client.GetAsync("/readyz", cancellation);
            // K0 has no such page, and is ready when it answers at all.
            if (answer.IsSuccessStatusCode || answer.StatusCode == System.Net.HttpStatusCode.NotFound)
                return;
            _ = await timer.WaitForNextTickAsync(cancellation);
        }
        throw new InvalidOperationException($"{Name} was not ready within 30 seconds.");
    }

    // Beside this program's own output: .../benchmarks/X/bin/CONFIGURATION/FRAMEWORK -> .../src/Server/bin/CONFIGURATION/FRAMEWORK.
    internal static string AssemblyOf(string project)
    {
        var here = new DirectoryInfo(AppContext.BaseDirectory);
        var path = RepositoryFile($"src/OutageAggregator.{project}/bin/{here.Parent!.Name}/{here.Name}/OutageAggregator.{project}.dll");
        return File.Exists(path) ? path : throw new FileNotFoundException($"{project} is not built: {path} is missing.");
    }

    internal static string RepositoryFile(string path) => Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "../../../../..", path));

    [GeneratedRegex(@"http://127\.0\.0\.1:[0-9]+", RegexOptions.None, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex AddressPattern();
}
