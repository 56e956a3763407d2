using System.Diagnostics;

namespace OutageAggregator.LoadDriver;

/// <summary>What may befall a process.</summary>
internal static class ProcessSignals
{
    /// <summary>SIGKILL: nothing is finished, nothing is flushed.</summary>
    internal static async Task EndAsync(this Process process)
    {
        if (!process.HasExited)
            process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
    }

    /// <summary>STOP hangs it without closing its sockets, CONT lets it go on.</summary>
    internal static async Task SignalAsync(this Process process, string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }
}
