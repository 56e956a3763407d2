using OutageAggregator.Runtime.Intake;

namespace OutageAggregator.Runtime.Tests.Intake;

internal static class WaitingReports
{
    /// <summary>Waits until so many reports wait: a place is free a moment after its report was answered.</summary>
    public static async Task UntilWaitingAsync(this ReportIntake intake, int count)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(1));
        while (intake.Waiting != count)
            _ = await look.WaitForNextTickAsync(deadline.Token);
    }
}
