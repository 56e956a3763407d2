using System.Diagnostics;
using OutageAggregator.Cluster;
using OutageAggregator.Runtime;
using OutageAggregator.TestKit;
using OutageAggregator.TestKit.Redis;

namespace OutageAggregator.Server.Tests;

/// <summary>When a node that leaves ends.</summary>
public sealed class DrainTests
{
    [Theory]
    [InlineData(2, 1.9, 60, false)]
    [InlineData(2, 2, 60, true)]
    [InlineData(2, 2, 1, true)]
    [InlineData(2, 2, 0.9, false)]
    [InlineData(2, 4.9, 0, false)]
    [InlineData(2, 5, 0, true)]
    [InlineData(5, 4.9, 60, false)]
    [InlineData(5, 5, 0, true)]
    [InlineData(0, 0, 0, true)]
    public void A_node_answers_for_as_long_as_it_says_and_then_while_requests_come_up_to_five_seconds(int drain, double leaving, double quiet, bool isOver) =>
        Assert.Equal(isOver, Drain.IsOver(new ClusterSettings { DrainSeconds = drain }, TimeSpan.FromSeconds(leaving), TimeSpan.FromSeconds(quiet)));

    [Theory]
    [InlineData("/", true)]
    [InlineData("/api/v1/reports", true)]
    [InlineData("/readyz", false)]
    [InlineData("/HEALTHZ", false)]
    [InlineData("/metrics", false)]
    [InlineData("/dashboard/ClusterStats", false)]
    public void Who_asks_how_the_node_is_does_not_keep_it(string path, bool keeps) => Assert.Equal(keeps, Drain.IsKeptBy(path));

    [Fact]
    public async Task Where_there_is_no_more_time_it_ends_at_once_and_that_is_no_failure()
    {
        var readiness = new Readiness();
        var drain = new Drain(readiness, new ClusterSettings { DrainSeconds = 5 });
        using var noMoreTime = new CancellationTokenSource();
        var stopping = drain.StoppingAsync(noMoreTime.Token);
        Assert.False(stopping.IsCompleted);
        await noMoreTime.CancelAsync();
        await stopping;
        Assert.Contains("this node is leaving the cluster", readiness.WhatIsMissing());
    }

    [Fact]
    public async Task A_node_that_leaves_goes_on_answering_while_somebody_asks()
    {
        await using var redis = await RedisServer.StartAsync();
        using var folder = new TemporaryFolder();
        var nodes = await ClusterNode.StartAsync(redis, folder.Path, 1, ("OUTAGE_Cluster__DrainSeconds", "1"), ("OUTAGE_Limits__ReadsPerMinute", "0"));
        await using var node = nodes[0];

        for (var attempt = 1; ; attempt++)
        {
            // The first page of a program takes longest: on a busy machine longer than the second without a request that ends it.
            (await node.Client.GetAsync(new Uri(node.Address, "/privacy"))).Dispose();
            var leaving = node.Program.TerminateAsync();
            var (asked, longestPause) = await AskUntilRefusedAsync(node);
            await leaving;
            // A second without a request is the end of it, also where a busy machine made the pause.
            if (longestPause > TimeSpan.FromSeconds(0.5) && attempt < 5)
            {
                await node.StartAsync();
                continue;
            }
            Assert.Equal(0, node.Program.ExitCode);
            Assert.True(asked > TimeSpan.FromSeconds(3), $"It answered for {asked}, and the longest pause was {longestPause}.");
            return;
        }
    }

    // How long it answered, and the longest time between two answers or the last one and the refusal.
    private static async Task<(TimeSpan Asked, TimeSpan LongestPause)> AskUntilRefusedAsync(ClusterNode node)
    {
        var began = Stopwatch.GetTimestamp();
        var (last, pause) = (TimeSpan.Zero, TimeSpan.Zero);
        while (true)
        {
            try
            {
                using var answer = await node.Client.GetAsync(new Uri(node.Address, "/privacy"));
                Assert.True(answer.IsSuccessStatusCode, $"{answer.StatusCode}");
            }
            catch (HttpRequestException)
            {
                return (last, Longer(pause, Stopwatch.GetElapsedTime(began) - last));
            }
            var now = Stopwatch.GetElapsedTime(began);
            (last, pause) = (now, Longer(pause, now - last));
        }

        static TimeSpan Longer(TimeSpan one, TimeSpan other) => one > other ? one : other;
    }
}
