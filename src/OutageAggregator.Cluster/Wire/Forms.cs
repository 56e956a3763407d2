namespace OutageAggregator.Cluster.Wire;

// How the core's values look between two nodes: the core knows no serializer, so each has a form here. Numbers are places on the wire:
// append, never renumber, so that nodes of two versions understand each other while a cluster is upgraded. Parameters are properties with a
// number like others: left to itself, Orleans would send those of a record as what its base holds.

[GenerateSerializer(IncludePrimaryConstructorParameters = false), Alias("minute")]
internal record struct MinuteForm([property: Id(0)] int Number);

[GenerateSerializer(IncludePrimaryConstructorParameters = false), Alias("minute-range")]
internal record struct MinuteRangeForm([property: Id(0)] int From, [property: Id(1)] int To);

[GenerateSerializer(IncludePrimaryConstructorParameters = false), Alias("region")]
internal record struct RegionForm([property: Id(0)] string Code);

[GenerateSerializer(IncludePrimaryConstructorParameters = false), Alias("report")]
internal record struct ReportForm(
    [property: Id(0)] ulong High, [property: Id(1)] ulong Low, [property: Id(2)] byte Cell, [property: Id(3)] int At,
    [property: Id(4)] string? Comment, [property: Id(5)] string? WentTo);

[GenerateSerializer(IncludePrimaryConstructorParameters = false), Alias("report-batch")]
internal record struct ReportBatchForm(
    [property: Id(0)] UInt128 Id, [property: Id(1)] string Key, [property: Id(2)] long ReceivedAt, [property: Id(3)] ReportForm[] Reports);

[GenerateSerializer(IncludePrimaryConstructorParameters = false), Alias("receipt")]
internal record struct ReceiptForm([property: Id(0)] byte Outcome, [property: Id(1)] long Until);

[GenerateSerializer(IncludePrimaryConstructorParameters = false), Alias("batch-receipt")]
internal record struct BatchReceiptForm(
    [property: Id(0)] ReceiptForm[] Receipts, [property: Id(1)] bool IsRepeat, [property: Id(2)] long ReceivedAt);

[GenerateSerializer(IncludePrimaryConstructorParameters = false), Alias("evidence")]
internal record struct EvidenceForm(
    [property: Id(0)] string? Detector, [property: Id(1)] string? Rule, [property: Id(2)] string? Region,
    [property: Id(3)] int WindowMinutes, [property: Id(4)] int Observed, [property: Id(5)] double Expected, [property: Id(6)] int Upper,
    [property: Id(7)] double Log10PValue, [property: Id(8)] int Reporters, [property: Id(9)] int MinimumReporters);

[GenerateSerializer(IncludePrimaryConstructorParameters = false), Alias("standing")]
internal record struct JoinPointForm([property: Id(0)] int End, [property: Id(1)] WatchModeForm Mode);

[GenerateSerializer(IncludePrimaryConstructorParameters = false), Alias("watch-mode")]
internal record struct WatchModeForm(
    [property: Id(0)] bool InIncident, [property: Id(1)] int From, [property: Id(2)] int Number, [property: Id(3)] EvidenceForm Evidence);

[GenerateSerializer(IncludePrimaryConstructorParameters = false), Alias("closing-minutes")]
internal record struct ClosingMinutesForm(
    [property: Id(0)] int From, [property: Id(1)] int To, [property: Id(2)] MinuteRangeForm[] Observed,
    [property: Id(3)] WatchModeForm Mode);

[GenerateSerializer(IncludePrimaryConstructorParameters = false), Alias("region-reading")]
internal record struct RegionReadingForm(
    [property: Id(0)] string Region, [property: Id(1)] int From, [property: Id(2)] byte Level, [property: Id(3)] EvidenceForm Evidence,
    [property: Id(4)] int Onset, [property: Id(5)] bool IsRaised, [property: Id(6)] int[] Reports, [property: Id(7)] int[] Reporters);
