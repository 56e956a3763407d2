using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using OutageAggregator.Runtime.Following;
using OutageAggregator.Web.Admission;
using static OutageAggregator.Contracts.Story;

namespace OutageAggregator.Web.Tests.Features.Live;

/// <summary>Server-sent events as bytes on the wire: the stream is read from the socket, not through a client that would forgive.</summary>
public sealed class LiveApiTests
{
    private const string Hello = "retry: 3000\n: live events of OutageAggregator\n\n";

    [Fact]
    public async Task The_stream_begins_with_how_things_stand_and_goes_on_with_what_happens()
    {
        await using var world = await ApiWorld.StartAsync();
        await world.Story.ObserveAsync();
        await using var listener = await Listener.StartAsync(world);
        Assert.Equal("text/event-stream", listener.Response.Content.Headers.ContentType?.ToString());
        Assert.Equal("no-store", listener.Response.Headers.CacheControl?.ToString());
        Assert.Equal("no", Assert.Single(listener.Response.Headers.GetValues("X-Accel-Buffering")));
        Assert.Equal("*", Assert.Single(listener.Response.Headers.GetValues("Access-Control-Allow-Origin")));
        Assert.Equal(Hello, await listener.ReadFrameAsync());
        Assert.Equal(
            "id: 0\nevent: counts\ndata: {\"at\":\"2024-11-09T00:20:30Z\",\"services\":[],\"freshness\":{\"observedAt\":\"2024-11-09T00:20:30Z\",\"ageSeconds\":0,\"state\":\"fresh\"}}\n\n",
            await listener.ReadFrameAsync());

        await world.Story.LogAsync("claude", IncidentEventKind.Elevated, ServiceStatus.Elevated);
        await world.Story.OpenAsync(Incident(At(0, 6)));

        Assert.Equal(
            "id: 1\nevent: status\ndata: {\"service\":\"claude\",\"status\":\"elevated\",\"at\":\"2024-11-09T00:20:30Z\",\"since\":\"2024-11-09T00:20:30Z\"}\n\n",
            await listener.ReadFrameAsync());
        Assert.Equal(
            "id: 1\nevent: status\ndata: {\"service\":\"chatgpt\",\"status\":\"outage\",\"at\":\"2024-11-09T00:20:30Z\",\"since\":\"2024-11-09T00:06:00Z\",\"incidentId\":\"chatgpt-1\"}\n\n",
            await listener.ReadFrameAsync());
        Assert.StartsWith(
            "id: 2\nevent: incident\ndata: {\"kind\":\"opened\",\"at\":\"2024-11-09T00:20:30Z\",\"incident\":{\"id\":\"chatgpt-1\",",
            await listener.ReadFrameAsync(),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Who_comes_back_is_told_what_was_missed_and_nothing_twice(bool onDisk)
    {
        await using var world = await ApiWorld.StartAsync(onDisk);
        await world.Story.ObserveAsync();
        await world.Story.OpenAsync(Incident(At(0, 6)));
        await world.Story.LogAsync("claude", IncidentEventKind.Elevated, ServiceStatus.Elevated);
        await world.Story.LogAsync("chatgpt", IncidentEventKind.Grew, ServiceStatus.Outage, Incident(At(0, 6), peak: 2_000));
        await world.Story.LogAsync("claude", IncidentEventKind.Calmed, ServiceStatus.Normal);

        // The feed follows the log a moment later: where one listener's place is after all of it, the next one's is too.
        await using (var first = await Listener.StartAsync(world, "", lastEventId: "0"))
        {
            while (!(await first.ReadFrameAsync()).StartsWith("id: 4\n", StringComparison.Ordinal))
            {
            }
        }

        await using var listener = await Listener.StartAsync(world, "", lastEventId: "1");
        Assert.Equal(Hello, await listener.ReadFrameAsync());
        Assert.StartsWith("id: 2\nevent: status\ndata: {\"service\":\"claude\",\"status\":\"elevated\"", await listener.ReadFrameAsync(), StringComparison.Ordinal);
        Assert.StartsWith("id: 2\nevent: status\ndata: {\"service\":\"chatgpt\"", await listener.ReadFrameAsync(), StringComparison.Ordinal);
        Assert.StartsWith("id: 3\nevent: incident\ndata: {\"kind\":\"grew\"", await listener.ReadFrameAsync(), StringComparison.Ordinal);
        Assert.StartsWith("id: 4\nevent: status\ndata: {\"service\":\"claude\",\"status\":\"normal\"", await listener.ReadFrameAsync(), StringComparison.Ordinal);
        await world.Story.ResolveAsync(Incident(At(0, 6), At(0, 18)));
        Assert.StartsWith("id: 4\nevent: status\ndata: {\"service\":\"chatgpt\",\"status\":\"normal\"", await listener.ReadFrameAsync(), StringComparison.Ordinal);
        Assert.StartsWith("id: 5\nevent: incident\ndata: {\"kind\":\"resolved\"", await listener.ReadFrameAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_listens_to_one_service_hears_of_no_other()
    {
        await using var world = await ApiWorld.StartAsync();
        await world.Story.ObserveAsync();
        await using var listener = await Listener.StartAsync(world, "?service=chatgpt");
        _ = await listener.ReadFrameAsync();
        Assert.Equal("id: 0\nevent: status\ndata: {\"service\":\"chatgpt\",\"status\":\"normal\",\"at\":null,\"since\":null}\n\n", await listener.ReadFrameAsync());
        Assert.Contains("\"services\":[{\"service\":\"chatgpt\",\"status\":\"normal\",\"reports15m\":0,", await listener.ReadFrameAsync(), StringComparison.Ordinal);
        await world.Story.LogAsync("claude", IncidentEventKind.Elevated, ServiceStatus.Elevated);
        await world.Story.LogAsync("chatgpt", IncidentEventKind.Elevated, ServiceStatus.Elevated);
        Assert.StartsWith("id: 2\nevent: status\ndata: {\"service\":\"chatgpt\"", await listener.ReadFrameAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("999")]
    [InlineData("-1")]
    [InlineData("abc")]
    [InlineData("99999999999999999999999")]
    public async Task An_id_that_is_not_known_gets_how_things_stand(string lastEventId)
    {
        await using var world = await ApiWorld.StartAsync();
        await world.Story.ObserveAsync();
        // The feed follows the log a moment later: when one listener has heard of the incident, the next one's place is after it.
        await using var first = await Listener.StartAsync(world);
        _ = await first.ReadFrameAsync();
        _ = await first.ReadFrameAsync();
        await world.Story.OpenAsync(Incident(At(0, 6)));
        _ = await first.ReadFrameAsync();
        Assert.StartsWith("id: 1\nevent: incident\n", await first.ReadFrameAsync(), StringComparison.Ordinal);
        await using var listener = await Listener.StartAsync(world, "", lastEventId);
        _ = await listener.ReadFrameAsync();
        Assert.StartsWith("id: 1\nevent: status\ndata: {\"service\":\"chatgpt\",\"status\":\"outage\"", await listener.ReadFrameAsync(), StringComparison.Ordinal);
        Assert.StartsWith("id: 1\nevent: counts\n", await listener.ReadFrameAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_quiet_stream_shows_signs_of_life()
    {
        await using var world = await ApiWorld.StartAsync(configure: s => s.AddSingleton(new LiveSettings { HeartbeatSeconds = 1 }));
        await world.Story.ObserveAsync();
        await using var listener = await Listener.StartAsync(world);
        _ = await listener.ReadFrameAsync();
        _ = await listener.ReadFrameAsync();
        Assert.Equal(": beat\n\n", await listener.ReadFrameAsync());
    }

    [Fact]
    public async Task When_all_places_are_taken_the_next_listener_is_told_to_come_again()
    {
        await using var world = await ApiWorld.StartAsync(configure: s => s.AddSingleton(new LiveSettings { MaxSubscribers = 1 }));
        await using (var listener = await Listener.StartAsync(world))
        {
            _ = await listener.ReadFrameAsync();
            Assert.NotEmpty(await world.ProblemAsync("/api/v1/live", HttpStatusCode.ServiceUnavailable, "too-many-listeners"));
        }
        // The place is free as soon as the server notices that the listener left.
        await using var next = await Listener.StartOnceFreeAsync(world);
        Assert.Equal(Hello, await next.ReadFrameAsync());
    }

    [Fact]
    public async Task One_address_cannot_take_every_place()
    {
        await using var world = await ApiWorld.StartAsync(configure: s =>
        {
            s.AddSingleton(new ProxySettings { Trusted = [IPNetwork.Parse("127.0.0.0/8")] });
            s.AddSingleton(new LimitSettings { StreamsPerAddress = 2 });
        });
        await using (var first = await Listener.StartAsync(world, from: "203.0.113.7"))
        await using (var second = await Listener.StartAsync(world, from: "203.0.113.7"))
        {
            using var refused = await world.SendAsync("/api/v1/live", ("X-Forwarded-For", "203.0.113.7"));
            await refused.ProblemAsync(HttpStatusCode.TooManyRequests, "too-many-requests");
            Assert.NotNull(refused.Headers.RetryAfter);
            await using var other = await Listener.StartAsync(world, from: "203.0.113.8");
            Assert.Equal(Hello, await other.ReadFrameAsync());
        }
        await using var next = await Listener.StartOnceFreeAsync(world, from: "203.0.113.7");
        Assert.Equal(Hello, await next.ReadFrameAsync());
    }

    [Fact]
    public async Task This_machine_may_listen_as_often_as_it_likes()
    {
        await using var world = await ApiWorld.StartAsync(configure: s => s.AddSingleton(new LimitSettings { StreamsPerAddress = 1 }));
        await using var first = await Listener.StartAsync(world);
        await using var second = await Listener.StartAsync(world);
        Assert.Equal(Hello, await second.ReadFrameAsync());
    }

    [Fact]
    public async Task A_listener_whose_socket_takes_nothing_is_dropped()
    {
        await using var world = await ApiWorld.StartAsync(configure: s => s.AddSingleton(new LiveSettings { QueueLength = 500 }));
        var feed = world.App.Services.GetRequiredService<LiveFeed>();
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4_096 };
        await socket.ConnectAsync(IPAddress.Loopback, world.App.Address.Port);
        _ = await socket.SendAsync(Encoding.ASCII.GetBytes("GET /api/v1/live HTTP/1.1\r\nHost: localhost\r\n\r\n"));
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        using var again = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        while (feed.Subscribers == 0 && await again.WaitForNextTickAsync(deadline.Token))
        {
        }
        // Nobody reads: the buffers on the way fill up (some megabytes), then the queue, then the listener is dropped. Another one reads
        // along, so that the story tells no faster than the feed does.
        using var other = await feed.SubscribeAsync(null, deadline.Token);
        while (feed.Subscribers > 1)
        {
            await world.Story.LogAsync("chatgpt", IncidentEventKind.Grew, ServiceStatus.Outage, Incident(At(0, 6)));
            Assert.True(await other!.Messages.WaitToReadAsync(deadline.Token));
            while (other.Messages.TryRead(out _))
            {
            }
        }
        Assert.False(other!.Dropped.IsCancellationRequested);
    }

    [Theory]
    [InlineData("?service=chatgtp", HttpStatusCode.NotFound, "unknown-service", null)]
    [InlineData("?service=chatgpt&service=claude", HttpStatusCode.BadRequest, "invalid-input", "service")]
    [InlineData("?services=chatgpt", HttpStatusCode.BadRequest, "invalid-input", "services")]
    public async Task A_bad_question_is_a_problem_and_no_stream(string query, HttpStatusCode status, string code, string? field)
    {
        await using var world = await ApiWorld.StartAsync();
        Assert.NotEmpty(await world.ProblemAsync($"/api/v1/live{query}", status, code, field));
    }

    [Fact]
    public async Task A_server_that_stops_ends_its_streams()
    {
        var world = await ApiWorld.StartAsync();
        await world.Story.ObserveAsync();
        await using var listener = await Listener.StartAsync(world);
        _ = await listener.ReadFrameAsync();
        _ = await listener.ReadFrameAsync();
        await world.DisposeAsync();
        Assert.Equal("", await listener.ReadFrameAsync());
    }

    /// <summary>One client of the stream; a frame is what stands before an empty line, with it.</summary>
    private sealed class Listener(HttpClient client, HttpResponseMessage response, Stream stream) : IAsyncDisposable
    {
        private readonly List<byte> _bytes = [];

        public HttpResponseMessage Response => response;

        public static async Task<Listener> StartAsync(ApiWorld world, string query = "", string? lastEventId = null, string? from = null)
        {
            var (listener, status) = await TryStartAsync(world, query, lastEventId, from);
            Assert.Equal(HttpStatusCode.OK, status);
            return listener!;
        }

        /// <summary>Comes again until there is a place: the server notices a little later who left.</summary>
        public static async Task<Listener> StartOnceFreeAsync(ApiWorld world, string? from = null)
        {
            using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(1));
            using var again = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
            while (true)
            {
                var (listener, status) = await TryStartAsync(world, from: from);
                if (listener is not null)
                    return listener;
                Assert.True(status is HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable, $"{status}");
                _ = await again.WaitForNextTickAsync(deadline.Token);
            }
        }

        private static async Task<(Listener? Listener, HttpStatusCode Status)> TryStartAsync(ApiWorld world, string query = "", string? lastEventId = null, string? from = null)
        {
            // Who leaves closes the connection at once, and does not read on for two seconds.
            var client = new HttpClient(new SocketsHttpHandler { ResponseDrainTimeout = TimeSpan.Zero }) { BaseAddress = world.App.Address };
            using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/v1/live{query}");
            if (lastEventId is not null)
                Assert.True(request.Headers.TryAddWithoutValidation("Last-Event-ID", lastEventId));
            if (from is not null)
                request.Headers.Add("X-Forwarded-For", from);
            var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            if (response.StatusCode == HttpStatusCode.OK)
                return (new Listener(client, response, await response.Content.ReadAsStreamAsync()), HttpStatusCode.OK);
            var status = response.StatusCode;
            response.Dispose();
            client.Dispose();
            return (null, status);
        }

        /// <summary>The next frame; empty where the server ended the stream.</summary>
        public async Task<string> ReadFrameAsync()
        {
            var one = new byte[1];
            while (true)
            {
                int read;
                try
                {
                    read = await stream.ReadAsync(one);
                }
                catch (Exception e) when (e is IOException or HttpRequestException)
                {
                    read = 0;
                }
                if (read == 0)
                    return Encoding.UTF8.GetString([.. _bytes]);
                _bytes.Add(one[0]);
                if (_bytes is not [.., (byte)'\n', (byte)'\n'])
                    continue;
                var frame = Encoding.UTF8.GetString([.. _bytes]);
                _bytes.Clear();
                return frame;
            }
        }

        public async ValueTask DisposeAsync()
        {
            await stream.DisposeAsync();
            response.Dispose();
            client.Dispose();
        }
    }
}
