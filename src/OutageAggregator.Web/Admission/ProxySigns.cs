using System.Net;
using System.Net.Sockets;

namespace OutageAggregator.Web.Admission;

/// <summary>
/// What looks as if a proxy stood in front that the settings don't know, or one that doesn't say who calls. Then all people behind it
/// count as one, or are refused, and nothing else shows it. Each sign is logged once, with what to set, and told at <c>/readyz</c> while it
/// lasts.
/// <para>
/// A proxy of our own is near: on this machine, or in a private network. Whoever calls from afar may send what they like, so there it takes
/// as many reports in a row as a person hardly sends. No address from afar is kept or told.
/// </para>
/// </summary>
internal sealed partial class ProxySigns(ILogger<ProxySigns> log, TimeProvider? clock = null)
{
    /// <summary>So many reports in a row with nothing else between them are a sign.</summary>
    internal const int Enough = 20;

    // So many sites that may be ours are named in the log: anybody may make up more.
    private const int MostOrigins = 5;
    private static readonly string s_ofOneCaller =
        $"The last {Enough} reports and more came from one address. If a proxy stands in front, everybody behind it counts as one: name it "
        + "in Proxies:Trusted (--trust-proxy), and have it set X-Forwarded-For.";
    private static readonly string s_forwardedFromAfar =
        $"The last {Enough} reports and more came with X-Forwarded-For from peers that are not trusted. If those are your proxies, "
        + "everybody behind one counts as one: name their networks in Proxies:Trusted (--trust-proxy).";
    private static readonly string[] s_ofProxies = ["X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "Forwarded"];
    private static readonly TimeSpan s_lasts = TimeSpan.FromHours(1);
    private static readonly IPNetwork[] s_near =
    [
        .. ((string[])[
            "127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "169.254.0.0/16",
            "::1/128", "fc00::/7", "fe80::/10",
        ]).Select(IPNetwork.Parse),
    ];

    private readonly TimeProvider _clock = clock ?? TimeProvider.System;
    private readonly Lock _lock = new();
    private readonly HashSet<string> _refused = new(StringComparer.OrdinalIgnoreCase);
    private (IPAddress Peer, string Header, long At)? _forwarder;
    private int _hash;
    private Run _ofOneCaller;
    private Run _forwardedFromAfar;

    /// <summary>Looks at a request whose peer is not trusted.</summary>
    internal void See(Caller peer, IHeaderDictionary headers)
    {
        foreach (var header in s_ofProxies)
        {
            if (!headers.ContainsKey(header))
                continue;
            if (IsNear(peer.Address))
                SeeForwarder(peer.Address, header);
            return;
        }
    }

    /// <summary>Looks at a report that is about to be counted, or found to be a second one.</summary>
    internal void SeeReport(Caller caller, IHeaderDictionary headers)
    {
        var isForwarded = !caller.PeerIsTrusted && headers.ContainsKey("X-Forwarded-For") && !IsNear(caller.Address);
        // Under the process' own random seed, and only while it lives.
        var hash = HashCode.Combine(caller.Number);
        bool isOfOne, isFromAfar;
        lock (_lock)
        {
            isOfOne = _ofOneCaller.GoesOn(_hash == hash, otherwise: 1);
            isFromAfar = _forwardedFromAfar.GoesOn(isForwarded, otherwise: 0);
            _hash = hash;
        }
        if (isOfOne)
            LogSign(log, s_ofOneCaller);
        if (isFromAfar)
            LogSign(log, s_forwardedFromAfar);
    }

    /// <summary>What the operator has to set for pages of an origin to be ours, as the end of a sentence; logged as well.</summary>
    internal string Refused(HttpContext context, string origin)
    {
        var caller = Caller.Of(context);
        var stated = context.Features.Get<PublicAddress>()?.Stated;
        var mend = $"{(stated is null ? "set Site:PublicUrl" : $"change Site:PublicUrl, which is {stated}")} "
            + $"(--public-url {origin}, and the path where it has one)";
        if (!caller.PeerIsTrusted && IsNear(caller.Address) && context.Request.Headers.ContainsKey("X-Forwarded-Host"))
            mend += $", or to trust the proxy that forwards the address (--trust-proxy {NetworkOf(caller.Address)})";
        bool isNew;
        lock (_lock)
            isNew = _refused.Count < MostOrigins && _refused.Add(origin);
        if (isNew)
            LogRefused(log, origin, stated?.ToString() ?? PlainText.Quote(context.Request.Host.Value, 100), mend);
        return mend;
    }

    /// <summary>What looks so now, in sentences.</summary>
    internal ImmutableArray<string> Warnings()
    {
        var all = ImmutableArray.CreateBuilder<string>();
        lock (_lock)
        {
            if (_forwarder is { } seen && _clock.GetElapsedTime(seen.At) < s_lasts)
                all.Add(Forwards(seen.Peer, seen.Header));
            if (_ofOneCaller.IsLong)
                all.Add(s_ofOneCaller);
            if (_forwardedFromAfar.IsLong)
                all.Add(s_forwardedFromAfar);
        }
        return all.ToImmutable();
    }

    private void SeeForwarder(IPAddress peer, string header)
    {
        bool isFirst;
        lock (_lock)
        {
            isFirst = _forwarder is null;
            _forwarder = (peer, header, _clock.GetTimestamp());
        }
        if (isFirst)
            LogSign(log, Forwards(peer, header));
    }

    private static string Forwards(IPAddress peer, string header) =>
        $"{peer} sends {header} and is not trusted. If it is your proxy, everybody behind it counts as one: name it in Proxies:Trusted "
        + $"(--trust-proxy {NetworkOf(peer)}), and have it set X-Forwarded-For.";

    private static string NetworkOf(IPAddress address) => $"{address}/{(address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128)}";

    private static bool IsNear(IPAddress address) => Array.Exists(s_near, network => network.Contains(address));

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Sign}")]
    private static partial void LogSign(ILogger log, string sign);

    [LoggerMessage(Level = LogLevel.Warning, Message =
        "A report was refused: it came from a page of {Origin}, and this site is known here as {Host}. If people reach it at {Origin}, "
        + "{Mend}. Otherwise another site tries to report for its visitors")]
    private static partial void LogRefused(ILogger log, string origin, string host, string mend);

    /// <summary>How many in a row so far, up to <see cref="Enough"/>.</summary>
    private struct Run
    {
        private int _length;
        private bool _wasLong;

        internal readonly bool IsLong => _length == Enough;

        /// <summary>Counts one more, or begins anew; true the first time that it is long.</summary>
        internal bool GoesOn(bool isOfIt, int otherwise)
        {
            _length = isOfIt ? Math.Min(_length + 1, Enough) : otherwise;
            var isFirst = IsLong && !_wasLong;
            _wasLong |= IsLong;
            return isFirst;
        }
    }
}
