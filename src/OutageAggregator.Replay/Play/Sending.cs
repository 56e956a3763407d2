using System.Text.Json.Serialization;

namespace OutageAggregator.Replay.Play;

/// <summary>A way to hand reports to a server.</summary>
internal interface ISender
{
    /// <summary>The most reports that one request carries.</summary>
    int MostAtOnce { get; }

    /// <summary>Sends reports until the server has answered each, or gives up on them.</summary>
    /// <exception cref="ReplayException">It will never work: a key that is refused.</exception>
    Task<Tally> SendAsync(IReadOnlyList<RecordedReport> reports, CancellationToken cancellation);
}

/// <summary>A report as the server takes it.</summary>
internal sealed record PostedReport(
    string Service, string Problem, string Surface, string Region,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Reporter)
{
    internal static PostedReport Of(ServiceSlug service, RecordedReport report, string? reporter = null) =>
        new($"{service}", report.Problem.Code(), report.Surface.Code(), $"{report.Region}", reporter);
}

/// <summary>What became of reports.</summary>
/// <param name="NotCounted">Answered, but not counted: duplicates, or refused.</param>
/// <param name="Lost">Not answered after all attempts.</param>
internal readonly record struct Tally(int Counted, int NotCounted, int Lost, int Retries)
{
    /// <summary>How far behind its instant the latest report was sent, real time.</summary>
    public TimeSpan Behind { get; init; }

    /// <summary>Real time from the first report to the last answer.</summary>
    public TimeSpan Took { get; init; }

    public static Tally operator +(Tally a, Tally b) => new(a.Counted + b.Counted, a.NotCounted + b.NotCounted, a.Lost + b.Lost, a.Retries + b.Retries)
    {
        Behind = a.Behind > b.Behind ? a.Behind : b.Behind,
        Took = a.Took > b.Took ? a.Took : b.Took,
    };

    public override string ToString() =>
        $"{Counted:N0} counted, {NotCounted:N0} not counted, {Lost:N0} lost, {Retries:N0} retries, {Took.TotalSeconds:F1} s, at most {Behind.TotalSeconds:F1} s behind.";
}

/// <summary>Sends a request again where that can help: no answer, too busy (503), too many (429), as long as the server says.</summary>
internal static class Attempts
{
    private const int Most = 6;
    private static readonly TimeSpan s_longestWait = TimeSpan.FromSeconds(15);

    /// <returns>
    /// The last answer, or null where there was none; how often the request was sent again; and whether an attempt ended without
    /// an answer, so that the server may have taken it all the same.
    /// </returns>
    public static async Task<(HttpResponseMessage? Answer, int Retries, bool WasUncertain)> SendAsync(
        HttpClient client, Func<HttpRequestMessage> request, CancellationToken cancellation)
    {
        var uncertain = false;
        for (var attempt = 1; ; attempt++)
        {
            HttpResponseMessage? answer = null;
            try
            {
                using var message = request();
                answer = await client.SendAsync(message, cancellation);
            }
            catch (Exception e) when (e is HttpRequestException || (e is TaskCanceledException && !cancellation.IsCancellationRequested))
            {
                uncertain = true;
            }
            if (attempt == Most || answer is { StatusCode: not (HttpStatusCode.ServiceUnavailable or HttpStatusCode.TooManyRequests) })
                return (answer, attempt - 1, uncertain);
            var wait = answer?.Headers.RetryAfter?.Delta ?? TimeSpan.FromMilliseconds(100 << attempt);
            answer?.Dispose();
            await Task.Delay(wait < s_longestWait ? wait : s_longestWait, cancellation);
        }
    }
}
