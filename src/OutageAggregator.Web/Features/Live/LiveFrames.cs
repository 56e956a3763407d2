namespace OutageAggregator.Web.Features.Live;

/// <summary>
/// Live messages as the bytes of the event stream (WHATWG HTML, section 9.2), each rendered once for all listeners:
/// <code>
///   id: 42
///   event: incident
///   data: {"kind":"opened", ...}
///   (empty line)
/// </code>
/// JSON holds no line breaks, so one data line is enough.
/// </summary>
internal sealed class LiveFrames(ServerNotice notice)
{
    /// <summary>First of all: come back after three seconds, and something to see at once for proxies that wait for a first byte.</summary>
    internal static readonly ReadOnlyMemory<byte> Hello = "retry: 3000\n: live events of OutageAggregator\n\n"u8.ToArray();
    internal static readonly ReadOnlyMemory<byte> Heartbeat = ": beat\n\n"u8.ToArray();
    private readonly ConditionalWeakTable<LiveMessage, byte[]> _known = [];

    internal ReadOnlyMemory<byte> Of(LiveMessage message) => _known.GetValue(message, Render);

    private byte[] Render(LiveMessage message) => message switch
    {
        StatusMessage m => Frame(
            m.Position, "status", new LiveStatus(m.Service.ToString(), m.Status, m.At, m.Since, m.IncidentId?.ToString())),
        IncidentMessage m => Frame(
            m.Position, "incident", new LiveIncident(m.Event.Kind.Code(), m.Event.At, IncidentAnswer.Of(m.Incident, notice))),
        CountsMessage m => Frame(
            m.Position, "counts", new LiveCounts(m.At, [.. m.Services.Select(ServiceCounts.Of)], FreshnessAnswer.Of(m.Freshness, notice))),
        _ => throw new InvalidOperationException($"No event stands for {message.GetType().Name}."),
    };

    private static byte[] Frame<T>(long id, string name, T data)
    {
        var frame = new ArrayBufferWriter<byte>(512);
        frame.Write(Encoding.UTF8.GetBytes($"id: {id}\nevent: {name}\ndata: "));
        frame.Write(AnswerJson.Write(data));
        frame.Write("\n\n"u8);
        return frame.WrittenSpan.ToArray();
    }
}

/// <summary>Data of an event <c>status</c>.</summary>
/// <param name="At">When it was decided; null where nothing ever happened.</param>
public sealed record LiveStatus(
    string Service, ServiceStatus Status, DateTimeOffset? At, DateTimeOffset? Since,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? IncidentId);

/// <summary>Data of an event <c>incident</c>: what happened, and the incident after it.</summary>
public sealed record LiveIncident(
    [property: AllowedValues("opened", "grew", "recovering", "recurred", "resolved")] string Kind, DateTimeOffset At,
    IncidentAnswer Incident);

/// <summary>Data of an event <c>counts</c>: the last 15 minutes of the service listened to, or of all in trouble.</summary>
public sealed record LiveCounts(DateTimeOffset At, ImmutableArray<ServiceCounts> Services, FreshnessAnswer Freshness);

/// <summary>The last 15 minutes of a service.</summary>
/// <param name="Expected15m">Null while there is not enough history.</param>
public readonly record struct ServiceCounts(string Service, ServiceStatus Status, int Reports15m, double? Expected15m)
{
    internal static ServiceCounts Of(ServiceSummary s) =>
        new(s.Service.Slug.ToString(), s.Status, s.Pulse.Reports15m, Rounded.Of(s.Pulse.Expected15m));
}
