using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json;
using OutageAggregator.Runtime.Recorded;

namespace OutageAggregator.Replay.Play;

/// <summary>
/// Sends each report as another person would: from an address of its own, which a proxy in front of the server (we) names in
/// X-Forwarded-For. The addresses are those set aside for measurements, 198.18.0.0/15 (RFC 2544), 131,072 of them, from a random one on,
/// so that two plays in half an hour are two crowds.
/// </summary>
internal sealed class AddressSender(HttpClient client, ServiceSlug service) : ISender
{
    private const int Addresses = 1 << 17;

    // Nobody reports twice here, so a few reports that count as repeats mean that the server takes us all for one person.
    private const int TellingRepeats = 3;

    private readonly int _first = RandomNumberGenerator.GetInt32(Addresses);
    private int _sent = -1;
    private int _counted;
    private int _repeats;

    public int MostAtOnce => 1;

    public async Task<Tally> SendAsync(IReadOnlyList<RecordedReport> reports, CancellationToken cancellation)
    {
        var number = Interlocked.Increment(ref _sent);
        var address = AddressOf(_first + number);
        var body = Body(reports[0]);
        var (answer, retries, wasUncertain) = await Attempts.SendAsync(client, () => Request(address, body), cancellation);
        using (answer)
        {
            if (answer is null)
                return new Tally(0, 0, 1, retries);
            if (answer.StatusCode == HttpStatusCode.Accepted)
            {
                Interlocked.Increment(ref _counted);
                return new Tally(1, 0, 0, retries);
            }
            if (answer.StatusCode == HttpStatusCode.OK)
            {
                // Sent again after no answer: the first attempt was counted.
                if (wasUncertain)
                    return new Tally(1, 0, 0, retries);
                Distrusted(Interlocked.Increment(ref _repeats));
                return new Tally(0, 1, 0, retries);
            }
            if (answer.StatusCode == HttpStatusCode.TooManyRequests)
                Distrusted(TellingRepeats);
            return new Tally(0, 0, 1, retries);
        }
    }

    private void Distrusted(int repeats)
    {
        if (repeats >= TellingRepeats && repeats > Volatile.Read(ref _counted))
        {
            throw new PlayException(
                $"The server at {client.BaseAddress} takes all reports for one person's: it does not believe X-Forwarded-For from here. "
                + "Start it with --trust-proxy and the address it sees this machine under, such as --trust-proxy 127.0.0.1/32 (or ::1/128 where localhost leads there), or use --key.");
        }
    }

    private static HttpRequestMessage Request(string address, byte[] body)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri("api/v1/reports", UriKind.Relative)) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Add("X-Forwarded-For", address);
        return request;
    }

    private byte[] Body(RecordedReport report) => JsonSerializer.SerializeToUtf8Bytes(new
    {
        service = service.ToString(),
        problem = report.Problem.Code(),
        surface = report.Surface.Code(),
        region = report.Region.ToString(),
    });

    private static string AddressOf(int number)
    {
        var bits = (uint)(number % Addresses);
        return new IPAddress([198, (byte)(18 + (bits >> 16)), (byte)(bits >> 8), (byte)bits]).ToString();
    }
}
