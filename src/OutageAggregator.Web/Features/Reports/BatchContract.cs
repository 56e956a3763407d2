namespace OutageAggregator.Web.Features.Reports;

/// <summary>A line of a batch. Unknown fields are refused.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed class BatchLineInput : ReportInput
{
    /// <summary>Your own opaque id of the user; it is keyed and hashed on arrival.</summary>
    [MinLength(1), MaxLength(128), JsonPropertyOrder(1)]
    public required string Reporter { get; init; }
}

/// <summary>A receipt for each line, in order.</summary>
/// <param name="ReceivedAt">When the batch first came.</param>
public sealed record BatchAnswer(DateTimeOffset ReceivedAt, int Counted, int NotCounted, int Refused, ImmutableArray<LineReceipt> Receipts);

/// <summary>What became of a line: the receipt of its report, or the problem why it is refused.</summary>
/// <param name="Line">Counted from 1.</param>
/// <param name="Id">Null for a duplicate: nothing was stored.</param>
/// <param name="ReceivedAt">When its report was stored.</param>
/// <param name="Reason">Only where it was not counted.</param>
/// <param name="Until">Only of a duplicate or late report: from when on its reporter counts again.</param>
/// <param name="Provisional">
/// Only, and true, where the report is durable while the store is away: whether it counts, or is a second one of its reporter, is decided
/// when the store has it.
/// </param>
/// <param name="Withdraw">Address that takes it back, for a day.</param>
/// <param name="Problem">Only of a refused line, which has no report: why.</param>
public sealed record LineReceipt(
    int Line, [property: Optional] string? Id, [property: Optional] string Service, [property: Optional] Region Region,
    [property: Optional] DateTimeOffset ReceivedAt, bool Counted,
    [property: Optional, AllowedValues("duplicate", "late", "challenge-required", "set-aside", "refused")] string Reason,
    [property: Optional] DateTimeOffset Until, [property: Optional] bool Provisional, [property: Optional] string? Withdraw,
    [property: Optional] ProblemDocument Problem);
