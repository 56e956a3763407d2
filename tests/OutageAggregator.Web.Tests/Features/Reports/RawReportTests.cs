using System.Net;
using System.Net.Sockets;
using System.Text;

namespace OutageAggregator.Web.Tests.Features.Reports;

/// <summary>Bytes that an HTTP client would not send.</summary>
public sealed class RawReportTests(ReportsApp app) : IClassFixture<ReportsApp>
{
    private const string Body = """{"service":"chatgpt"}""";

    /// <summary>Sends bytes, piece by piece, and reads until the server closes the connection.</summary>
    private async Task<string> SendAsync(params string[] pieces)
    {
        using var socket = new TcpClient { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, app.App.Address.Port);
        var stream = socket.GetStream();
        foreach (var piece in pieces)
            await stream.WriteAsync(Encoding.Latin1.GetBytes(piece));
        using var reader = new StreamReader(stream, Encoding.Latin1);
        return await reader.ReadToEndAsync();
    }

    private string Head(string headers) =>
        $"POST /api/v1/reports HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\nX-Forwarded-For: {app.NextCaller()}\r\n{headers}\r\n";

    [Fact]
    public async Task A_body_that_comes_in_single_bytes_is_read_whole()
    {
        var pieces = Body.Select(c => c.ToString()).Prepend(Head($"Content-Length: {Body.Length}\r\n"));
        Assert.StartsWith("HTTP/1.1 202 ", await SendAsync([.. pieces]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_chunked_body_in_many_chunks_is_read_whole()
    {
        var chunks = string.Concat(Body.Select(c => $"1\r\n{c}\r\n"));
        Assert.StartsWith("HTTP/1.1 202 ", await SendAsync(Head("Transfer-Encoding: chunked\r\n"), chunks, "0\r\n\r\n"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_chunk_size_that_is_no_number_is_answered_with_problem_details()
    {
        var answer = await SendAsync(Head("Transfer-Encoding: chunked\r\n"), "zz\r\n" + Body);
        Assert.StartsWith("HTTP/1.1 400 ", answer, StringComparison.Ordinal);
        Assert.Contains("/problems/bad-request", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_announced_length_over_4_KiB_is_refused_before_the_body_comes()
    {
        var answer = await SendAsync(Head("Content-Length: 4097\r\n"), new string(' ', 4097));
        Assert.StartsWith("HTTP/1.1 413 ", answer, StringComparison.Ordinal);
        Assert.Contains("/problems/body-too-large", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_without_an_end_is_refused_and_not_read_on()
    {
        using var socket = new TcpClient { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, app.App.Address.Port);
        var stream = socket.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(Head("Transfer-Encoding: chunked\r\n")));
        var answer = AllThatComesAsync(stream);

        var chunk = Encoding.Latin1.GetBytes($"10000\r\n{new string(' ', 0x10000)}\r\n");
        await Assert.ThrowsAsync<IOException>(async () =>
        {
            for (var sent = 0; sent < 64 << 20; sent += chunk.Length)
                await stream.WriteAsync(chunk);
        });

        Assert.StartsWith("HTTP/1.1 413 ", await answer, StringComparison.Ordinal);
        Assert.Contains("\r\nConnection: close\r\n", await answer, StringComparison.Ordinal);
        Assert.Contains("/problems/body-too-large", await answer, StringComparison.Ordinal);
    }

    // Up to the end, also where that is a reset.
    private static async Task<string> AllThatComesAsync(NetworkStream stream)
    {
        var (all, buffer) = (new StringBuilder(), new byte[4096]);
        try
        {
            while (await stream.ReadAsync(buffer) is var read and > 0)
                _ = all.Append(Encoding.Latin1.GetString(buffer, 0, read));
        }
        catch (IOException)
        {
            // What came before it was read.
        }
        return all.ToString();
    }

    [Fact]
    public async Task A_client_that_waits_for_100_Continue_is_told_to_go_on()
    {
        using var socket = new TcpClient { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, app.App.Address.Port);
        var stream = socket.GetStream();
        using var reader = new StreamReader(stream, Encoding.Latin1);
        await stream.WriteAsync(Encoding.Latin1.GetBytes(Head($"Content-Length: {Body.Length}\r\nExpect: 100-continue\r\n")));
        Assert.Equal("HTTP/1.1 100 Continue", await reader.ReadLineAsync());
        await stream.WriteAsync(Encoding.Latin1.GetBytes(Body));
        Assert.Contains("HTTP/1.1 202 ", await reader.ReadToEndAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Too_many_headers_are_refused_by_the_server_itself()
    {
        var headers = string.Concat(Enumerable.Range(0, 100).Select(i => $"X-{i}: y\r\n"));
        Assert.StartsWith("HTTP/1.1 431 ", await SendAsync(Head(headers)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_length_and_chunks_together_are_never_read_as_two_requests()
    {
        var smuggled = "POST /api/v1/reports HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 21\r\n\r\n" + Body;
        var answer = await SendAsync(Head("Content-Length: 4\r\nTransfer-Encoding: chunked\r\n"), $"0\r\n\r\n{smuggled}");
        Assert.DoesNotContain("202 Accepted", answer, StringComparison.Ordinal);
    }
}
