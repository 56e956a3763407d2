using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace OutageAggregator.Replay.Play;

/// <summary>
/// Lets reports go when the server's clock shows their instant, through a bounded number of requests at once.
/// <code>
///   minute by minute -> due reports, grouped -> senders, so many at once -> tally
/// </code>
/// Where the server is slower than the event, reports go later than their instant, and the summary says by how much.
/// Minutes that the server's clock has passed are left out as long as they are quiet ones; past the outage's first minute it is too late.
/// </summary>
internal sealed class Playback(RecordedEvent recorded, ServerClock server, ISender sender, int atOnce)
{
    // Real time: reports due within it go together where the sender takes groups.
    private static readonly TimeSpan s_together = TimeSpan.FromMilliseconds(50);

    private readonly Lock _gate = new();
    private Tally _tally;

    /// <exception cref="ReplayException">The server's clock is past the event, or the server refuses what is sent.</exception>
    public async Task<Tally> RunAsync(CancellationToken cancellation)
    {
        var skipped = Skipped();
        var start = Stopwatch.GetTimestamp();
        var options = new ParallelOptions { MaxDegreeOfParallelism = atOnce, CancellationToken = cancellation };
        await Parallel.ForEachAsync(DueAsync(skipped, cancellation), options, SendAsync);
        return _tally with { Took = Stopwatch.GetElapsedTime(start) };
    }

    /// <summary>All groups of reports, each when its instant has come.</summary>
    private async IAsyncEnumerable<List<RecordedReport>> DueAsync(int skipped, [EnumeratorCancellation] CancellationToken stop)
    {
        var progress = new Progress(recorded.Title, recorded.ReportsPerMinute.Length);
        progress.Add(skipped);
        for (var index = skipped; index < recorded.ReportsPerMinute.Length; index++)
        {
            foreach (var group in Groups(index))
            {
                await WaitUntilAsync(group[^1].Offset, stop);
                yield return group;
            }
            // A quiet minute takes its time, too.
            await WaitUntilAsync(TimeSpan.FromMinutes(index + 1), stop);
            progress.Add(1);
        }
    }

    private IEnumerable<List<RecordedReport>> Groups(int index)
    {
        var group = new List<RecordedReport>();
        foreach (var report in recorded.Reports(index))
        {
            if (group.Count == sender.MostAtOnce || (group.Count > 0 && (report.Offset - group[0].Offset) / server.Speed > s_together))
            {
                yield return group;
                group = [];
            }
            group.Add(report);
        }
        if (group.Count > 0)
            yield return group;
    }

    private async Task WaitUntilAsync(TimeSpan offset, CancellationToken stop)
    {
        // Shorter waits than a timer's are left out: what is due a moment later goes with it.
        if (server.Until(recorded.First.Start + offset) is var wait && wait > TimeSpan.FromMilliseconds(2))
            await Task.Delay(wait, stop);
    }

    private async ValueTask SendAsync(List<RecordedReport> group, CancellationToken stop)
    {
        var behind = -server.Until(recorded.First.Start + group[^1].Offset);
        var tally = await sender.SendAsync(group, stop) with { Behind = behind };
        lock (_gate)
            _tally += tally;
    }

    private int Skipped()
    {
        var now = server.Now;
        var outage = recorded.Excess[0].From;
        if (now >= outage.Start)
        {
            var before = Minute.Min(recorded.First, outage - 10);
            throw new ReplayException(
                $"The server's clock shows {Minute.Of(now)}, which is past the outage's first minute, {outage}. "
                + $"Start a server with --clock {before.Start:yyyy-MM-ddTHH:mm:ssZ}@60 and a new --data folder.");
        }
        var skipped = Math.Max(0, Minute.Of(now) + 1 - recorded.First);
        var until = server.Until((recorded.First + skipped).Start);
        var total = recorded.ReportsPerMinute.Skip(skipped).Sum();
        Console.Error.WriteLine(
            $"{total:N0} reports in {recorded.ReportsPerMinute.Length - skipped} minutes of the server's clock, "
            + $"which runs {server.Speed:0.##} times as fast as ours; the first minute begins in {until.TotalSeconds:F0} s.");
        return skipped;
    }
}
