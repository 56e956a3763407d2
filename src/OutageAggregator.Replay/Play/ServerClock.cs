using System.Diagnostics;

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

    public DateTimeOffset Now => shown + (Stopwatch.GetElapsedTime(readAt) * speed);

    /// <summary>Real time until the server's clock shows an instant; negative where it has.</summary>
    public TimeSpan Until(DateTimeOffset instant) => (instant - Now) / speed;

    /// <exception cref="ReplayException">The server can't be reached, or does not know the service, or is no such server.</exception>
    public static async Task<ServerClock> ReadAsync(HttpClient client, ServiceSlug service, CancellationToken cancellation)
    {
        var readings = new List<ServerClock>();
        while (readings.Count < Readings)
            readings.Add(await ReadOnceAsync(client, service, cancellation));
        return readings.MaxBy(r => r.Now)!;
    }

    private static async Task<ServerClock> ReadOnceAsync(HttpClient client, ServiceSlug service, CancellationToken cancellation)
    {
        try
        {
            using var response = await client.GetAsync($"api/v1/services/{service}", cancellation);
            var readAt = Stopwatch.GetTimestamp();
            if (response.StatusCode == HttpStatusCode.NotFound)
                throw new ReplayException($"The server at {client.BaseAddress} does not know the service '{service}': add it to its catalog.");
            if (!response.IsSuccessStatusCode)
                throw new ReplayException($"The server at {client.BaseAddress} answers {(int)response.StatusCode} to GET /api/v1/services/{service}.");
            using var answer = await JsonDocument.ParseAsync(await response.Content.ReadAsStreamAsync(cancellation), cancellationToken: cancellation);
            var freshness = answer.RootElement.GetProperty("freshness");
            var now = freshness.GetProperty("observedAt").GetDateTimeOffset() + TimeSpan.FromSeconds(freshness.GetProperty("ageSeconds").GetInt64());
            return new(readAt, now, freshness.TryGetProperty("clock", out var clock) ? clock.GetProperty("speed").GetDouble() : 1);
        }
        catch (HttpRequestException e)
        {
            throw new ReplayException($"No server answers at {client.BaseAddress}: {e.Message.ReplaceLineEndings(" ")}", e);
        }
        catch (TaskCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            throw new ReplayException($"The server at {client.BaseAddress} did not answer within {client.Timeout.TotalSeconds} seconds.", e);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new ReplayException($"What answers at {client.BaseAddress} is no OutageAggregator server.", e);
        }
    }
}
