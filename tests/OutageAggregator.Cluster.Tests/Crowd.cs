using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;

namespace OutageAggregator.Cluster.Tests;

/// <summary>
/// People who report at a steady rate through a balancer: each has an address of their own, reports once, and tries again where no answer came or the
/// answer was 503. So at the end every one of them must have been counted once, whatever happened to the nodes.
/// </summary>
internal sealed class Crowd(IReadOnlyList<ClusterNode> nodes, IReadOnlyList<(string Service, string Region)> pairs) : IDisposable
{
    private const int MostUnderWay = 4_000;

    private readonly SocketsHttpHandler _handler = new() { UseProxy = false, UseCookies = false, ConnectTimeout = TimeSpan.FromSeconds(2) };
    private readonly SemaphoreSlim _places = new(MostUnderWay);
    private readonly Outcomes[] _outcomes = [.. nodes.Select(_ => new Outcomes())];
    private readonly List<Task> _people = [];
    private readonly CancellationTokenSource _givenUp = new();

    /// <summary>How many reports of each pair were sent.</summary>
    public Dictionary<(string Service, string Region), int> Sent { get; } = pairs.ToDictionary(p => p, _ => 0);

    /// <summary>How many answers said that a report was counted before: the first attempt got through, its answer did not.</summary>
    public int Repeated => _outcomes.Sum(o => o.Repeated);

    public int Failed => _outcomes.Sum(o => o.Failed);

    public int Accepted => _outcomes.Sum(o => o.Accepted);

    /// <summary>The longest that anybody had to try.</summary>
    public TimeSpan LongestWait { get; private set; }

    /// <summary>The longest stretch that anybody got nothing but failures for: from the first to the success.</summary>
    public TimeSpan LongestFailing { get; private set; }

    /// <summary>The longest time between an answer that was 202 and the next one, of a node that was asked all the time.</summary>
    public TimeSpan LongestSilence(int node) => _outcomes[node].LongestSilence;

    /// <summary>Which nodes the balancer sends people to; all of them where there is none that looks.</summary>
    public Func<ClusterNode, bool> IsReady { get; init; } = _ => true;

    /// <summary>Lets people report.</summary>
    /// <param name="perSecond">How many a second.</param>
    /// <param name="seconds">For how long.</param>
    /// <param name="events">What happens meanwhile, each in the second it is due.</param>
    public async Task ReportAsync(int perSecond, int seconds, params (int Second, Func<Task> Happens)[] events)
    {
        using var client = new HttpClient(_handler, disposeHandler: false) { Timeout = TimeSpan.FromSeconds(30) };
        var clock = Stopwatch.StartNew();
        // Beside the people, who may all be waiting for it.
        var happening = events.Select(e => OrGiveUpAsync(TimeSpan.FromSeconds(e.Second), e.Happens)).ToList();
        var sent = 0;
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while (sent < perSecond * seconds && !_givenUp.IsCancellationRequested)
        {
            for (var due = Math.Min((int)(clock.Elapsed.TotalSeconds * perSecond), perSecond * seconds); sent < due; sent++)
            {
                await _places.WaitAsync();
                var pair = pairs[sent % pairs.Count];
                Sent[pair]++;
                _people.Add(ReportAsync(client, _people.Count, pair));
            }
            _ = await tick.WaitForNextTickAsync();
        }
        await Task.WhenAll([.. happening, .. _people]);
    }

    public void Dispose()
    {
        _handler.Dispose();
        _places.Dispose();
        _givenUp.Dispose();
    }

    private async Task PassAsync(TimeSpan time)
    {
        using var timer = new PeriodicTimer(time);
        _ = await timer.WaitForNextTickAsync(_givenUp.Token);
    }

    // Where none is ready, any is as good.
    private bool IsInRotation(int node) => IsReady(nodes[node]) || !nodes.Any(IsReady);

    // Who tries until it is over must not try for ever.
    private async Task OrGiveUpAsync(TimeSpan after, Func<Task> happens)
    {
        try
        {
            await PassAsync(after);
            await happens();
        }
        catch
        {
            await _givenUp.CancelAsync();
            throw;
        }
    }

    private async Task ReportAsync(HttpClient client, int person, (string Service, string Region) pair)
    {
        var since = Stopwatch.GetTimestamp();
        var failedAt = 0L;
        try
        {
            // Spread over many networks, of which each has a limit of its own.
            var address = new IPAddress([(byte)(20 + (person % 100)), (byte)(person / 100 % 250), (byte)(person / 25_000), 1]);
            var body = string.Create(CultureInfo.InvariantCulture, $$"""{"service":"{{pair.Service}}","region":"{{pair.Region}}"}""");
            for (var node = person % nodes.Count; ; node = (node + 1) % nodes.Count)
            {
                if (!IsInRotation(node))
                    continue;
                var status = await PostAsync(client, nodes[node].Address, address, body);
                _outcomes[node].Note(status);
                if (status is HttpStatusCode.Accepted or HttpStatusCode.OK)
                {
                    lock (_places)
                    {
                        LongestWait = Longer(LongestWait, since);
                        LongestFailing = failedAt == 0 ? LongestFailing : Longer(LongestFailing, failedAt);
                    }
                    return;
                }
                if (status is not (null or HttpStatusCode.ServiceUnavailable))
                    throw new InvalidOperationException($"A report was answered {status}.");
                failedAt = failedAt == 0 ? Stopwatch.GetTimestamp() : failedAt;
                // As the answer says: a second. A node that is gone is left for the next one at once.
                await PassAsync(TimeSpan.FromMilliseconds(status is null ? 200 : 1_000));
            }
        }
        finally
        {
            _ = _places.Release();
        }
    }

    private static TimeSpan Longer(TimeSpan known, long since) => Stopwatch.GetElapsedTime(since) is var took && took > known ? took : known;

    private static async Task<HttpStatusCode?> PostAsync(HttpClient client, Uri node, IPAddress person, string body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(node, "/api/v1/reports")) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Add("X-Forwarded-For", person.ToString());
        try
        {
            using var response = await client.SendAsync(request);
            return response.StatusCode;
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
        {
            return null;
        }
    }

    private sealed class Outcomes
    {
        private readonly Lock _gate = new();
        private long _lastSuccess;

        public int Accepted { get; private set; }

        public int Repeated { get; private set; }

        public int Failed { get; private set; }

        public TimeSpan LongestSilence { get; private set; }

        public void Note(HttpStatusCode? status)
        {
            lock (_gate)
            {
                if (status is not (HttpStatusCode.Accepted or HttpStatusCode.OK))
                {
                    Failed++;
                    return;
                }
                if (status == HttpStatusCode.OK)
                    Repeated++;
                else
                    Accepted++;
                var silence = _lastSuccess == 0 ? TimeSpan.Zero : Stopwatch.GetElapsedTime(_lastSuccess);
                LongestSilence = silence > LongestSilence ? silence : LongestSilence;
                _lastSuccess = Stopwatch.GetTimestamp();
            }
        }
    }
}
