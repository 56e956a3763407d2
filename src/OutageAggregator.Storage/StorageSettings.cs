using System.ComponentModel.DataAnnotations;

namespace OutageAggregator.Storage;

/// <summary>What a store keeps, and for how long.</summary>
public sealed class StorageSettings
{
    public const string Section = "Storage";

    /// <summary>
    /// How long counts by the minute are kept, months of 31 days. Incidents are kept for ever, in a database with the minutes they
    /// lasted.
    /// </summary>
    [Range(2, 1200)]
    public int MinuteMonths { get; set; } = 13;

    /// <summary>How long comments are kept, days.</summary>
    [Range(1, 366)]
    public int RemarkDays { get; set; } = 30;

    /// <summary>
    /// How many writes may wait for the next group commit; beyond it a write fails at once, so that a disk that
    /// stands still is answered with 503 and not with memory.
    /// </summary>
    [Range(16, 1_000_000)]
    public int MaxWaiting { get; set; } = 20_000;

    /// <summary>
    /// The largest the database may grow, megabytes; beyond it nothing more is accepted. The rest of the disk stays free.
    /// </summary>
    [Range(1, 16_000_000)]
    public int MaxMegabytes { get; set; } = 65_536;

    /// <summary>How long to wait for a database that another program has locked (a backup, a shell), milliseconds.</summary>
    [Range(0, 60_000)]
    public int BusyMilliseconds { get; set; } = 5_000;

    /// <summary>How many readers may look into the database at once; more wait.</summary>
    [Range(1, 256)]
    public int MaxReaders { get; set; } = 16;

    /// <summary>The oldest hour of counts still kept at an instant.</summary>
    internal int FirstHourKept(long nowMilliseconds) => (int)(nowMilliseconds / 3_600_000) - (MinuteMonths * 31 * 24);
}
