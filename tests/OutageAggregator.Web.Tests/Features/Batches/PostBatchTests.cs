using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using OutageAggregator.Contracts;
using OutageAggregator.Runtime.Intake;
using OutageAggregator.Storage;
using OutageAggregator.TestKit;
using OutageAggregator.TestKit.Web;
using OutageAggregator.Web.Admission;
using OutageAggregator.Web.Keys;

namespace OutageAggregator.Web.Tests.Features.Batches;

public sealed class PostBatchTests : IAsyncLifetime
{
    private const string Secret = "partner-secret-of-some-length";
    private const string NdJson = "application/x-ndjson";

    private readonly ManualClock _clock = new(DateTimeOffset.Parse("2024-11-09T00:10:00Z", CultureInfo.InvariantCulture));
    private readonly TemporaryFolder _folder = new();
    private WebApp _app = null!;

    public async ValueTask InitializeAsync() => _app = await StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _folder.Dispose();
        Assert.True(_app.Errors.Count == 0, string.Join('\n', _app.Errors));
    }

    private Task<WebApp> StartAsync() => WebApp.StartAsync(
        services =>
        {
            services.AddSingleton<TimeProvider>(_clock);
            services.AddSingleton(new LimitSettings { ReadsPerMinute = 0, ReportsPerMinute = 0 });
            services.AddSingleton(new KeySettings
            {
                Keys =
                [
                    KeyEntry.Parse($"partner ingest key:{Secret}", CultureInfo.InvariantCulture),
                    KeyEntry.Parse("editor statements key:editor-secret-of-some-length", CultureInfo.InvariantCulture),
                ],
            });
        },
        folder: _folder.Path);

    private async Task RestartAsync()
    {
        await _app.DisposeAsync();
        _app = await StartAsync();
    }

    private Task<HttpResponseMessage> SendAsync(string body, string? idempotencyKey = null, string? secret = Secret, string mediaType = NdJson)
    {
        var request = Answers.Post("/api/v1/reports/batch", body, mediaType);
        if (secret is not null)
            request.With("Authorization", $"Bearer {secret}");
        if (idempotencyKey is not null)
            request.With("Idempotency-Key", idempotencyKey);
        return _app.Client.SendAsync(request);
    }

    private async Task<int> CountAsync(string service)
    {
        var now = Minute.Of(_clock.GetUtcNow());
        var cells = await _app.Services.GetRequiredService<ICountStore>().ReadFacetsAsync(
            new WatchKey(ServiceSlug.Parse(service), Region.World), now - (2 * Minute.PerDay), now + 1, CancellationToken.None);
        return cells.Sum(c => c.Count);
    }

    private static string Line(string service, string reporter, string rest = "") => $$"""{"service":"{{service}}","reporter":"{{reporter}}"{{rest}}}""";

    [Fact]
    public async Task Each_line_gets_a_receipt_in_order_and_a_broken_one_is_refused_alone()
    {
        string[] lines =
        [
            Line("chatgpt", "a", ",\"region\":\"IT\""),
            "{broken",
            Line("chatgpt", "b", ",\"region\":\"DE\""),
            Line("chatgpt", "a", ",\"region\":\"DE\""),
            """{"service":"chatgpt"}""",
            Line("chatgtp", "c"),
            Line("claude", "a", ",\"occurredAt\":\"2024-11-08T20:00:00Z\""),
            "",
            Line("claude", "d"),
        ];
        var answer = await (await SendAsync(string.Join("\n", lines) + "\r\n")).JsonAsync(HttpStatusCode.OK);
        var receipts = answer.GetProperty("receipts").EnumerateArray().ToArray();
        Assert.Equal(Enumerable.Range(1, 9), receipts.Select(r => r.GetProperty("line").GetInt32()));
        Assert.Equal(
            ["refused", "refused", "refused", "refused", "late"],
            new[] { 1, 4, 5, 7, 6 }.Select(i => receipts[i].GetProperty("reason").GetString()));
        Assert.Equal("/problems/malformed-body", receipts[1].GetProperty("problem").GetProperty("type").GetString());
        Assert.Contains("reporter", receipts[4].GetProperty("problem").GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal("chatgpt", receipts[5].GetProperty("problem").GetProperty("suggestions")[0].GetProperty("slug").GetString());
        Assert.Equal("DE", receipts[2].GetProperty("region").GetString());
        Assert.True(receipts[8].GetProperty("counted").GetBoolean());
        // The same reporter in two regions is counted in one of them.
        Assert.Single(new[] { receipts[0], receipts[3] }, r => r.GetProperty("counted").GetBoolean());
        Assert.Equal((3, 2, 4), (answer.GetProperty("counted").GetInt32(), answer.GetProperty("notCounted").GetInt32(), answer.GetProperty("refused").GetInt32()));
        Assert.Equal(2, await CountAsync("chatgpt"));
    }

    [Fact]
    public async Task What_is_optional_in_a_line_is_cleaned_or_noted_and_costs_it_nothing()
    {
        var answer = await (await SendAsync(string.Join('\n',
            Line("ChatGPT", "a", ",\"region\":\"italia\",\"comment\":\"two\\nlines\\u202e\",\"problem\":\"LOGIN\""),
            Line("chatgpt", "b", ",\"region\":\"Atlantis\",\"surface\":3,\"timeZone\":\"Asia/Saigon\",\"extra\":1"),
            Line("chatgpt", "c", ",\"kind\":\"perhaps\""),
            Line("chatgpt", "d\\u202e")))).JsonAsync(HttpStatusCode.OK);

        var receipts = answer.GetProperty("receipts").EnumerateArray().ToArray();
        Assert.Equal((2, 0, 2), (answer.GetProperty("counted").GetInt32(), answer.GetProperty("notCounted").GetInt32(), answer.GetProperty("refused").GetInt32()));
        Assert.Equal(("IT", "VN"), (receipts[0].GetProperty("region").GetString(), receipts[1].GetProperty("region").GetString()));
        Assert.False(receipts[0].TryGetProperty("notes", out _));
        Assert.Equal(["region", "surface", "extra"], receipts[1].GetProperty("notes").EnumerateArray().Select(n => n.GetProperty("field").GetString()));
        Assert.True(receipts[2].GetProperty("problem").GetProperty("errors").TryGetProperty("kind", out _));
        // An id is not cleaned: two that differ must not become one.
        Assert.True(receipts[3].GetProperty("problem").GetProperty("errors").TryGetProperty("reporter", out _));
    }

    [Fact]
    public async Task A_receipt_of_a_batch_adds_to_its_report()
    {
        var answer = await (await SendAsync(Line("gemini", "x"))).JsonAsync(HttpStatusCode.OK);
        using var request = Answers.Post(answer.GetProperty("receipts")[0].GetProperty("withdraw").GetString()!, """{"region":"IT"}""");
        request.Method = HttpMethod.Patch;
        Assert.Equal("IT", (await (await _app.Client.SendAsync(request)).JsonAsync(HttpStatusCode.OK)).GetProperty("region").GetString());
        Assert.Equal(1, await CountAsync("gemini"));
    }

    [Fact]
    public async Task A_receipt_of_a_batch_takes_its_report_back()
    {
        var answer = await (await SendAsync(Line("gemini", "a") + "\n" + Line("gemini", "b"))).JsonAsync(HttpStatusCode.OK);
        var withdraw = answer.GetProperty("receipts")[1].GetProperty("withdraw").GetString();
        Assert.Equal(HttpStatusCode.NoContent, (await _app.Client.DeleteAsync(withdraw)).StatusCode);
        Assert.Equal(1, await CountAsync("gemini"));
    }

    [Fact]
    public async Task A_thousand_lines_are_taken_and_one_more_is_not()
    {
        var lines = string.Join('\n', Enumerable.Range(0, 1000).Select(i => Line("aws", $"r{i}")));
        var answer = await (await SendAsync(lines)).JsonAsync(HttpStatusCode.OK);
        Assert.Equal(1000, answer.GetProperty("counted").GetInt32());
        Assert.Equal(1000, await CountAsync("aws"));
        await (await SendAsync(lines + "\n" + Line("aws", "more"))).ProblemAsync(HttpStatusCode.RequestEntityTooLarge, "body-too-large");
        Assert.Equal(1000, await CountAsync("aws"));
    }

    [Fact]
    public async Task A_batch_of_256_KiB_is_taken_and_a_byte_more_is_not()
    {
        var line = Line("aws", "x");
        var body = line + new string('\n', 1) + new string(' ', (256 * 1024) - line.Length - 1);
        await (await SendAsync(body)).JsonAsync(HttpStatusCode.OK);
        await (await SendAsync(body + " ")).ProblemAsync(HttpStatusCode.RequestEntityTooLarge, "body-too-large");
    }

    [Fact]
    public async Task A_line_over_4_KiB_is_refused_alone()
    {
        var answer = await (await SendAsync(Line("aws", "a") + "\n" + Line("aws", "b") + new string(' ', 4096))).JsonAsync(HttpStatusCode.OK);
        Assert.Equal("/problems/body-too-large", answer.GetProperty("receipts")[1].GetProperty("problem").GetProperty("type").GetString());
        Assert.Equal(1, answer.GetProperty("counted").GetInt32());
    }

    [Fact]
    public async Task A_repeated_batch_gets_the_same_answer_and_counts_nothing_also_later_and_after_a_restart()
    {
        var body = string.Join('\n', Line("chatgpt", "a", ",\"region\":\"IT\""), "{broken", Line("claude", "a", ",\"occurredAt\":\"2024-11-08T00:11:00Z\""), Line("chatgpt", "a"));
        var first = await (await SendAsync(body, "monday 1")).Content.ReadAsStringAsync();
        Assert.Equal(first, await (await SendAsync(body, "monday 1")).Content.ReadAsStringAsync());
        _clock.Advance(TimeSpan.FromHours(3));
        Assert.Equal(first, await (await SendAsync(body, "monday 1")).Content.ReadAsStringAsync());
        await RestartAsync();
        Assert.Equal(first, await (await SendAsync(body, "monday 1")).Content.ReadAsStringAsync());
        Assert.Equal(1, await CountAsync("chatgpt"));
    }

    [Fact]
    public async Task Repetitions_that_overlap_get_one_answer()
    {
        var body = string.Join('\n', Enumerable.Range(0, 50).Select(i => Line("telegram", $"r{i}", $",\"region\":\"{(i % 2 == 0 ? "IR" : "TR")}\"")));
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ => await (await SendAsync(body, "at-once")).Content.ReadAsStringAsync()));
        Assert.Single(answers.Distinct(StringComparer.Ordinal));
        Assert.Equal(50, JsonDocument.Parse(answers[0]).RootElement.GetProperty("counted").GetInt32());
        Assert.Equal(50, await CountAsync("telegram"));
    }

    [Fact]
    public async Task The_same_key_for_another_body_is_refused_also_after_a_restart()
    {
        await (await SendAsync(Line("chatgpt", "a"), "tuesday")).JsonAsync(HttpStatusCode.OK);
        await (await SendAsync(Line("chatgpt", "b"), "tuesday")).ProblemAsync(HttpStatusCode.UnprocessableEntity, "idempotency-conflict");
        await RestartAsync();
        await (await SendAsync(Line("chatgpt", "b"), "tuesday")).ProblemAsync(HttpStatusCode.UnprocessableEntity, "idempotency-conflict");
        Assert.Equal(1, await CountAsync("chatgpt"));
    }

    [Fact]
    public async Task After_a_day_the_same_key_is_a_new_batch()
    {
        await (await SendAsync(Line("chatgpt", "a"), "daily")).JsonAsync(HttpStatusCode.OK);
        _clock.Advance(TimeSpan.FromDays(1));
        var answer = await (await SendAsync(Line("chatgpt", "a"), "daily")).JsonAsync(HttpStatusCode.OK);
        Assert.Equal(1, answer.GetProperty("counted").GetInt32());
        Assert.Equal(2, await CountAsync("chatgpt"));
    }

    [Fact]
    public async Task A_repetition_of_what_could_not_be_stored_is_received_now_as_late_and_makes_nobody_forgotten()
    {
        var body = Line("chatgpt", "a");
        // All that a first attempt leaves whose counts never reached the store.
        var name = _app.Services.GetRequiredService<ReporterKey>().NameOfBatch("partner", "unlucky");
        _ = await _app.Services.GetRequiredService<IRepeatedBatches>().BeginAsync(
            name, BitConverter.ToUInt128(SHA256.HashData(Encoding.UTF8.GetBytes(body))), _clock.GetUtcNow(), CancellationToken.None);
        _clock.Advance(TimeSpan.FromHours(3));
        Assert.Equal(1, await CountedAsync(Line("chatgpt", "b")));

        var repeated = await (await SendAsync(body, "unlucky")).Content.ReadAsStringAsync();

        var answer = JsonDocument.Parse(repeated).RootElement;
        Assert.Equal((0, 1), (answer.GetProperty("counted").GetInt32(), answer.GetProperty("notCounted").GetInt32()));
        Assert.Equal("late", answer.GetProperty("receipts")[0].GetProperty("reason").GetString());
        Assert.Equal("2024-11-09T00:10:00.000Z", answer.GetProperty("receivedAt").GetString());
        Assert.Equal("2024-11-09T03:10:00.000Z", answer.GetProperty("receipts")[0].GetProperty("receivedAt").GetString());
        Assert.Equal(0, await CountedAsync(Line("chatgpt", "b")));
        Assert.Equal(0, await CountedAsync(Line("chatgpt", "a")));
        await RestartAsync();
        Assert.Equal(0, await CountedAsync(Line("chatgpt", "b")));
        Assert.Equal(0, await CountedAsync(Line("chatgpt", "a")));
        Assert.Equal(repeated, await (await SendAsync(body, "unlucky")).Content.ReadAsStringAsync());
        // Its report stays what it was: of the minute in which it first came.
        var points = await _app.Services.GetRequiredService<ICountStore>().ReadSeriesAsync(
            new WatchKey(ServiceSlug.Parse("chatgpt"), Region.World), Minute.Of(_clock.GetUtcNow()) - 300, Minute.Of(_clock.GetUtcNow()) + 1, 1, default, CancellationToken.None);
        Assert.Equal([180, 0], points.Select(p => Minute.Of(_clock.GetUtcNow()) - p.Start));
    }

    private async Task<int> CountedAsync(string body) =>
        (await (await SendAsync(body)).JsonAsync(HttpStatusCode.OK)).GetProperty("counted").GetInt32();

    [Theory]
    [InlineData("")]
    [InlineData("é")]
    public async Task An_idempotency_key_is_printable_and_not_empty(string key) =>
        await (await SendAsync(Line("chatgpt", "a"), key)).ProblemAsync(HttpStatusCode.BadRequest, "invalid-input");

    [Fact]
    public async Task An_idempotency_key_over_255_characters_is_refused() =>
        await (await SendAsync(Line("chatgpt", "a"), new string('k', 256))).ProblemAsync(HttpStatusCode.BadRequest, "invalid-input");

    [Fact]
    public async Task Without_a_key_nothing_is_taken()
    {
        var response = await SendAsync(Line("chatgpt", "a"), secret: null);
        await response.ProblemAsync(HttpStatusCode.Unauthorized, "key-required");
        Assert.Equal("Bearer", Assert.Single(response.Headers.WwwAuthenticate).Scheme);
    }

    [Fact]
    public async Task A_key_that_is_not_ours_is_told_apart_from_one_without_the_scope()
    {
        var unknown = await SendAsync(Line("chatgpt", "a"), secret: "guessed-secret-of-some-length");
        await unknown.ProblemAsync(HttpStatusCode.Unauthorized, "key-unknown");
        Assert.Contains("invalid_token", unknown.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
        var scopeless = await SendAsync(Line("chatgpt", "a"), secret: "editor-secret-of-some-length");
        Assert.Contains("ingest", (await scopeless.ProblemAsync(HttpStatusCode.Forbidden, "scope-missing")).GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Contains("insufficient_scope", scopeless.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
        Assert.Equal(0, await CountAsync("chatgpt"));
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("text/plain")]
    [InlineData("application/x-ndjson; charset=latin1")]
    public async Task A_batch_of_another_type_is_refused(string mediaType) =>
        await (await SendAsync(Line("chatgpt", "a"), mediaType: mediaType)).ProblemAsync(HttpStatusCode.UnsupportedMediaType, "unsupported-media-type");

    [Fact]
    public async Task An_empty_batch_is_refused() =>
        await (await SendAsync("")).ProblemAsync(HttpStatusCode.BadRequest, "malformed-body");

    [Theory]
    [InlineData(0)]
    [InlineData(129)]
    public async Task A_reporter_has_1_to_128_characters(int length)
    {
        var answer = await (await SendAsync(Line("chatgpt", new string('r', length)))).JsonAsync(HttpStatusCode.OK);
        Assert.True(answer.GetProperty("receipts")[0].GetProperty("problem").GetProperty("errors").TryGetProperty("reporter", out _));
    }

    [Fact]
    public async Task A_thousand_broken_lines_are_each_refused()
    {
        var body = new StringBuilder();
        for (var i = 0; i < 1000; i++)
            body.Append(i % 2 == 0 ? "{" : Line($"unknown{i}", "r")).Append('\n');
        var answer = await (await SendAsync(body.ToString())).JsonAsync(HttpStatusCode.OK);
        Assert.Equal(1000, answer.GetProperty("refused").GetInt32());
    }

    [Fact]
    public async Task Partners_who_send_slowly_hold_up_nobody_else()
    {
        var slow = new List<Socket>();
        try
        {
            for (var i = 0; i < 20; i++)
            {
                var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                slow.Add(socket);
                await socket.ConnectAsync(IPAddress.Loopback, _app.Address.Port);
                _ = await socket.SendAsync(Encoding.ASCII.GetBytes(
                    $"POST /api/v1/reports/batch HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {Secret}\r\nContent-Type: {NdJson}\r\nContent-Length: 5000\r\nExpect: 100-continue\r\n\r\n"));
                // The server asks for the body when its handler begins to read it.
                var answer = new byte[256];
                Assert.StartsWith("HTTP/1.1 100 ", Encoding.ASCII.GetString(answer, 0, await socket.ReceiveAsync(answer)), StringComparison.Ordinal);
            }
            using var quick = await SendAsync("""{"service":"chatgpt","reporter":"a"}""");
            Assert.Equal(HttpStatusCode.OK, quick.StatusCode);
        }
        finally
        {
            slow.ForEach(s => s.Dispose());
        }
    }
}
