using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using OutageAggregator.TestKit.Redis;

namespace OutageAggregator.TestKit.Deployment;

/// <summary>
/// A real nginx, as a process, with the servers that a test writes. It is the one installed on the machine, or the one that <c>OUTAGE_NGINX</c>
/// names. Where there is none, every test that needs it is skipped and says why.
/// </summary>
internal sealed class Nginx : IAsyncDisposable
{
    private static readonly string[] s_places =
        Environment.GetEnvironmentVariable("OUTAGE_NGINX") is { Length: > 0 } named ? [named] : ["/usr/sbin/nginx", "/usr/local/sbin/nginx", "/usr/local/bin/nginx", "/opt/homebrew/bin/nginx"];

    private readonly Process _process;
    private readonly TemporaryFolder _folder;
    private readonly StringBuilder _log = new();

    private Nginx(Process process, TemporaryFolder folder, int port)
    {
        _process = process;
        _folder = folder;
        Port = port;
        Address = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}"));
        Client = new HttpClient(new SocketsHttpHandler { UseProxy = false, UseCookies = false, AllowAutoRedirect = false }) { BaseAddress = Address };
        process.ErrorDataReceived += (_, e) => Read(e.Data);
        process.BeginErrorReadLine();
    }

    public int Port { get; }

    /// <summary>Where it listens. It takes every name.</summary>
    public Uri Address { get; }

    /// <summary>Follows no redirects.</summary>
    public HttpClient Client { get; }

    public static string SkipWhereMissing()
    {
        if (s_places.FirstOrDefault(File.Exists) is { } nginx)
            return nginx;
        Assert.Skip($"No nginx at {string.Join(", ", s_places)}. Install one (Debian: nginx), or name it in OUTAGE_NGINX.");
        return "";
    }

    /// <summary>Starts it with one server, and waits until it listens.</summary>
    /// <param name="locations">What stands in the server, besides where it listens: most of all, a location.</param>
    /// <param name="port">Where it has to listen; null for any.</param>
    public static Task<Nginx> StartAsync(string locations, int? port = null) => StartServersAsync(
        p => string.Create(CultureInfo.InvariantCulture, $"server {{\nlisten 127.0.0.1:{p};\nlisten [::1]:{p};\n{locations}\n}}"), port);

    /// <summary>Starts it with what stands in <c>http</c>, and waits until it listens.</summary>
    /// <param name="servers">Of the port that it has to listen at.</param>
    /// <param name="port">Where it has to listen; null for any.</param>
    public static async Task<Nginx> StartServersAsync(Func<int, string> servers, int? port = null)
    {
        var nginx = SkipWhereMissing();
        for (var attempt = 1; ; attempt++)
        {
            var taken = port ?? Ports.Free();
            var folder = new TemporaryFolder();
            var file = folder.File("nginx.conf", Whole(folder.Path, servers(taken)));
            var info = new ProcessStartInfo(nginx) { RedirectStandardError = true, UseShellExecute = false };
            foreach (var argument in (string[])["-p", folder.Path, "-c", file])
                info.ArgumentList.Add(argument);
            var started = new Nginx(Process.Start(info)!, folder, taken);
            if (await started.ListensAsync())
                return started;
            string log;
            lock (started._log)
                log = started._log.ToString();
            await started.DisposeAsync();
            // Somebody may have taken the port meanwhile.
            if (attempt == 3)
                throw new InvalidOperationException($"nginx did not start:\n{log}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        if (!_process.HasExited)
            _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _folder.Dispose();
    }

    // One process in the foreground, which writes nowhere else.
    private static string Whole(string folder, string servers)
    {
        var temporary = string.Concat(((string[])["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]).Select(n => $"{n}_temp_path {folder}/{n};\n"));
        return $"daemon off;\nmaster_process off;\npid {folder}/nginx.pid;\nerror_log stderr warn;\nevents {{}}\nhttp {{\naccess_log off;\n{temporary}{servers}\n}}\n";
    }

    // False where it ended instead.
    private async Task<bool> ListensAsync()
    {
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (await look.WaitForNextTickAsync() && !_process.HasExited)
        {
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync(Address.Host, Port);
                return true;
            }
            catch (SocketException)
            {
                // Not yet.
            }
        }
        return false;
    }

    private void Read(string? line)
    {
        lock (_log)
            _log.Append(line).Append('\n');
    }
}
