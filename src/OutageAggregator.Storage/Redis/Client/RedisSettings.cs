using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace OutageAggregator.Storage.Redis.Client;

/// <summary>Which Redis, how long to wait for it, and how long counts live there.</summary>
public sealed class RedisSettings
{
    public const string Section = "Redis";

    /// <summary>
    /// Settings that there were once, each with what to write instead: the end of a sentence that begins with the old key.
    /// </summary>
    public static readonly IReadOnlyList<(string Key, string Successor)> Retired =
    [
        ("WriteMilliseconds", "is now Redis:HungMilliseconds, which a slow Redis does not exceed: leave it out, or set that one"),
        ("ReadMilliseconds", "is now asyncTimeout=… in Redis:Connection, milliseconds"),
    ];

    /// <summary>
    /// Where Redis is: <c>HOST:PORT</c>, several separated by commas for a cluster, then options of StackExchange.Redis such as
    /// <c>password=…</c> or <c>ssl=true</c>.
    /// </summary>
    [Required, StringLength(2048), Description("HOST:PORT, such as localhost:6379; more of them separated by commas for Redis Cluster; then password=… or ssl=true, separated by commas, too")]
    public string Connection { get; set; } = "localhost:6379";

    /// <summary>What every key begins with, so that several installations can share a server.</summary>
    [Required, RegularExpression("[a-z0-9-]{1,16}"), Description("1 to 16 of a-z, 0-9 and hyphens")]
    public string Prefix { get; set; } = "oa";

    /// <summary>
    /// How long Redis may answer nobody while calls wait, milliseconds, before it is taken to hang: those calls fail, and others at once,
    /// until it answers. A slow Redis goes on answering. To the next look of the <see cref="Breaker"/>, twenty times a second.
    /// </summary>
    [Range(100, 4_000)]
    public int HungMilliseconds { get; set; } = 900;

    /// <summary>
    /// How many calls may wait for an answer; beyond it a call fails at once, so that a Redis that hangs is answered with 503 and not
    /// with memory.
    /// </summary>
    [Range(16, 1_000_000)]
    public int MaxWaiting { get; set; } = 20_000;

    /// <summary>
    /// How long counts by the minute and fingerprints of reporters live, days. Those of incidents live for ever. Half hours live on.
    /// </summary>
    [Range(6, 400)]
    public int MinuteDays { get; set; } = 8;

    /// <summary>How long counts by the half hour live, months of 31 days.</summary>
    [Range(2, 1200)]
    public int SpanMonths { get; set; } = 13;

    /// <summary>How long comments live, days.</summary>
    [Range(1, 366)]
    public int RemarkDays { get; set; } = 30;

    internal int MinuteSeconds => MinuteDays * 86_400;

    internal int SpanSeconds => SpanMonths * 31 * 86_400;

    internal int RemarkSeconds => RemarkDays * 86_400;
}
