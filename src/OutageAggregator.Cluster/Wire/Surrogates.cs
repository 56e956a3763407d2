namespace OutageAggregator.Cluster.Wire;

// How the core's values look between two nodes: the core knows no serializer, so each has a surrogate here. Numbers are places on the wire:
// append, never renumber, so that nodes of two versions understand each other while a cluster is upgraded. Parameters are properties with a
// number like others: left to itself, Orleans would send those of a record as what its base holds.

[GenerateSerializer(IncludePrimaryConstructorParameters = false), Alias("minute")]
internal record struct MinuteSurrogate([property: Id(0)] int Number);

[GenerateSerializer(IncludePrimaryConstructorParameters = false), Alias("minute-range")]
internal record struct MinuteRangeSurrogate([property: Id(0)] int From, [property: Id(1)] int To);

[GenerateSerializer(IncludePrimaryConstructorParameters = false), Alias("region")]
internal record struct RegionSurrogate([property: Id(0)] string Code);

[GenerateSerializer(IncludePrimaryConstructorParameters = false), Alias("report")]
internal record struct ReportSurrogate(
    [property: Id(0)] ulong High, [property: Id(1)] ulong Low, [property: Id(2)] byte Cell, [property: Id(3)] int At,
    [property: Id(4)] string? Comment, [property: Id(5)] string? WentTo, [property: Id(6)] bool? WentToWorked = null);

[GenerateSerializer(IncludePrimaryConstructorParameters = false), Alias("report-batch")]
internal record struct ReportBatchSurrogate(
    [property: Id(0)] UInt128 Id, [property: Id(1)] string Key, [property: Id(2)] long ReceivedAt, [property: Id(3)] ReportSurrogate[] Reports);

[GenerateSerializer(IncludePrimaryConstructorParameters = false), Alias("receipt")]
internal record struct ReceiptSurrogate([property: Id(0)] byte Outcome, [property: Id(1)] long Until);

[GenerateSerializer(IncludePrimaryConstructorParameters = false), Alias("batch-receipt")]
internal record struct BatchReceiptSurrogate(
    [property: Id(0)] ReceiptSurrogate[] Receipts, [property: Id(1)] bool IsRepeat, [property: Id(2)] long ReceivedAt);

[GenerateSerializer(IncludePrimaryConstructorParameters = false), Alias("evidence")]
internal record struct EvidenceSurrogate(
    [property: Id(0)] string? Detector, [property: Id(1)] string? Rule, [property: Id(2)] string? Region,
    [property: Id(3)] int WindowMinutes, [property: Id(4)] int Observed, [property: Id(5)] double Expected, [property: Id(6)] int Upper,
    [property: Id(7)] double Log10PValue, [property: Id(8)] int Reporters, [property: Id(9)] int MinimumReporters,
    [property: Id(10)] bool IsPrior);

[GenerateSerializer(IncludePrimaryConstructorParameters = false), Alias("standing")]
internal record struct JoinPointSurrogate([property: Id(0)] int End, [property: Id(1)] WatchModeSurrogate Mode);

[GenerateSerializer(IncludePrimaryConstructorParameters = false), Alias("watch-mode")]
internal record struct WatchModeSurrogate(
    [property: Id(0)] bool InIncident, [property: Id(1)] int From, [property: Id(2)] int Number, [property: Id(3)] EvidenceSurrogate Evidence);

[GenerateSerializer(IncludePrimaryConstructorParameters = false), Alias("closing-minutes")]
internal record struct ClosingMinutesSurrogate(
    [property: Id(0)] int From, [property: Id(1)] int To, [property: Id(2)] MinuteRangeSurrogate[] Observed,
    [property: Id(3)] WatchModeSurrogate Mode);

[GenerateSerializer(IncludePrimaryConstructorParameters = false), Alias("region-reading")]
internal record struct RegionReadingSurrogate(
    [property: Id(0)] string Region, [property: Id(1)] int From, [property: Id(2)] byte Level, [property: Id(3)] EvidenceSurrogate Evidence,
    [property: Id(4)] int Onset, [property: Id(5)] bool IsRaised, [property: Id(6)] int[] Reports, [property: Id(7)] int[] Reporters);
