namespace OutageAggregator.Core.Reports;

/// <summary>
/// Identifies one batch; appending the same batch twice within a day counts it once. Any 128 bits do, but those of <see cref="Of"/> are
/// cheaper: they begin with the time, so they are neighbours in a store's index, and end with a hash of the service, so a report's id leads
/// to its service.
/// <code>
///   1 | milliseconds since 1970, 47 bits | anything, 48 bits | hash of the service, 32 bits
/// </code>
/// Ids that begin with 0 tell no service; earlier versions made such ones.
/// </summary>
public readonly record struct BatchId(UInt128 Value)
{
    private static readonly UInt128 s_namesService = UInt128.One << 127;

    /// <summary>The hash of the service, or null where the id tells none.</summary>
    public uint? ServiceHash => Value >= s_namesService ? (uint)Value : null;

    /// <summary>An id that leads to its service.</summary>
    /// <param name="at">When the batch came.</param>
    /// <param name="bits">What tells it from others of that millisecond; the low 48 bits count.</param>
    /// <param name="service">The service.</param>
    public static BatchId Of(DateTimeOffset at, ulong bits, ServiceSlug service) => new(
        s_namesService | ((UInt128)(ulong)at.ToUnixTimeMilliseconds() << 80) | ((UInt128)(bits & 0xFFFF_FFFF_FFFF) << 32) | HashOf(service));

    /// <summary>FNV-1a of a slug. Ids that are about hold it: it never changes.</summary>
    public static uint HashOf(ServiceSlug service)
    {
        var hash = 2_166_136_261;
        foreach (var character in service.ToString())
            hash = unchecked((hash ^ character) * 16_777_619);
        return hash;
    }

    /// <summary>When the batch came, to the millisecond, as its id tells; of ids that tell nothing of it some instant.</summary>
    public DateTimeOffset At => DateTimeOffset.FromUnixTimeMilliseconds(
        Math.Min((long)((Value & ~s_namesService) >> 80), DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()));

    /// <summary>False where the id tells that the batch is of another service.</summary>
    public bool MayBeOf(ServiceSlug service) => ServiceHash is not { } hash || hash == HashOf(service);

    // As two ulongs: UInt128 is formatted much more slowly.
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{(ulong)(Value >> 64):x16}{(ulong)Value:x16}");

    public static bool TryParse([NotNullWhen(true)] string? text, out BatchId id)
    {
        text = text is { Length: 32 } ? text : "";
        var isId = UInt128.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value);
        id = new BatchId(value);
        return isId;
    }
}

/// <summary>Identifies one report: its batch and its place in it. Text form <c>{32 hex digits}-{index}</c>.</summary>
public readonly record struct ReportId(BatchId Batch, int Index)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Batch}-{Index}");

    public static bool TryParse([NotNullWhen(true)] string? text, out ReportId id)
    {
        (var batch, var index) = (default(BatchId), 0);
        var isId = text?.Split('-', 3) is [var first, var second] && BatchId.TryParse(first, out batch)
            && int.TryParse(second, NumberStyles.None, CultureInfo.InvariantCulture, out index) && index < ReportBatch.MaxReports;
        id = isId ? new ReportId(batch, index) : default;
        return isId;
    }
}

/// <summary>Who reported: 128 bits of a keyed hash. Never an address, and without the key nothing leads back to one.</summary>
public readonly record struct Reporter(ulong High, ulong Low)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{High:x16}{Low:x16}");
}

/// <summary>What a reporter added in words: kept for the operator, never published.</summary>
/// <param name="Comment">At most 280 characters, or null.</param>
/// <param name="WentTo">The service the reporter went to instead, or null.</param>
/// <param name="WentToWorked">Whether it worked there, or null.</param>
public sealed record Remark(string? Comment, ServiceSlug? WentTo, bool? WentToWorked = null)
{
    /// <summary>One with these words; null where nothing is said.</summary>
    public static Remark? Of(string? comment, ServiceSlug? wentTo, bool? worked) =>
        comment is null && wentTo is null && worked is null ? null : new Remark(comment, wentTo, worked);
}

