using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace OutageAggregator.LoadDriver;

/// <summary>What a run saw.</summary>
/// <param name="PerSecond">Answered requests a second.</param>
/// <param name="Accepted">Answers 202.</param>
/// <param name="Others">All other answers.</param>
/// <param name="P50">Median time to an answer, milliseconds.</param>
/// <param name="P99">99th percentile, milliseconds.</param>
/// <param name="CpuMicroseconds">Processor time of the target per request.</param>
internal sealed record Run(double PerSecond, long Accepted, long Others, double P50, double P99, double CpuMicroseconds);

/// <summary>
/// Many people who press "it's down": each connection sends a report, waits for its answer and sends the next, every one from another
/// address. Raw sockets and prepared bytes, because what the driver costs is taken from the same two cores.
/// </summary>
internal sealed class Crowd(Target target, int connections, int services)
{
    private static long s_people;

    internal static readonly string[] Services =
    [
        "chatgpt", "claude", "gemini", "whatsapp", "instagram", "facebook", "youtube", "netflix", "spotify", "discord",
        "openai-api", "claude-api", "copilot", "meta-ai", "perplexity", "grok", "deepseek", "le-chat", "midjourney", "character-ai",
        "hugging-face", "threads", "x", "tiktok", "snapchat", "reddit", "pinterest", "linkedin", "bluesky", "tumblr",
        "vk", "weibo", "messenger", "telegram", "signal", "imessage", "line", "wechat", "kakaotalk", "viber",
        "microsoft-365", "outlook", "microsoft-teams", "gmail", "google-drive", "google-meet", "google-classroom", "zoom", "slack", "notion",
    ];

    internal async Task<Run> RunAsync(TimeSpan length, CancellationToken cancellation)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var cpu = target.CpuSeconds;
        var clock = Stopwatch.StartNew();
        var people = Enumerable.Range(0, connections).Select(i => PressAsync(i, length, clock, ending.Token)).ToArray();
        var pressed = await Task.WhenAll(people);
        var elapsed = clock.Elapsed.TotalSeconds;
        var times = pressed.SelectMany(p => p.Times).Order().ToArray();
        return new Run(
            times.Length / elapsed,
            pressed.Sum(p => p.Accepted),
            times.Length - pressed.Sum(p => p.Accepted),
            times[times.Length / 2],
            times[(int)(times.Length * 0.99)],
            (target.CpuSeconds - cpu) * 1e6 / times.Length);
    }

    private async Task<(List<float> Times, long Accepted)> PressAsync(int number, TimeSpan length, Stopwatch clock, CancellationToken cancellation)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, target.Address.Port, cancellation);
        var service = Services[number % services];
        var body = $$"""{"service":"{{service}}","problem":"login","surface":"web","region":"IT","kind":"down"}""";
        var times = new List<float>(100_000);
        var buffer = new byte[16_384];
        var accepted = 0L;
        while (clock.Elapsed < length)
        {
            var person = Interlocked.Increment(ref s_people);
            var request = Encoding.ASCII.GetBytes(
                $"POST /api/v1/reports HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nX-Forwarded-For: {Address(person)}\r\nContent-Length: {body.Length}\r\n\r\n{body}");
            var sent = clock.Elapsed;
            _ = await socket.SendAsync(request, cancellation);
            accepted += await AnswerAsync(socket, buffer, cancellation) == 202 ? 1 : 0;
            times.Add((float)(clock.Elapsed - sent).TotalMilliseconds);
        }
        return (times, accepted);
    }

    // A different /64 for each, a different /48 for each of 65,536, so that no limit holds them back: IPv6 of the documentation prefix has
    // room for more people than a run can have.
    internal static string Address(long person) => $"2001:db8:{person & 0xFFFF:x}:{person >> 16 & 0xFFFF:x}::1";

    internal static async Task<int> AnswerAsync(Socket socket, byte[] buffer, CancellationToken cancellation)
    {
        var filled = 0;
        while (true)
        {
            var read = await socket.ReceiveAsync(buffer.AsMemory(filled), cancellation);
            if (read == 0)
                throw new IOException("The server closed the connection.");
            filled += read;
            if (IsWhole(buffer.AsSpan(0, filled)))
                return ((buffer[9] - '0') * 100) + ((buffer[10] - '0') * 10) + (buffer[11] - '0');
        }
    }

    private static bool IsWhole(ReadOnlySpan<byte> answer)
    {
        var head = answer.IndexOf("\r\n\r\n"u8);
        if (head < 0)
            return false;
        var field = answer[..head].IndexOf("Content-Length: "u8);
        if (field < 0)
            // Chunked: the last chunk ends it.
            return answer.EndsWith("0\r\n\r\n"u8);
        var length = 0;
        foreach (var digit in answer[(field + 16)..])
        {
            if (digit is < (byte)'0' or > (byte)'9')
                break;
            length = (length * 10) + (digit - '0');
        }
        return answer.Length >= head + 4 + length;
    }
}
