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
        StatusMessage status => Frame(message.Position, "status", LiveStatus.Of(status)),
        IncidentMessage incident => Frame(message.Position, "incident", LiveIncident.Of(incident, notice)),
        CountsMessage counts => Frame(message.Position, "counts", LiveCounts.Of(counts, notice)),
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
