using System.Diagnostics;

namespace OutageAggregator.LoadDriver;

/// <summary>What a run saw.</summary>
/// <param name="PerSecond">Answered requests a second.</param>
/// <param name="Accepted">Answers 202.</param>
/// <param name="Others">All other answers.</param>
/// <param name="P50">Median time to an answer, milliseconds.</param>
/// <param name="P99">99th percentile, milliseconds.</param>
/// <param name="CpuMicroseconds">Processor time of the target per request.</param>
/// <param name="Allocated">Bytes that the target allocated per request; null where it does not tell.</param>
internal sealed record Run(
    double PerSecond, long Accepted, long Others, double P50, double P99, double CpuMicroseconds, double? Allocated);

/// <summary>
/// Many people who press "it's down": each connection sends a report, waits for its answer and sends the next, every one from another
/// address.
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
        var allocated = await target.AllocatedAsync(cancellation);
        var clock = Stopwatch.StartNew();
        var people = Enumerable.Range(0, connections).Select(i => PressAsync(i, length, clock, ending.Token)).ToArray();
        var pressed = await Task.WhenAll(people);
        var elapsed = clock.Elapsed.TotalSeconds;
        cpu = target.CpuSeconds - cpu;
        allocated = await target.AllocatedAsync(cancellation) - allocated;
        var times = pressed.SelectMany(p => p.Times).Order().ToArray();
        return new Run(
            times.Length / elapsed,
            pressed.Sum(p => p.Accepted),
            times.Length - pressed.Sum(p => p.Accepted),
            times[times.Length / 2],
            times[(int)(times.Length * 0.99)],
            cpu * 1e6 / times.Length,
            allocated / times.Length);
    }

    private async Task<(List<float> Times, long Accepted)> PressAsync(int number, TimeSpan length, Stopwatch clock, CancellationToken cancellation)
    {
        using var connection = await RawConnection.OpenAsync(target.Address.Port, cancellation);
        var service = Services[number % services];
        var times = new List<float>(100_000);
        var accepted = 0L;
        while (clock.Elapsed < length)
        {
            var sent = clock.Elapsed;
            accepted += (await connection.ReportAsync(Interlocked.Increment(ref s_people), service, "IT", cancellation)).Status == 202 ? 1 : 0;
            times.Add((float)(clock.Elapsed - sent).TotalMilliseconds);
        }
        return (times, accepted);
    }
}
