namespace OutageAggregator.Cluster.Wire;

// How the core's values look between two nodes: the core knows no serializer, so each has a form here. Numbers are places on the wire:
// append, never renumber, so that nodes of two versions understand each other while a cluster is upgraded.

[GenerateSerializer, Alias("minute")]
internal struct MinuteForm
{
    [Id(0)] public int Number;
}

[GenerateSerializer, Alias("minute-range")]
internal struct MinuteRangeForm
{
    [Id(0)] public int From;
    [Id(1)] public int To;
}

[GenerateSerializer, Alias("region")]
internal struct RegionForm
{
    [Id(0)] public string Code;
}

[GenerateSerializer, Alias("report")]
internal struct ReportForm
{
    [Id(0)] public ulong High;
    [Id(1)] public ulong Low;
    [Id(2)] public byte Cell;
    [Id(3)] public int At;
    [Id(4)] public string? Comment;
    [Id(5)] public string? WentTo;
}

[GenerateSerializer, Alias("report-batch")]
internal struct ReportBatchForm
{
    [Id(0)] public UInt128 Id;
    [Id(1)] public string Key;
    [Id(2)] public long ReceivedAt;
    [Id(3)] public ReportForm[] Reports;
}

[GenerateSerializer, Alias("receipt")]
internal struct ReceiptForm
{
    [Id(0)] public byte Outcome;
    [Id(1)] public long Until;
}

[GenerateSerializer, Alias("batch-receipt")]
internal struct BatchReceiptForm
{
    [Id(0)] public ReceiptForm[] Receipts;
    [Id(1)] public bool IsRepeat;
    [Id(2)] public long ReceivedAt;
}

[GenerateSerializer, Alias("evidence")]
internal struct EvidenceForm
{
    [Id(0)] public string? Detector;
    [Id(1)] public string? Rule;
    [Id(2)] public string? Region;
    [Id(3)] public int WindowMinutes;
    [Id(4)] public int Observed;
    [Id(5)] public double Expected;
    [Id(6)] public int Upper;
    [Id(7)] public double Log10PValue;
    [Id(8)] public int Reporters;
    [Id(9)] public int MinimumReporters;
}

[GenerateSerializer, Alias("standing")]
internal struct JoinPointForm
{
    [Id(0)] public int End;
    [Id(1)] public WatchModeForm Mode;
}

[GenerateSerializer, Alias("watch-mode")]
internal struct WatchModeForm
{
    [Id(0)] public bool InIncident;
    [Id(1)] public int From;
    [Id(2)] public int Number;
    [Id(3)] public EvidenceForm Evidence;
}

[GenerateSerializer, Alias("closing-minutes")]
internal struct ClosingMinutesForm
{
    [Id(0)] public int From;
    [Id(1)] public int To;
    [Id(2)] public MinuteRangeForm[] Observed;
    [Id(3)] public WatchModeForm Mode;
}

[GenerateSerializer, Alias("region-reading")]
internal struct RegionReadingForm
{
    [Id(0)] public string Region;
    [Id(1)] public int From;
    [Id(2)] public byte Level;
    [Id(3)] public EvidenceForm Evidence;
    [Id(4)] public int Onset;
    [Id(5)] public bool IsRaised;
    [Id(6)] public int[] Reports;
    [Id(7)] public int[] Reporters;
}
