namespace OutageAggregator.Storage.Spool;

/// <summary>Whether reports are kept beside while the store takes none, and how many.</summary>
public sealed class SpoolSettings
{
    [Description("With storage redis: keeps reports on this machine's disk while Redis takes none and answers them 202, which would be answered 503 otherwise.")]
    public bool Enabled { get; set; }

    [Description("How many reports may wait in the spool; more are answered 503."), Range(1, 100_000_000)]
    public int MaxReports { get; set; } = 1_000_000;

    [Description("How many megabytes of the spool's file may wait; as much again may be set aside."), Range(1, 1_000_000)]
    public int MaxMegabytes { get; set; } = 512;

    internal long MaxBytes => (long)MaxMegabytes << 20;
}