/// <summary>One press, admitted and ready to be counted.</summary>
/// <param name="Reporter">Who.</param>
/// <param name="Cell">What: problem, surface, down or back, late or not.</param>
/// <param name="At">The minute it speaks of.</param>
/// <param name="Remark">Words that came with it, if any.</param>
public readonly record struct Report(Reporter Reporter, ReportCell Cell, Minute At, Remark? Remark = null);

/// <summary>
/// The reports of one watch (service and region) that arrived within a few milliseconds: the unit that is stored, retried and counted once.
/// </summary>
/// <exception cref="ArgumentException">No report, too many, or a region that is a sum (<c>world</c>).</exception>
public sealed class ReportBatch(BatchId id, WatchKey key, DateTimeOffset receivedAt, IReadOnlyList<Report> reports)
{
    /// <summary>The most reports in one batch.</summary>
    public const int MaxReports = 4096;

    public BatchId Id => id;

    public WatchKey Key { get; } = key.Region != Region.World
        ? key
        : throw new ArgumentException("'world' is the sum of the regions; reports are counted in one region.", nameof(key));

    /// <summary>
    /// When the server took the batch; the 30 minutes of "one report per reporter" run from here. It is the present instant also where the
    /// batch is handed in again because it was perhaps not stored: stores take it for their now. A report's own minute may be older.
    /// </summary>
    public DateTimeOffset ReceivedAt => receivedAt;

    public IReadOnlyList<Report> Reports { get; } = reports.Count is > 0 and <= MaxReports
        ? reports
        : throw new ArgumentException($"A batch holds 1 to {MaxReports} reports, not {reports.Count}.", nameof(reports));
}

/// <summary>What became of one report.</summary>
public enum ReportOutcome : byte
{
    /// <summary>Counted, and durable.</summary>
    Counted = 0,

    /// <summary>Durable and drawn on charts as late; it triggers nothing.</summary>
    Late = 1,

    /// <summary>This reporter was counted for this service and kind less than 30 minutes ago; nothing was stored.</summary>
    Duplicate = 2,
}

/// <summary>The answer to one report.</summary>
/// <param name="Outcome">What became of it.</param>
/// <param name="Until">From when on the same reporter counts again for this service (and kind).</param>
public readonly record struct Receipt(ReportOutcome Outcome, DateTimeOffset Until);

/// <summary>A store's answer to a batch.</summary>
/// <param name="Receipts">One per report, in order.</param>
/// <param name="IsRepeat">The batch had been stored before: the receipts are those of the first time, nothing was counted now.</param>
/// <param name="ReceivedAt">When the stored batch was received, to the millisecond: what the receipts count from, also in a repeat.</param>
public sealed record BatchReceipt(IReadOnlyList<Receipt> Receipts, bool IsRepeat, DateTimeOffset ReceivedAt)
{
    /// <summary>
    /// True where the batch is durable, but not with the store yet: whether each report counts, or is its reporter's second, is decided
    /// when it gets there. The receipts are what they will be unless it is.
    /// </summary>
    public bool IsProvisional { get; init; }
}

/// <summary>The rules of counting that every store shares.</summary>
public static class ReportRules
{
    /// <summary>One report per reporter, service and kind within this time.</summary>
    public static readonly TimeSpan OncePer = TimeSpan.FromMinutes(30);

    /// <summary>An event older than this when told is late.</summary>
    public static readonly TimeSpan LateAfter = TimeSpan.FromMinutes(5);

    /// <summary>An event older than this is refused.</summary>
    public static readonly TimeSpan TooOldAfter = TimeSpan.FromHours(24);

    /// <summary>So long after a report more can be told of it: as long as its reporter can't make another one.</summary>
    public static readonly TimeSpan DetailsWithin = OncePer;

    /// <summary>An event further ahead of the server's clock than this is refused.</summary>
    public static readonly TimeSpan TooEarlyBefore = TimeSpan.FromMinutes(2);
}
