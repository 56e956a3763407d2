using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Net;

namespace OutageAggregator.Web.Admission;

/// <summary>Which proxies are believed about who called.</summary>
public sealed class ProxySettings
{
    public const string Section = "Proxies";

    /// <summary>
    /// Networks (CIDR) of our own proxies: X-Forwarded-For and the country header are believed from these only. Empty by default,
    /// because a header that anybody can send names anybody.
    /// </summary>
    [Description("networks in CIDR form, such as 10.0.0.0/8 or ::1/128")]
    public IPNetwork[] Trusted { get; set; } = [];

    /// <summary>
    /// Header in which a trusted proxy states the caller's country as ISO 3166-1 alpha-2, such as <c>CF-IPCountry</c>; empty for none.
    /// </summary>
    [RegularExpression("^[A-Za-z0-9-]{0,64}$", ErrorMessage = "the name of a header: letters, digits and hyphens, at most 64")]
    public string CountryHeader { get; set; } = "";
}

/// <summary>How much one address, and all together, may ask for. An IPv6 address stands for its /64.</summary>
public sealed class LimitSettings
{
    public const string Section = "Limits";

    /// <summary>
    /// An IPv6 /48 may be a rack of rented servers or a provider's pool of phones, so it gets this many times what an address gets, and
    /// far less than its 65,536 times /64 would get together.
    /// </summary>
    public const int NetworkFactor = 64;

    /// <summary>For live streams a /48 gets fewer: each holds its place for hours, and there are 5,000 of them unless set otherwise.</summary>
    public const int StreamNetworkFactor = 16;

    /// <summary>
    /// Reports, withdrawals and other writes an address may send in a minute, and an IPv6 /48 sixty-four times as many reports; 0 for no limit.
    /// </summary>
    [Range(0, RateTable.MaxLimit)]
    public int ReportsPerMinute { get; set; } = 30;

    /// <summary>Everything else an address may ask for in a minute; 0 for no limit.</summary>
    [Range(0, RateTable.MaxLimit)]
    public int ReadsPerMinute { get; set; } = 1200;

    /// <summary>
    /// Live streams an address may hold open, and an IPv6 /48 sixteen times as many; 0 for no limit. Behind the address of an office or a
    /// mobile carrier are many people, but it must not take every place there is (Live:MaxSubscribers).
    /// </summary>
    [Range(0, 100_000)]
    public int StreamsPerAddress { get; set; } = 64;

    /// <summary>Open connections; more are refused.</summary>
    [Range(16, 1_000_000)]
    public int Connections { get; set; } = 20_000;
}
