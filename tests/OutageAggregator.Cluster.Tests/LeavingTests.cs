using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using OutageAggregator.Redis.Tests;
using OutageAggregator.Server.Tests;

namespace OutageAggregator.Cluster.Tests;

/// <summary>A node leaves and joins behind a balancer that looks at <c>/readyz</c>, as it does when a cluster is upgraded node by node.</summary>
public sealed class LeavingTests(ITestOutputHelper output)
{
    [Fact]
    public async Task A_node_that_is_replaced_drops_no_request_and_is_gone_in_ten_seconds()
    {
        await using var redis = await RedisServer.StartAsync();
        using var folder = new TemporaryFolder();
        var nodes = await ClusterNode.StartAsync(redis, folder.Path, 2);
        await using var first = nodes[0];
        await using var second = nodes[1];
        await using var balancer = new Balancer(nodes);
        using var crowd = new Crowd(nodes, [("chatgpt", "IT"), ("chatgpt", "US"), ("github", "DE"), ("netflix", "ES")]) { IsReady = balancer.IsReady };
        var took = TimeSpan.MaxValue;

        await crowd.ReportAsync(300, 30, (5, ReplaceAsync));

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"gone after {took.TotalSeconds:0.0} s, longest wait of one report {crowd.LongestWait.TotalSeconds:0.00} s"));
        Assert.Equal(0, crowd.Failed);
        Assert.Equal(300 * 30, crowd.Accepted);
        // Who deploys kills what is not gone by then.
        Assert.InRange(took, TimeSpan.Zero, TimeSpan.FromSeconds(10));

        async Task ReplaceAsync()
        {
            var asked = Stopwatch.GetTimestamp();
            await second.Program.TerminateAsync();
            took = Stopwatch.GetElapsedTime(asked);
            Assert.Equal(0, second.Program.ExitCode);
            await second.StartAsync();
        }
    }

    /// <summary>Looks at each node five times a second, as a balancer's health checks do.</summary>
    private sealed class Balancer : IAsyncDisposable
    {
        private readonly ConcurrentDictionary<Uri, bool> _ready;
        private readonly HttpClient _client = new() { Timeout = TimeSpan.FromSeconds(1) };
        private readonly CancellationTokenSource _stopping = new();
        private readonly Task _looking;

        public Balancer(IReadOnlyList<ClusterNode> nodes)
        {
            _ready = new(nodes.Select(n => KeyValuePair.Create(n.Address, true)));
            _looking = LookAsync();
        }

        public bool IsReady(ClusterNode node) => _ready[node.Address];

        public async ValueTask DisposeAsync()
        {
            await _stopping.CancelAsync();
            await _looking.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            _client.Dispose();
            _stopping.Dispose();
        }

        private async Task LookAsync()
        {
            using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
            while (await timer.WaitForNextTickAsync(_stopping.Token))
            {
                foreach (var node in _ready.Keys)
                {
                    try
                    {
                        using var answer = await _client.GetAsync(new Uri(node, "/readyz"), _stopping.Token);
                        _ready[node] = answer.IsSuccessStatusCode;
                    }
                    catch (Exception e) when (e is HttpRequestException or TaskCanceledException && !_stopping.IsCancellationRequested)
                    {
                        _ready[node] = false;
                    }
                }
            }
        }
    }
}
