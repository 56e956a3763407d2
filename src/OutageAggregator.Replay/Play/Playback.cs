using System.Diagnostics;
using System.Threading.Channels;

namespace OutageAggregator.Replay.Play;

/// <summary>
/// Lets reports go when the server's clock shows their instant, through a bounded number of requests at once.
/// <code>
///   minute by minute -> due reports, grouped -> channel of one group a place -> senders -> tally
/// </code>
/// Where the server is slower than the event, the channel fills, reports go later than their instant, and the summary says by how much.
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
        var progress = new Progress(recorded.Title, recorded.ReportsPerMinute.Length);
        var start = Stopwatch.GetTimestamp();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var groups = Channel.CreateBounded<List<RecordedReport>>(new BoundedChannelOptions(atOnce) { SingleWriter = true });
        var senders = Enumerable.Range(0, atOnce).Select(_ => SendAsync(groups.Reader, stop)).ToArray();
        try
        {
            progress.Add(skipped);
            for (var index = skipped; index < recorded.ReportsPerMinute.Length; index++)
            {
                await LetGoAsync(index, groups.Writer, stop.Token);
                progress.Add(1);
            }
            groups.Writer.Complete();
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            // A sender failed and says why below.
        }
        await Task.WhenAll(senders);
        return _tally with { Took = Stopwatch.GetElapsedTime(start) };
    }

    private async Task LetGoAsync(int index, ChannelWriter<List<RecordedReport>> groups, CancellationToken stop)
    {
        foreach (var group in Groups(index))
        {
            await WaitUntilAsync(group[^1].Offset, stop);
            await groups.WriteAsync(group, stop);
        }
        // A quiet minute takes its time, too.
        await WaitUntilAsync(TimeSpan.FromMinutes(index + 1), stop);
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

    private async Task SendAsync(ChannelReader<List<RecordedReport>> groups, CancellationTokenSource stop)
    {
        try
        {
            await foreach (var group in groups.ReadAllAsync(stop.Token))
            {
                var behind = -server.Until(recorded.First.Start + group[^1].Offset);
                var tally = await sender.SendAsync(group, stop.Token) with { Behind = behind };
                lock (_gate)
                    _tally += tally;
            }
        }
        catch (ReplayException)
        {
            await stop.CancelAsync();
            throw;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Another sender failed, or the player was stopped.
        }
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
