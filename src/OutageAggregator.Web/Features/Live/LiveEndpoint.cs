using System.IO.Pipelines;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Hosting;

namespace OutageAggregator.Web.Features.Live;

/// <summary>
/// <c>GET /api/v1/live?service=</c>: what happens, as server-sent events. A listener is first told how things stand; one who comes back
/// with <c>Last-Event-ID</c> is told what was missed instead, or how things stand where that is too much.
/// <para>
/// Written by hand: the framework's writer of server-sent events has no comments, which heartbeats are, and renders every event
/// for every listener. Heartbeats count real seconds, like the proxies they are for.
/// </para>
/// </summary>
internal static class LiveEndpoint
{
    // What the description of the API can't learn from the code of a stream of events.
    private const string Description =
        """
        A stream of `text/event-stream` (WHATWG HTML, section 9.2). It begins with how things stand: `status` of the service asked for, or of
        every service in trouble, and `counts`. Then:

        - `status` (data: `LiveStatus`): a service's status changed, or was confirmed by what happened;
        - `incident` (data: `LiveIncident`): an incident opened, grew, is recovering, recurred or was resolved;
        - `counts` (data: `LiveCounts`): every 5 seconds, the last 15 minutes of the service asked for, or of all in trouble.

        `id` is the place in the incident log up to which you have heard everything. Browsers send the last one as `Last-Event-ID` when they
        come back, and are told every event they missed as it was told then (at least once; each carries the incident whole, with what was
        counted until then); after more than 1,000 missed events, or with an id that is not known, they are told how
        things stand instead. Comments are signs of life. A listener who doesn't read is disconnected.
        """;
    private static readonly Parameter<string> s_service =
        Parameter.Text("service", "Slug of one service in any case, or its name or an alias; all where left out.", example: "chatgpt");
    private static readonly Parameter s_lastId = Parameter.InHeader("Last-Event-ID", "The last id heard; browsers send it by themselves.");

    internal static void MapLive(this IEndpointRouteBuilder app) => app.MapGet("/api/v1/live", ListenAsync)
        .Describe("listen", Tags.Live, "What happens, as server-sent events", Description)
        .Takes(s_service, s_lastId)
        .AnswersEvents("The stream; it ends only when one side leaves.", typeof(LiveStatus), typeof(LiveIncident), typeof(LiveCounts))
        .RefusesAsUsual(ProblemTypes.UnknownService, ProblemTypes.TooManyListeners);

    private static async Task<IResult> ListenAsync(
        HttpContext context, Catalog catalog, LiveFeed feed, LiveFrames frames, StreamsPerAddress streams, LiveSettings settings,
        LimitSettings limits, IHostApplicationLifetime lifetime)
    {
        var parameters = new QueryReader(context);
        var slug = parameters.Read(s_service);
        Service? service = null;
        if (!parameters.IsGood(out var complaint)
            || (slug is not null && !ServiceLookup.TryFind(catalog, slug, out service, out complaint)))
            return complaint;
        using var place = streams.Enter(Caller.Of(context));
        if (place is null)
        {
            return new ProblemAnswer(ProblemTypes.TooManyRequests,
                $"One address may hold {limits.StreamsPerAddress} live streams open; close one, or ask GET /api/v1/services now and then.")
            { RetryAfterSeconds = 30 };
        }
        using var subscription = await feed.SubscribeAsync(service, context.RequestAborted);
        if (subscription is null)
        {
            return new ProblemAnswer(
                ProblemTypes.TooManyListeners, "Every place for a listener is taken; try again, or ask GET /api/v1/services now and then.")
            { RetryAfterSeconds = 30 };
        }

        using var ends = CancellationTokenSource.CreateLinkedTokenSource(
            context.RequestAborted, subscription.Dropped, lifetime.ApplicationStopping);
        try
        {
            await TellAsync(context, feed, subscription, frames, settings, ends.Token);
        }
        catch (OperationCanceledException) when (ends.IsCancellationRequested)
        {
            // The listener left, was dropped, or the server stops: Kestrel stops before the feed does and would wait for open streams.
            // What a dropped listener did not read must not be waited for either.
            if (subscription.Dropped.IsCancellationRequested)
                context.Abort();
        }
        return Results.Empty;
    }

    private static async Task TellAsync(
        HttpContext context, LiveFeed feed, LiveSubscription subscription, LiveFrames frames, LiveSettings settings,
        CancellationToken cancellation)
    {
        var missed = LastEventId(context.Request) is { } after ? await feed.ReplayAsync(subscription, after, cancellation) : null;
        missed ??= await feed.SnapshotAsync(subscription, cancellation);

        var response = context.Response;
        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-store";
        // nginx would hold events back until its buffer is full.
        response.Headers["X-Accel-Buffering"] = "no";
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        var output = response.BodyWriter;
        _ = await output.WriteAsync(LiveFrames.Hello, cancellation);
        foreach (var message in missed)
            _ = await output.WriteAsync(frames.Of(message), cancellation);

        using var beat = new PeriodicTimer(TimeSpan.FromSeconds(settings.HeartbeatSeconds));
        var beating = beat.WaitForNextTickAsync(cancellation).AsTask();
        var waiting = subscription.Messages.WaitToReadAsync(cancellation).AsTask();
        while (true)
        {
            if (await Task.WhenAny(waiting, beating) == beating)
            {
                _ = await beating;
                Append(output, LiveFrames.Heartbeat);
                beating = beat.WaitForNextTickAsync(cancellation).AsTask();
            }
            else
            {
                if (!await waiting)
                    return;
                while (subscription.Messages.TryRead(out var message))
                    Append(output, frames.Of(message));
                waiting = subscription.Messages.WaitToReadAsync(cancellation).AsTask();
            }
            _ = await output.FlushAsync(cancellation);
        }
    }

    private static void Append(PipeWriter output, ReadOnlyMemory<byte> frame)
    {
        frame.Span.CopyTo(output.GetSpan(frame.Length));
        output.Advance(frame.Length);
    }

    // What isn't a number is no id of ours; a browser may bring one from another server at the same address.
    private static long? LastEventId(HttpRequest request) =>
        long.TryParse(request.Headers["Last-Event-ID"], NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null;
}
