using System.ComponentModel.DataAnnotations;

namespace OutageAggregator.Storage.Spool;

/// <summary>Whether reports are kept beside while the store takes none, and how many.</summary>
public sealed class SpoolSettings
{
    public const string Section = "Spool";

    /// <summary>Keeps reports on this machine's disk while the store can't take them, and answers them 202. Off: they are answered 503.</summary>
    public bool Enabled { get; set; }

    /// <summary>How many reports may wait; beyond it they are answered 503.</summary>
    [Range(1, 100_000_000)]
    public int MaxReports { get; set; } = 1_000_000;

    /// <summary>How large what waits may grow in the file, megabytes; beyond it reports are answered 503. As much again may be set aside.</summary>
    [Range(1, 1_000_000)]
    public int MaxMegabytes { get; set; } = 512;

    internal long MaxBytes => (long)MaxMegabytes << 20;
}
