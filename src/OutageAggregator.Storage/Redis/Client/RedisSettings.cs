using OutageAggregator.Storage.Tls;

namespace OutageAggregator.Storage.Redis.Client;

/// <summary>Which Redis, how long to wait for it, and how long counts live there.</summary>
public sealed class RedisSettings
{
    /// <summary>The most that one call to Redis may be given, milliseconds.</summary>
    public const int LongestCallMilliseconds = 4_000;

    private const string ConnectionForm =
        "HOST:PORT, such as localhost:6379; more of them separated by commas for Redis Cluster; then password=… or ssl=true, separated by commas, too; "
        + "asyncTimeout=… of at most 4000 milliseconds";

    private const string PrefixForm = "1 to 16 of a-z, 0-9 and hyphens";

    [Description("Where Redis is; with --redis the server is a node of a cluster of one or more. A password belongs in the environment.")]
    [PasswordPropertyText, Usable(ErrorMessage = ConnectionForm)]
    public string Connection { get; set; } = "localhost:6379";

    [Description("What every key in Redis begins with, so that several installations can share a server.")]
    [Required(ErrorMessage = PrefixForm), RegularExpression("[a-z0-9-]{1,16}", ErrorMessage = PrefixForm)]
    public string Prefix { get; set; } = "oa";

    // A slow Redis goes on answering. To the next look of the Breaker, twenty times a second.
    [Description("How many milliseconds Redis may answer nobody while calls wait, before it is taken to hang: calls fail at once until it answers.")]
    [Range(100, LongestCallMilliseconds)]
    public int HungMilliseconds { get; set; } = 900;

    // Beyond it a call fails at once, so that a Redis that hangs is answered with 503 and not with memory.
    [Description("How many calls may wait for Redis; more fail at once."), Range(16, 1_000_000)]
    public int MaxWaiting { get; set; } = 20_000;

    [Description("How many days minutes and fingerprints of reporters live in Redis; those of incidents live for ever."), Range(6, 400)]
    public int MinuteDays { get; set; } = 8;

    /// <summary>In months of 31 days.</summary>
    [Description("How many months half hours live in Redis."), Range(2, 1200)]
    public int SpanMonths { get; set; } = 13;

    [Description("How many days comments live in Redis; they are never published."), Range(1, 366)]
    public int RemarkDays { get; set; } = 30;

    /// <summary>TLS to Redis with an authority of one's own, or with a certificate that Redis asks for.</summary>
    public TlsSettings Tls { get; } = new();

    internal int MinuteSeconds => MinuteDays * 86_400;
    internal int SpanSeconds => SpanMonths * 31 * 86_400;
    internal int RemarkSeconds => RemarkDays * 86_400;

    [AttributeUsage(AttributeTargets.Property)]
    private sealed class UsableAttribute : ValidationAttribute
    {
        public override bool IsValid(object? value)
        {
            try
            {
                return value is string { Length: <= 2048 } text
                    && RedisConnection.OptionsOf(new RedisSettings { Connection = text }, "") is { EndPoints.Count: > 0, AsyncTimeout: <= LongestCallMilliseconds };
            }
            catch (StoreUnavailableException)
            {
                return false;
            }
        }
    }
}
