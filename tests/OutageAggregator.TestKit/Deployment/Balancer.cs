using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;
using OutageAggregator.TestKit.Redis;

namespace OutageAggregator.TestKit.Deployment;

/// <summary>
/// The HAProxy of <c>deploy/haproxy.cfg</c>, as a process: only addresses, ports, how many connections there may be, and how long a check may take on a
/// busy machine are replaced. It is the one installed on the machine, or the one that <c>OUTAGE_HAPROXY</c> names. Where there is none, every test that
/// needs it is skipped and says why.
/// </summary>
internal sealed class Balancer : IAsyncDisposable
{
    private static readonly string[] s_places =
        Environment.GetEnvironmentVariable("OUTAGE_HAPROXY") is { Length: > 0 } named ? [named] : ["/usr/sbin/haproxy", "/usr/local/sbin/haproxy", "/opt/homebrew/bin/haproxy"];

    private readonly Process _process;
    private readonly TemporaryFolder _folder;
    private readonly StringBuilder _log = new();
    private readonly Uri _inside;
    private readonly HttpClient _looker = new(new SocketsHttpHandler { UseProxy = false });

    private Balancer(Process process, TemporaryFolder folder, int port, int inside)
    {
        _process = process;
        _folder = folder;
        _inside = Local(inside);
        Address = Local(port);
        Client = new HttpClient(new SocketsHttpHandler { UseProxy = false, UseCookies = false }) { BaseAddress = Address };
        process.OutputDataReceived += (_, e) => Read(e.Data);
        process.ErrorDataReceived += (_, e) => Read(e.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>Where the public is served.</summary>
    public Uri Address { get; }

    public HttpClient Client { get; }

    /// <summary>What it wrote.</summary>
    public string Log
    {
        get
        {
            lock (_log)
                return _log.ToString();
        }
    }

    public static string SkipWhereMissing()
    {
        if (s_places.FirstOrDefault(File.Exists) is { } haproxy)
            return haproxy;
        Assert.Skip($"No haproxy at {string.Join(", ", s_places)}. Install one (Debian: haproxy), or name it in OUTAGE_HAPROXY.");
        return "";
    }

    /// <summary>Starts it, and waits until it has seen that each node is alive.</summary>
    /// <param name="change">Changes the configuration further.</param>
    /// <param name="nodes">Addresses of up to three nodes.</param>
    public static async Task<Balancer> StartAsync(Func<string, string>? change, params Uri[] nodes)
    {
        var haproxy = SkipWhereMissing();
        for (var attempt = 1; ; attempt++)
        {
            var (port, inside) = (Ports.Free(), Ports.Free());
            var folder = new TemporaryFolder();
            var file = folder.File("haproxy.cfg", (change ?? (text => text))(Adapted(port, inside, nodes)));
            var info = new ProcessStartInfo(haproxy) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
            foreach (var argument in (string[])["-db", "-f", file])
                info.ArgumentList.Add(argument);
            var balancer = new Balancer(Process.Start(info)!, folder, port, inside);
            if (await balancer.SeesAsync(nodes.Length))
                return balancer;
            var log = balancer.Log;
            await balancer.DisposeAsync();
            // Somebody may have taken a port meanwhile.
            if (attempt == 3)
                throw new InvalidOperationException($"haproxy did not start:\n{log}");
        }
    }

    /// <summary>The state of a node in a backend: <c>UP</c>, <c>DOWN</c> or another word of HAProxy's.</summary>
    public async Task<string> StateAsync(string backend, int node)
    {
        var pattern = $"haproxy_server_status\\{{proxy=\"{backend}\",server=\"node{node.ToString(CultureInfo.InvariantCulture)}\",state=\"(?<state>\\w+)\"\\}} 1\n";
        return Regex.Match(await LookAsync(), pattern, RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(5)).Groups["state"].Value;
    }

    /// <summary>The node, from 1, that a backend has sent most to.</summary>
    public async Task<int> BusiestAsync(string backend)
    {
        var pattern = $"haproxy_server_sessions_total\\{{proxy=\"{backend}\",server=\"node(?<node>\\d)\"\\}} (?<sum>\\d+)\n";
        return Regex.Matches(await LookAsync(), pattern, RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(5))
            .Select(m => (Node: int.Parse(m.Groups["node"].Value, CultureInfo.InvariantCulture), Sum: long.Parse(m.Groups["sum"].Value, CultureInfo.InvariantCulture)))
            .MaxBy(n => n.Sum).Node;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        _looker.Dispose();
        if (!_process.HasExited)
            _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _folder.Dispose();
    }

    private Task<string> LookAsync() => _looker.GetStringAsync(new Uri(_inside, "/metrics"));

    // False where it ended instead.
    private async Task<bool> SeesAsync(int nodes)
    {
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (await look.WaitForNextTickAsync() && !_process.HasExited)
        {
            try
            {
                var states = await Task.WhenAll(Enumerable.Range(1, nodes).Select(n => StateAsync("alive", n)));
                // Servers count as up until a check says otherwise: only what was checked is known.
                if (Array.TrueForAll(states, s => s == "UP") && await IsCheckedAsync(nodes))
                    return true;
            }
            catch (HttpRequestException)
            {
                // It does not listen yet.
            }
        }
        return false;
    }

    private async Task<bool> IsCheckedAsync(int nodes) =>
        Regex.Count(await LookAsync(), "haproxy_server_check_code\\{proxy=\"(?:alive|ready)\",server=\"node\\d\"\\} [1-9]", RegexOptions.None, TimeSpan.FromSeconds(5)) == 2 * nodes;

    private static string Adapted(int port, int inside, Uri[] nodes)
    {
        var text = File.ReadAllText(ProgramProcess.RepositoryFile("deploy/haproxy.cfg"));
        text = Replace(text, "bind :8080", $"bind 127.0.0.1:{port.ToString(CultureInfo.InvariantCulture)}");
        text = Replace(text, "bind :8404", $"bind 127.0.0.1:{inside.ToString(CultureInfo.InvariantCulture)}");
        text = Replace(text, "maxconn 20000", "maxconn 500");
        text = Replace(text, "timeout check 1s", "timeout check 5s");
        for (var i = 1; i <= 3; i++)
        {
            var server = string.Create(CultureInfo.InvariantCulture, $"server node{i} node{i}:8080");
            text = Replace(text, server, i <= nodes.Length ? string.Create(CultureInfo.InvariantCulture, $"server node{i} {nodes[i - 1].Host}:{nodes[i - 1].Port}") : "");
        }
        return text;
    }

    private static string Replace(string text, string old, string with)
    {
        Assert.Contains(old, text, StringComparison.Ordinal);
        return text.Replace(old, with, StringComparison.Ordinal);
    }

    private static Uri Local(int port) => new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}"));

    private void Read(string? line)
    {
        lock (_log)
            _log.Append(line).Append('\n');
    }
}
