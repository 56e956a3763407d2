using System.Collections.Concurrent;
using System.Net;
using OutageAggregator.TestKit;

namespace OutageAggregator.Server.Tests;

public sealed class CrashTests
{
    private const int Rounds = 10;
    private const int Posters = 16;

    /// <summary>
    /// Ten times: people report, each from an address of their own, and the server is killed (SIGKILL) while they do. At the end everybody
    /// whose report was answered with 202 reports again and must be known already; everybody without an answer reports again, whether the
    /// first one was stored or not. Then each person was counted once, or a report was lost or doubled.
    /// </summary>
    [Fact]
    public async Task What_was_answered_survives_ten_kills_and_counts_once()
    {
        using var folder = new TemporaryFolder();
        var before = DateTimeOffset.UtcNow;
        var answered = new ConcurrentQueue<IPAddress>();
        var unanswered = new ConcurrentQueue<IPAddress>();
        var people = -1;
        for (var round = 0; round < Rounds; round++)
        {
            await using var server = await RunningServer.StartAsync(folder.Path);
            var enough = answered.Count + 100 + (37 * round);
            var killed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var posters = Enumerable.Range(0, Posters).Select(async _ =>
            {
                while (!killed.Task.IsCompleted)
                {
                    var person = RunningServer.Person(Interlocked.Increment(ref people));
                    var status = await server.ReportAsync(person);
                    Assert.True(status is HttpStatusCode.Accepted or HttpStatusCode.ServiceUnavailable or null, $"{status}");
                    (status == HttpStatusCode.Accepted ? answered : unanswered).Enqueue(person);
                    if (answered.Count >= enough)
                        killed.TrySetResult();
                }
            }).ToList();
            await killed.Task;
            await server.Program.KillAsync();
            await Task.WhenAll(posters);
        }

        await using var last = await RunningServer.StartAsync(folder.Path);
        var stored = await last.CountAsync("chatgpt", before, before.AddHours(2));
        Assert.InRange(stored, answered.Count, answered.Count + unanswered.Count);
        foreach (var crowd in answered.Chunk(Posters))
            Assert.All(await Task.WhenAll(crowd.Select(p => last.ReportAsync(p))), status => Assert.Equal(HttpStatusCode.OK, status));
        foreach (var person in unanswered)
            Assert.True(await last.ReportAsync(person) is HttpStatusCode.OK or HttpStatusCode.Accepted);
        // Answers to readers may be a second old.
        await last.UntilAsync(async () => (stored = await last.CountAsync("chatgpt", before, before.AddHours(2))) >= answered.Count + unanswered.Count);
        Assert.Equal(answered.Count + unanswered.Count, stored);
    }
}
