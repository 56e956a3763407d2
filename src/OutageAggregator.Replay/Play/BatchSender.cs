using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json;
using OutageAggregator.Runtime.Recorded;

namespace OutageAggregator.Replay.Play;

/// <summary>Sends what is due as batches, as a partner with a key would; a batch sent again has the same Idempotency-Key.</summary>
internal sealed class BatchSender(HttpClient client, ServiceSlug service, string key) : ISender
{
    private static readonly JsonSerializerOptions s_options = new(JsonSerializerDefaults.Web);

    private readonly string _crowd = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6));
    private int _people;
    private int _batches;

    public int MostAtOnce => 500;

    public async Task<Tally> SendAsync(IReadOnlyList<RecordedReport> reports, CancellationToken cancellation)
    {
        var body = Body(reports);
        var batch = string.Create(CultureInfo.InvariantCulture, $"play-{_crowd}-{Interlocked.Increment(ref _batches)}");
        var (answer, retries, _) = await Attempts.SendAsync(client, () => Request(batch, body), cancellation);
        using (answer)
        {
            if (answer?.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden)
                throw new PlayException($"The server at {client.BaseAddress} refuses the key ({(int)answer.StatusCode}): it needs one with the scope 'ingest' among its settings (Keys).");
            if (answer?.StatusCode != HttpStatusCode.OK)
                return new Tally(0, 0, reports.Count, retries);
            using var receipts = await JsonDocument.ParseAsync(await answer.Content.ReadAsStreamAsync(cancellation), cancellationToken: cancellation);
            var counted = receipts.RootElement.GetProperty("counted").GetInt32();
            return new Tally(counted, reports.Count - counted, 0, retries);
        }
    }

    private HttpRequestMessage Request(string batch, byte[] body)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri("api/v1/reports/batch", UriKind.Relative)) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/x-ndjson");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        request.Headers.Add("Idempotency-Key", batch);
        return request;
    }

    private byte[] Body(IReadOnlyList<RecordedReport> reports)
    {
        using var lines = new MemoryStream();
        foreach (var report in reports)
        {
            JsonSerializer.Serialize(lines, new
            {
                service = service.ToString(),
                problem = report.Problem.Code(),
                surface = report.Surface.Code(),
                region = report.Region.ToString(),
                reporter = string.Create(CultureInfo.InvariantCulture, $"{_crowd}-{Interlocked.Increment(ref _people)}"),
            }, s_options);
            lines.WriteByte((byte)'\n');
        }
        return lines.ToArray();
    }
}
