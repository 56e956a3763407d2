using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text;

namespace OutageAggregator.TestKit;

/// <summary>One of our programs as a process of its own, from its own build output.</summary>
internal sealed class ProgramProcess : IAsyncDisposable
{
    // Far more than a start or an end ever takes, so that a test that hangs ends.
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(5);

    private readonly Process _process;
    private readonly TemporaryFolder _folder;
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _errors = new();
    private readonly Lock _lock = new();
    private readonly List<(Func<string, bool> Matches, TaskCompletionSource<string> Found)> _awaited = [];

    private ProgramProcess(Process process, TemporaryFolder folder) => (_process, _folder) = (process, folder);

    public int Id => _process.Id;

    public int ExitCode => _process.ExitCode;

    public string Output => Copy(_output);

    public string Errors => Copy(_errors);

    /// <param name="project">"Server" or "Replay", or the path of a program that was built elsewhere.</param>
    /// <param name="arguments">Its command line.</param>
    /// <param name="environment">Variables besides the test's own.</param>
    public static ProgramProcess Start(string project, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        // Its own: what a program writes where it was started is nobody else's.
        var folder = new TemporaryFolder();
        var info = new ProcessStartInfo("dotnet")
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder.Path,
        };
        info.ArgumentList.Add("exec");
        info.ArgumentList.Add(PathOf(project));
        foreach (var argument in arguments)
            info.ArgumentList.Add(argument);
        foreach (var name in info.Environment.Keys.Where(k => k.StartsWith("OUTAGE_", StringComparison.Ordinal) || k.StartsWith("ASPNETCORE_", StringComparison.Ordinal)).ToList())
            info.Environment.Remove(name);
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
            info.Environment[name] = value;
        var program = new ProgramProcess(new Process { StartInfo = info }, folder);
        program._process.OutputDataReceived += (_, e) => program.Read(e.Data, program._output);
        program._process.ErrorDataReceived += (_, e) => program.Read(e.Data, program._errors);
        program._process.Start();
        program._process.BeginOutputReadLine();
        program._process.BeginErrorReadLine();
        return program;
    }

    /// <summary>Runs a program to its end.</summary>
    public static async Task<(int ExitCode, string Output, string Errors)> RunAsync(
        string project, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        await using var program = Start(project, arguments, environment);
        await program.EndAsync();
        return (program.ExitCode, program.Output, program.Errors);
    }

    /// <summary>The first line of its output, past or to come, that matches.</summary>
    /// <exception cref="InvalidOperationException">It ended without such a line.</exception>
    public async Task<string> LineAsync(Func<string, bool> matches)
    {
        var found = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            if (_output.ToString().Split('\n').FirstOrDefault(matches) is { } line)
                return line;
            _awaited.Add((matches, found));
        }
        var end = EndAsync();
        if (await Task.WhenAny(found.Task, end) == end && !found.Task.IsCompleted)
        {
            await end;
            throw new InvalidOperationException($"The program ended with {ExitCode} before the line came.\n{Output}\n{Errors}");
        }
        return await found.Task;
    }

    /// <summary>Waits for its end and for the last line of its output.</summary>
    public async Task EndAsync()
    {
        using var patience = new CancellationTokenSource(s_patience);
        try
        {
            await _process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException e)
        {
            throw new TimeoutException($"The program did not end within {s_patience.TotalMinutes} minutes.\n{Output}\n{Errors}", e);
        }
    }

    /// <summary>SIGKILL: nothing is finished, nothing is flushed.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await EndAsync();
    }

    /// <summary>Sends a signal: STOP makes it hang, CONT lets it go on.</summary>
    public async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }

    /// <summary>SIGTERM, as a service manager asks a program to end.</summary>
    public async Task TerminateAsync()
    {
        await SignalAsync("TERM");
        await EndAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            await KillAsync();
        _process.Dispose();
        _folder.Dispose();
    }

    /// <summary>A file of the repository.</summary>
    public static string RepositoryFile(string path) => Path.Combine(Root(), path);

    private void Read(string? line, StringBuilder into)
    {
        if (line is null)
            return;
        lock (_lock)
        {
            into.Append(line).Append('\n');
            if (into == _output)
            {
                foreach (var (_, found) in _awaited.Where(a => a.Matches(line)))
                    found.TrySetResult(line);
            }
        }
    }

    private string Copy(StringBuilder text)
    {
        lock (_lock)
            return text.ToString();
    }

    /// <summary>The program of a project, as it was built beside this test: tests/X/bin/Debug/net10.0 -> src/Y/bin/Debug/net10.0.</summary>
    public static string PathOf(string project)
    {
        if (Path.IsPathRooted(project))
            return project;
        // As this test's own: tests/X.Tests/bin/Debug/net10.0 -> bin/Debug/net10.0.
        var output = string.Join('/', Path.GetRelativePath(Root(), AppContext.BaseDirectory).Replace('\\', '/').Split('/')[2..]);
        return Path.Combine(Root(), "src", $"OutageAggregator.{project}", output, $"OutageAggregator.{project}.dll");
    }

    private static string Root([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", ".."));
}
