using System.ComponentModel;
using System.Net;

namespace OutageAggregator.Web.Admission;

/// <summary>Which proxies are believed about who called.</summary>
public sealed class ProxySettings
{
    // Empty by default, because a header that anybody can send names anybody.
    [Description("Networks of our own proxies: X-Forwarded-For, -Proto, -Host and -Prefix are believed from these only.")]
    public IPNetwork[] Trusted { get; set; } = [];

    [Description("The header in which a trusted proxy states the caller's country as ISO 3166-1 alpha-2, such as CF-IPCountry.")]
    [RegularExpression("^[A-Za-z0-9-]{0,64}$", ErrorMessage = "the name of a header: letters, digits and hyphens, at most 64")]
    public string CountryHeader { get; set; } = "";
}

/// <summary>How much one address, and all together, may ask for. An IPv6 address stands for its /64.</summary>
public sealed class LimitSettings
{
    /// <summary>An IPv6 /48, a rack of rented servers or a provider's pool of phones, gets so many times what an address gets.</summary>
    public const int NetworkFactor = 64;

    /// <summary>For live streams a /48 gets fewer: each holds one of a few thousand places for hours.</summary>
    public const int StreamNetworkFactor = 16;

    [Description("How many reports and other writes an address may send in a minute, and an IPv6 /48 sixty-four times as many reports; 0 for no limit.")]
    [Range(0, RateTable.MaxLimit)]
    public int ReportsPerMinute { get; set; } = 30;

    [Description("How often an address may ask for anything else in a minute; 0 for no limit."), Range(0, RateTable.MaxLimit)]
    public int ReadsPerMinute { get; set; } = 1200;

    // Behind the address of an office or a mobile carrier are many people, but it must not take every place there is (Live:MaxSubscribers).
    [Description("How many live streams an address may hold open, and an IPv6 /48 sixteen times as many; 0 for no limit."), Range(0, 100_000)]
    public int StreamsPerAddress { get; set; } = 64;

    [Description("How many connections may be open at once; more are refused."), Range(16, 1_000_000)]
    public int Connections { get; set; } = 20_000;
}
