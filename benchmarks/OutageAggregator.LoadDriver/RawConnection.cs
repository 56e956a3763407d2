using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace OutageAggregator.LoadDriver;

/// <summary>
/// One connection that sends reports, one after the other. A raw socket and prepared bytes, because what the driver costs is taken from the cores that
/// the servers have.
/// </summary>
internal sealed class RawConnection : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] _buffer = new byte[16_384];

    /// <summary>When something was sent on it last, as <see cref="Stopwatch.GetTimestamp"/> tells it.</summary>
    internal long UsedAt { get; private set; } = Stopwatch.GetTimestamp();

    internal static async Task<RawConnection> OpenAsync(int port, CancellationToken cancellation)
    {
        var connection = new RawConnection();
        try
        {
            await connection._socket.ConnectAsync(IPAddress.Loopback, port, cancellation);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Sends one person's report and reads the whole answer.</summary>
    /// <param name="person">Who reports; each has an address of their own.</param>
    /// <param name="service">What is down.</param>
    /// <param name="region">And where.</param>
    /// <param name="cancellation">Ends the wait; the connection is of no more use then.</param>
    /// <returns>The status, and when to come again where the answer says so.</returns>
    /// <exception cref="IOException">The server closed the connection.</exception>
    internal async Task<(int Status, TimeSpan? RetryAfter)> ReportAsync(long person, string service, string region, CancellationToken cancellation)
    {
        UsedAt = Stopwatch.GetTimestamp();
        var body = $$"""{"service":"{{service}}","problem":"login","surface":"web","region":"{{region}}","kind":"down"}""";
        _ = await _socket.SendAsync(
            Encoding.ASCII.GetBytes($"POST /api/v1/reports HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nX-Forwarded-For: {AddressOf(person)}\r\nContent-Length: {body.Length}\r\n\r\n{body}"),
            cancellation);
        for (var filled = 0; ;)
        {
            var read = await _socket.ReceiveAsync(_buffer.AsMemory(filled), cancellation);
            if (read == 0)
                throw new IOException("The server closed the connection.");
            filled += read;
            if (IsWhole(_buffer.AsSpan(0, filled), out var head))
                return (NumberAt(_buffer.AsSpan(9)), NumberOf("Retry-After: "u8, _buffer.AsSpan(0, head)) is { } seconds ? TimeSpan.FromSeconds(seconds) : null);
        }
    }

    public void Dispose() => _socket.Dispose();

    // A different /64 for each, a different /48 for each of 65,536, so that no limit holds them back: IPv6 of the documentation prefix has
    // room for more people than a run can have.
    private static string AddressOf(long person) => $"2001:db8:{person & 0xFFFF:x}:{person >> 16 & 0xFFFF:x}::1";

    private static bool IsWhole(ReadOnlySpan<byte> answer, out int head)
    {
        head = answer.IndexOf("\r\n\r\n"u8);
        if (head < 0)
            return false;
        return NumberOf("Content-Length: "u8, answer[..head]) is { } length
            ? answer.Length >= head + 4 + length
            // Chunked: the last chunk ends it.
            : answer.EndsWith("0\r\n\r\n"u8);
    }

    private static int? NumberOf(ReadOnlySpan<byte> field, ReadOnlySpan<byte> head) => head.IndexOf(field) is >= 0 and var at ? NumberAt(head[(at + field.Length)..]) : null;

    private static int NumberAt(ReadOnlySpan<byte> text)
    {
        var number = 0;
        foreach (var digit in text)
        {
            if (digit is < (byte)'0' or > (byte)'9')
                break;
            number = (number * 10) + (digit - '0');
        }
        return number;
    }
}
