using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using OutageAggregator.TestKit;

namespace OutageAggregator.Cluster.Tests.Nodes;

/// <summary>
/// People who report at a steady rate: each has an address of their own, reports once, and tries again where no answer came or the
/// answer was 502, 503 or 504. So at the end every one of them must have been counted once, whatever happened to the nodes.
/// </summary>
/// <param name="doors">Where they report, one after the other: nodes, which believe whom they name, or a balancer.</param>
/// <param name="pairs">What they report, in turn.</param>
internal sealed class Crowd(IReadOnlyList<Uri> doors, IReadOnlyList<(string Service, string Region)> pairs) : IDisposable
{
    private const int MostUnderWay = 4_000;

    private static readonly HttpRequestOptionsKey<IPAddress> s_from = new("from");

    private readonly SocketsHttpHandler _handler = new() { UseProxy = false, UseCookies = false, ConnectTimeout = TimeSpan.FromSeconds(2) };
    private readonly SemaphoreSlim _places = new(MostUnderWay);
    private readonly Outcomes[] _outcomes = [.. doors.Select(_ => new Outcomes())];
    private readonly List<Task> _people = [];
    private readonly GivenTime _clock = new();
    private readonly ConcurrentQueue<(TimeSpan From, TimeSpan To)> _stretches = new();
    private readonly ConcurrentDictionary<string, int> _reasons = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _givenUp = new();
    private long _lastFailure;

    /// <summary>How many reports of each pair were sent.</summary>
    public Dictionary<(string Service, string Region), int> Sent { get; } = pairs.ToDictionary(p => p, _ => 0);

    /// <summary>How many answers said that a report was counted before: the first attempt got through, its answer did not.</summary>
    public int Repeated => _outcomes.Sum(o => o.Repeated);

    public int Failed => _outcomes.Sum(o => o.Failed);

    /// <summary>Why attempts failed, and how many for each reason.</summary>
    public string Reasons => string.Join("; ", _reasons.OrderByDescending(r => r.Value).Take(10).Select(r => string.Create(CultureInfo.InvariantCulture, $"{r.Value} times: {r.Key}")));

    public int Accepted => _outcomes.Sum(o => o.Accepted);

    /// <summary>The longest that anybody had to try.</summary>
    public TimeSpan LongestWait { get; private set; }

    /// <summary>The longest stretch that anybody got nothing but failures for, from the first to the success, of those that began since then; in given time.</summary>
    public TimeSpan LongestFailing(TimeSpan since = default) => _stretches.Where(s => s.From >= since).Select(s => s.To - s.From).DefaultIfEmpty().Max();

    /// <summary>When the last attempt failed, in given time from the crowd's beginning.</summary>
    public TimeSpan LastFailure => TimeSpan.FromTicks(Interlocked.Read(ref _lastFailure));

    /// <summary>Given time from the crowd's beginning.</summary>
    public TimeSpan Now => _clock.Given;

    /// <summary>How much time other machines had of this one since the crowd's beginning.</summary>
    public TimeSpan Taken => _clock.Elapsed - _clock.Given;

    /// <summary>The longest time between an answer that was 202 and the next one, of a node that was asked all the time.</summary>
    public TimeSpan LongestSilence(int node) => _outcomes[node].LongestSilence;

    /// <summary>Whether each of them has a connection of their own, from an address of their own: a balancer believes nothing else.</summary>
    public bool OwnConnections
    {
        init
        {
            if (!value)
                return;
            _handler.PooledConnectionLifetime = TimeSpan.Zero;
            // There is one balancer: who finds it busy waits, as there is no other door to try.
            _handler.ConnectTimeout = TimeSpan.FromSeconds(30);
            _handler.ConnectCallback = ConnectAsync;
        }
    }

    /// <summary>Lets people report, in given time: a machine that has half its processor gets half the crowd.</summary>
    /// <param name="perSecond">How many a second.</param>
    /// <param name="seconds">For how long.</param>
    /// <param name="events">What happens meanwhile, each in the second it is due.</param>
    public async Task ReportAsync(int perSecond, int seconds, params (int Second, Func<Task> Happens)[] events)
    {
        using var client = new HttpClient(_handler, disposeHandler: false) { Timeout = TimeSpan.FromSeconds(30) };
        _clock.Start();
        // Beside the people, who may all be waiting for it.
        var happening = events.Select(e => OrGiveUpAsync(TimeSpan.FromSeconds(e.Second), e.Happens)).ToList();
        var sent = 0;
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while (sent < perSecond * seconds && !_givenUp.IsCancellationRequested)
        {
            for (var due = Math.Min((int)(_clock.Given.TotalSeconds * perSecond), perSecond * seconds); sent < due; sent++)
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

    // All of 127/8 is this machine, on Linux.
    private static IPAddress OwnAddressOf(int person) => new([127, (byte)(1 + (person / 250 % 250)), (byte)(person % 250), 1]);

    private static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellation)
    {
        _ = context.InitialRequestMessage.Options.TryGetValue(s_from, out var from);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            socket.Bind(new IPEndPoint(from!, 0));
            await socket.ConnectAsync(context.DnsEndPoint, cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    // Who tries until it is over must not try for ever.
    private async Task OrGiveUpAsync(TimeSpan after, Func<Task> happens)
    {
        try
        {
            using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
            while (_clock.Given < after)
                _ = await look.WaitForNextTickAsync(_givenUp.Token);
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
        TimeSpan? failedAt = null;
        try
        {
            var body = string.Create(CultureInfo.InvariantCulture, $$"""{"service":"{{pair.Service}}","region":"{{pair.Region}}"}""");
            for (var door = person % doors.Count; ; door = (door + 1) % doors.Count)
            {
                var status = await PostAsync(client, doors[door], person, body);
                _outcomes[door].Note(status);
                if (status is HttpStatusCode.Accepted or HttpStatusCode.OK)
                {
                    lock (_places)
                        LongestWait = Longer(LongestWait, since);
                    if (failedAt is { } first)
                        _stretches.Enqueue((first, _clock.Given));
                    return;
                }
                if (status is not (null or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout))
                    throw new InvalidOperationException($"A report was answered {status}.");
                var now = _clock.Given;
                failedAt ??= now;
                _ = Interlocked.Exchange(ref _lastFailure, now.Ticks);
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

    private async Task<HttpStatusCode?> PostAsync(HttpClient client, Uri door, int person, string body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(door, "/api/v1/reports")) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Add("X-Forwarded-For", ClusterNode.AddressOf(person).ToString());
        request.Options.Set(s_from, OwnAddressOf(person));
        try
        {
            using var response = await client.SendAsync(request);
            if (!response.IsSuccessStatusCode)
                Failing($"{(int)response.StatusCode}, {await response.Content.ReadAsStringAsync()}");
            return response.StatusCode;
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
        {
            Failing(e.GetBaseException().Message);
            return null;
        }
    }

    private void Failing(string reason) => _reasons.AddOrUpdate(reason, 1, (_, times) => times + 1);

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
