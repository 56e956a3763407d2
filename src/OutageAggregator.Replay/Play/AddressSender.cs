using System.Net.Http.Json;
using System.Security.Cryptography;

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
        var address = AddressOf(_first + Interlocked.Increment(ref _sent));
        var (answer, retries, wasUncertain) = await Attempts.SendAsync(client, () => Request(address, reports[0]), cancellation);
        using var disposed = answer;
        switch (answer?.StatusCode)
        {
            case HttpStatusCode.Accepted:
                Interlocked.Increment(ref _counted);
                return new Tally(1, 0, 0, retries);
            // Sent again after no answer: the first attempt was counted.
            case HttpStatusCode.OK when wasUncertain:
                return new Tally(1, 0, 0, retries);
            case HttpStatusCode.OK:
                Distrusted(Interlocked.Increment(ref _repeats));
                return new Tally(0, 1, 0, retries);
            case HttpStatusCode.TooManyRequests:
                Distrusted(TellingRepeats);
                break;
        }
        return new Tally(0, 0, 1, retries);
    }

    private void Distrusted(int repeats)
    {
        if (repeats >= TellingRepeats && repeats > Volatile.Read(ref _counted))
        {
            throw new ReplayException(
                $"The server at {client.BaseAddress} takes all reports for one person's: it does not believe X-Forwarded-For from here. "
                + "Start it with --trust-proxy and the address it sees this machine under, such as --trust-proxy 127.0.0.1/32 (or ::1/128 where localhost leads there), or use --key.");
        }
    }

    private HttpRequestMessage Request(string address, RecordedReport report) => new(HttpMethod.Post, "api/v1/reports")
    {
        Content = JsonContent.Create(PostedReport.Of(service, report)),
        Headers = { { "X-Forwarded-For", address } },
    };

    private static string AddressOf(int number)
    {
        var bits = (uint)(number % Addresses);
        return new IPAddress([198, (byte)(18 + (bits >> 16)), (byte)(bits >> 8), (byte)bits]).ToString();
    }
}
