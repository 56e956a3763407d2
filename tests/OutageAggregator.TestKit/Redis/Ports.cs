using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace OutageAggregator.TestKit.Redis;

/// <summary>
/// Ports of 127.0.0.1 for servers whose port must be known before they start. Neither they nor the bus of a Redis Cluster, 10,000 above, are among
/// those that the system gives to connections (Linux: from 32,768). A connection that has ended keeps its port from servers for a minute, and
/// whoever tries again and again to connect to such a port of a server that is down is given it at last, and then talks to itself.
/// </summary>
internal static class Ports
{
    private const int First = 20_000;
    private const int End = 32_768 - 10_000;

    private static readonly ConcurrentDictionary<int, bool> s_given = [];

    /// <summary>One that nobody listens at, and that is given to nobody else in this process.</summary>
    public static int Free()
    {
        while (true)
        {
            var port = Random.Shared.Next(First, End);
            if (s_given.TryAdd(port, true) && IsFree(port))
                return port;
        }
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
