using System.Net;
using System.Text;
using System.Text.Json;

namespace OutageAggregator.Web.Tests.Features.Reports;

/// <summary>
/// Bodies mangled at random from a fixed seed: whatever comes, the answer is a receipt or problem details, and nothing breaks inside
/// (the application's own error log is checked when the class is done).
/// </summary>
public sealed class MangledReportTests(ReportsApp app) : IClassFixture<ReportsApp>
{
    private static readonly byte[][] s_jsons =
    [
        """{"service":"chatgpt","problem":"login","surface":"web","region":"IT","kind":"down","occurredAt":"2024-11-09T00:10:00Z","comment":"caffè 😀 \u00e8","wentTo":"claude","timeZone":"Europe/Rome"}"""u8.ToArray(),
        """{"service":"openai"}"""u8.ToArray(),
    ];

    private static readonly byte[] s_form = "service=chatgpt&problem=login&comment=caff%C3%A8+%F0%9F%98%80&region=IT&wentTo="u8.ToArray();

    private static readonly byte[][] s_spices =
    [
        "\0"u8.ToArray(), [0xFF], [0xC3], [0xED, 0xA0, 0x80], "\\u0000"u8.ToArray(), "\\ud83d"u8.ToArray(), "\u202E"u8.ToArray(), "\u200D"u8.ToArray(), "\""u8.ToArray(),
        "{"u8.ToArray(), "}"u8.ToArray(), "["u8.ToArray(), ","u8.ToArray(), ":"u8.ToArray(), "null"u8.ToArray(), "1e999"u8.ToArray(), "-"u8.ToArray(), "\\"u8.ToArray(),
        "%"u8.ToArray(), "%00"u8.ToArray(), "%FF"u8.ToArray(), "&"u8.ToArray(), "="u8.ToArray(), "service"u8.ToArray(), "ﷺ"u8.ToArray(), "İ"u8.ToArray(), "ﬀ"u8.ToArray(),
        Encoding.UTF8.GetBytes(new string('x', 300)), Encoding.UTF8.GetBytes(new string('\u0301', 90)),
    ];

    private static byte[] Mangle(Random random, byte[] body)
    {
        var bytes = new List<byte>(body);
        for (var edits = random.Next(1, 6); edits > 0; edits--)
        {
            var at = random.Next(bytes.Count + 1);
            switch (random.Next(5))
            {
                case 0:
                    bytes.InsertRange(at, s_spices[random.Next(s_spices.Length)]);
                    break;
                case 1 when at < bytes.Count:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 2 when at < bytes.Count:
                    bytes.RemoveRange(at, random.Next(1, Math.Min(20, bytes.Count - at) + 1));
                    break;
                case 3 when at < bytes.Count:
                    bytes.InsertRange(random.Next(bytes.Count), bytes.GetRange(at, random.Next(1, Math.Min(60, bytes.Count - at) + 1)));
                    break;
                default:
                    bytes.Insert(at, (byte)random.Next(256));
                    break;
            }
        }
        return [.. bytes];
    }

    [Theory]
    [InlineData("application/json", 1)]
    [InlineData("application/json", 2)]
    [InlineData("application/x-www-form-urlencoded", 3)]
    public async Task A_mangled_body_gets_a_receipt_or_problem_details(string mediaType, int seed)
    {
        var random = new Random(seed);
        for (var i = 0; i < 600; i++)
        {
            var body = Mangle(random, mediaType == "application/json" ? s_jsons[random.Next(s_jsons.Length)] : s_form);
            using var response = await app.SendAsync(Answers.Post("/api/v1/reports", body, mediaType));
            var text = await response.Content.ReadAsStringAsync();
            Assert.True(
                response.StatusCode is HttpStatusCode.Accepted or HttpStatusCode.OK or HttpStatusCode.BadRequest or HttpStatusCode.NotFound,
                $"{response.StatusCode} for {Convert.ToHexString(body)}");
            Assert.Equal((int)response.StatusCode >= 400, JsonDocument.Parse(text).RootElement.TryGetProperty("title", out _));
        }
    }

    [Fact]
    public async Task Mangled_headers_break_nothing()
    {
        string[] values = ["", ",", "1.2.3.4,,", "unknown", "[::1", "::ffff:1.2.3.4", "1.2.3.4:99999", new string('9', 500), "\"", "é", "0x7f.1", "%00"];
        foreach (var header in (string[])["X-Forwarded-For", "CF-IPCountry", "Accept", "Origin", "Sec-Fetch-Site", "Authorization", "Idempotency-Key"])
        {
            foreach (var value in values)
            {
                using var request = Answers.Post("/api/v1/reports", """{"service":"chatgpt"}""").With(header, value);
                using var response = await app.App.Client.SendAsync(request);
                Assert.True((int)response.StatusCode < 500, $"{header}: {value} gave {response.StatusCode}");
            }
        }
    }
}
