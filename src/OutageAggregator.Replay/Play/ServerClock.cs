using System.Diagnostics;
using System.Net;
using System.Text.Json;

namespace OutageAggregator.Replay.Play;

/// <summary>
/// The clock of the server that is played into, read from its answers: each carries when data was observed, how many seconds ago that was,
/// and the speed of a simulated clock. It is read once; from there on it runs in step with the machine's own.
/// </summary>
/// <param name="readAt">Timestamp of the reading.</param>
/// <param name="shown">What the server's clock showed then.</param>
/// <param name="speed">Its seconds per real second; 1 where it is the machine's own.</param>
internal sealed class ServerClock(long readAt, DateTimeOffset shown, double speed)
{
    // The age is in whole seconds, rounded down: the latest of a few readings comes nearest.
    private const int Readings = 3;

    public double Speed => speed;

    public bool IsSimulated { get; private init; }

    public DateTimeOffset Now => shown + (Stopwatch.GetElapsedTime(readAt) * speed);

    /// <summary>Real time until the server's clock shows an instant; negative where it has.</summary>
    public TimeSpan Until(DateTimeOffset instant) => (instant - Now) / speed;

    /// <exception cref="PlayException">The server can't be reached, or does not know the service, or is no such server.</exception>
    public static async Task<ServerClock> ReadAsync(HttpClient client, ServiceSlug service, CancellationToken cancellation)
    {
        var best = await ReadOnceAsync(client, service, cancellation);
        for (var i = 1; i < Readings; i++)
        {
            var next = await ReadOnceAsync(client, service, cancellation);
            if (next.Now > best.Now)
                best = next;
        }
        return best;
    }

    private static async Task<ServerClock> ReadOnceAsync(HttpClient client, ServiceSlug service, CancellationToken cancellation)
    {
        try
        {
            using var response = await client.GetAsync(new Uri($"api/v1/services/{service}", UriKind.Relative), cancellation);
            var readAt = Stopwatch.GetTimestamp();
            if (response.StatusCode == HttpStatusCode.NotFound)
                throw new PlayException($"The server at {client.BaseAddress} does not know the service '{service}': add it to its catalog.");
            if (!response.IsSuccessStatusCode)
                throw new PlayException($"The server at {client.BaseAddress} answers {(int)response.StatusCode} to GET /api/v1/services/{service}.");
            using var answer = await JsonDocument.ParseAsync(await response.Content.ReadAsStreamAsync(cancellation), cancellationToken: cancellation);
            var freshness = answer.RootElement.GetProperty("freshness");
            var now = freshness.GetProperty("observedAt").GetDateTimeOffset() + TimeSpan.FromSeconds(freshness.GetProperty("ageSeconds").GetInt64());
            var isSimulated = freshness.TryGetProperty("clock", out var clock);
            return new ServerClock(readAt, now, isSimulated ? clock.GetProperty("speed").GetDouble() : 1) { IsSimulated = isSimulated };
        }
        catch (HttpRequestException e)
        {
            throw new PlayException($"No server answers at {client.BaseAddress}: {e.Message.ReplaceLineEndings(" ")}", e);
        }
        catch (TaskCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            throw new PlayException($"The server at {client.BaseAddress} did not answer within {client.Timeout.TotalSeconds} seconds.", e);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new PlayException($"What answers at {client.BaseAddress} is no OutageAggregator server.", e);
        }
    }
}
