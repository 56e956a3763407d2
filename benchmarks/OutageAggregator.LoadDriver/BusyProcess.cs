using System.Diagnostics;

namespace OutageAggregator.LoadDriver;

/// <summary>A process that takes a whole core, beside what is measured.</summary>
internal sealed class BusyProcess : IDisposable
{
    private readonly Process _process;

    private BusyProcess(Process process) => _process = process;

    internal static BusyProcess Start() => new(Process.Start(
        new ProcessStartInfo("dotnet", ["exec", typeof(BusyProcess).Assembly.Location, "busy"]) { UseShellExecute = false, RedirectStandardInput = true })
        ?? throw new InvalidOperationException("The busy process could not be started."));

    /// <summary>What the process does, until whoever started it closes its input or is gone.</summary>
    internal static int Spin()
    {
        var end = Console.In.ReadToEndAsync();
        while (!end.IsCompleted)
            Thread.SpinWait(1_000);
        return 0;
    }

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }
}
