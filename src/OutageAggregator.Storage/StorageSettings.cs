namespace OutageAggregator.Storage;

/// <summary>Which store, what it keeps, and for how long.</summary>
public sealed class StorageSettings
{
    [Description("Where counts and incidents are kept; memory forgets everything at its end."), AllowedValues("sqlite", "redis", "memory")]
    public string Kind { get; set; } = "sqlite";

    /// <summary>In months of 31 days.</summary>
    [Description("How many months minutes are kept in SQLite, with the fingerprints of who reported; those of incidents are kept for ever."), Range(2, 1200)]
    public int MinuteMonths { get; set; } = 13;

    [Description("How many days comments are kept in SQLite; they are never published."), Range(1, 366)]
    public int RemarkDays { get; set; } = 30;

    // Beyond it a write fails at once, so that a disk that stands still is answered with 503 and not with memory.
    [Description("How many writes may wait for the disk; more fail at once."), Range(16, 1_000_000)]
    public int MaxWaiting { get; set; } = 20_000;

    [Description("How many megabytes the database may grow to; beyond it nothing more is accepted, and the rest of the disk stays free."), Range(1, 16_000_000)]
    public int MaxMegabytes { get; set; } = 65_536;

    [Description("How many milliseconds a write waits for a lock that another program holds, such as a backup or a shell."), Range(0, 60_000)]
    public int BusyMilliseconds { get; set; } = 5_000;

    [Description("How many connections may read the database at once; more wait."), Range(1, 256)]
    public int MaxReaders { get; set; } = 16;

    /// <summary>Nothing is kept, so no data folder is needed.</summary>
    public bool IsMemory => Kind == "memory";

    /// <summary>Counts and incidents are elsewhere; the data folder holds what recognises senders.</summary>
    public bool IsRedis => Kind == "redis";

    /// <summary>The first minute of the oldest hour of counts still kept.</summary>
    internal Minute KeptSince(Minute now) => new(FirstHourKept(now.Start.ToUnixTimeMilliseconds()) * 60);

    /// <summary>The oldest hour of counts still kept at an instant.</summary>
    internal int FirstHourKept(long nowMilliseconds) => (int)(nowMilliseconds / 3_600_000) - (MinuteMonths * 31 * 24);
}
