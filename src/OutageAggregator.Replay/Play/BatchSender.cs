using System.Net.Http.Headers;
using System.Security.Cryptography;

namespace OutageAggregator.Replay.Play;

/// <summary>Sends what is due as batches, as a partner with a key would; a batch sent again has the same Idempotency-Key.</summary>
internal sealed class BatchSender(HttpClient client, ServiceSlug service, string key) : ISender
{
    private readonly string _crowd = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6));
    private int _people;
    private int _batches;

    public int MostAtOnce => 500;

    public async Task<Tally> SendAsync(IReadOnlyList<RecordedReport> reports, CancellationToken cancellation)
    {
        var body = string.Concat(reports.Select(r => Line(r) + '\n'));
        var batch = $"play-{_crowd}-{Interlocked.Increment(ref _batches)}";
        var (answer, retries, _) = await Attempts.SendAsync(client, () => Request(batch, body), cancellation);
        using var disposed = answer;
        if (answer?.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden)
            throw new ReplayException($"The server at {client.BaseAddress} refuses the key ({(int)answer.StatusCode}): it needs one with the scope 'ingest' among its settings (Keys).");
        if (answer?.StatusCode != HttpStatusCode.OK)
            return new Tally(0, 0, reports.Count, retries);
        using var receipts = await JsonDocument.ParseAsync(await answer.Content.ReadAsStreamAsync(cancellation), cancellationToken: cancellation);
        var counted = receipts.RootElement.GetProperty("counted").GetInt32();
        return new Tally(counted, reports.Count - counted, 0, retries);
    }

    private HttpRequestMessage Request(string batch, string body)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "api/v1/reports/batch")
        {
            Content = new StringContent(body, new MediaTypeHeaderValue("application/x-ndjson")),
            Headers = { Authorization = new AuthenticationHeaderValue("Bearer", key) },
        };
        request.Headers.Add("Idempotency-Key", batch);
        return request;
    }

    private string Line(RecordedReport report) => JsonSerializer.Serialize(
        PostedReport.Of(service, report, $"{_crowd}-{Interlocked.Increment(ref _people)}"), JsonSerializerOptions.Web);
}
