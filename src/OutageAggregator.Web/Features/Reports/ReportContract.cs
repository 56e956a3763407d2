using System.ComponentModel;

namespace OutageAggregator.Web.Features.Reports;

/// <summary>
/// A report. Only `service` is needed, and only it, `kind` and `occurredAt` are refused where they are not understood: all else is left out
/// then, and `notes` of the receipt say so.
/// </summary>
/// <param name="Service">Slug, name or alias of a service or family.</param>
/// <param name="Region">
/// A code of ISO 3166-1, a name, or a time zone that means a country; left out, it is taken from a trusted proxy's country header or the
/// browser's time zone. Without either the report counts for no region (<c>ZZ</c>) and the world.
/// </param>
/// <param name="OccurredAt">
/// Now where left out. Over 5 minutes ago is shown as late and triggers nothing; over 24 hours ago or 2 minutes ahead is refused.
/// </param>
/// <param name="Comment">Cleaned, and cut after 280 characters; for the operator, never published.</param>
/// <param name="WentTo">The service you went to instead.</param>
/// <param name="WentToWorked">Whether it worked there.</param>
/// <param name="TimeZone">IANA time zone of the browser.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public record ReportInput(
    [property: JsonRequired, MaxLength(64)] string Service, [property: DefaultValue(Problem.Unavailable)] Problem Problem,
    [property: DefaultValue(Surface.Unknown)] Surface Surface, [property: MaxLength(64)] string? Region,
    [property: DefaultValue(ReportKind.Down)] ReportKind Kind, DateTimeOffset? OccurredAt, string? Comment,
    [property: MaxLength(64)] string? WentTo, bool? WentToWorked, [property: MaxLength(64)] string? TimeZone);

/// <summary>What is added to a report: at least one of them, each once. What was said before stays.</summary>
/// <param name="Region">Of a report that counts for no region (<c>ZZ</c>): where it is from.</param>
/// <param name="Comment">Cleaned, and cut after 280 characters; for the operator, never published.</param>
/// <param name="WentTo">The service you went to instead.</param>
/// <param name="WentToWorked">Whether it worked there.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record DetailsInput(
    Problem? Problem, Surface? Surface, [property: MaxLength(64)] string? Region, string? Comment, [property: MaxLength(64)] string? WentTo,
    bool? WentToWorked);

/// <summary>A report as it is counted now.</summary>
/// <param name="Added">The fields that are new in it.</param>
/// <param name="Until">Until when more can be added.</param>
/// <param name="Withdraw">Address that takes it back, for a day, and adds to it.</param>
/// <param name="Notes">Only where something was not understood, or was said before and stays.</param>
public sealed record DetailsAnswer(
    string Id, string Service, Region Region, ReportKind Kind, Problem Problem, Surface Surface, ImmutableArray<string> Added,
    DateTimeOffset Until, string Withdraw,
    [property: Optional, JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<Note>? Notes);

/// <summary>What became of a report.</summary>
/// <param name="Id">Null for a duplicate: nothing was stored.</param>
/// <param name="Reason">Only where it was not counted.</param>
/// <param name="Until">Only where it was not counted: from when on you count again.</param>
/// <param name="Provisional">
/// Only, and true, where the report is durable while the store is away: whether it counts, or is a second one of its reporter, is decided
/// when the store has it.
/// </param>
/// <param name="Withdraw">Address that takes it back, for a day, and with PATCH adds to it, for 30 minutes.</param>
/// <param name="Notes">Only where something was not understood or not taken: each such field, and what may be written.</param>
/// <param name="Situation">Null where nobody can say how the others are.</param>
public sealed record ReceiptAnswer(
    string? Id, string Service, Region Region, DateTimeOffset ReceivedAt, bool Counted,
    [property: Optional, AllowedValues("duplicate", "late", "challenge-required", "set-aside")] string Reason,
    [property: Optional] DateTimeOffset Until, [property: Optional] bool Provisional, string? Withdraw,
    [property: Optional] ImmutableArray<Note> Notes, SituationAnswer? Situation);

/// <summary>The answer to "is it just me?".</summary>
/// <param name="Status">Of a family the worst of its own and its members'.</param>
/// <param name="Expected15m">Null while there is not enough history.</param>
/// <param name="Ratio">Null where fewer than one is usual, and where that is not known.</param>
/// <param name="History">What had been seen when this was told.</param>
/// <param name="Recent">
/// The incident that is over for an hour at most; left out where there is none. Of a family that of its worst member where it has none itself.
/// </param>
/// <param name="Members">Only of a family: its services, the worst first. Their reports are not among the family's.</param>
/// <param name="Sentence">
/// English: is it just me? To "back for me" it says thanks. Times are in UTC, or in the <c>zone</c> of the address.
/// </param>
public sealed record SituationAnswer(
    ServiceStatus Status, int Reports15m, double? Expected15m, double? Ratio, RegionSituation Region,
    ImmutableArray<SurfacePart> Surfaces, HistoryAnswer History,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] RecentAnswer? Recent,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] ImmutableArray<MemberSituation>? Members, string Sentence)
{
    internal static SituationAnswer Of(Situation situation, ReportKind kind, English words) => new(
        situation.Worst, situation.World.Reports15m, Cents(situation.World.Expected15m), Cents(situation.World.Ratio),
        new RegionSituation(
            situation.Region, situation.Region.Name, situation.Local.Reports15m, Cents(situation.Local.Expected15m),
            Cents(situation.Local.Ratio)),
        [.. situation.Surfaces.Select(s => new SurfacePart(s.Of, s.Reports, Math.Round(s.Portion, 3)))],
        HistoryAnswer.Of(situation.History), situation.JustOver is { } recent ? RecentAnswer.Of(recent) : null,
        situation.Members.IsEmpty ? null : [.. situation.Members.Select(MemberSituation.Of)],
        kind == ReportKind.Back ? words.ThanksForBack(situation) : words.Situation(situation));

    private static double? Cents(double? value) => value is { } known ? Math.Round(known, 2) : null;
}

/// <summary>A service of the family that was asked about.</summary>
/// <param name="Expected15m">Null while there is not enough history.</param>
/// <param name="Recent">The incident that is over for an hour at most; left out where there is none.</param>
public readonly record struct MemberSituation(
    string Service, ServiceStatus Status, int Reports15m, double? Expected15m,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] RecentAnswer? Recent)
{
    internal static MemberSituation Of(ServiceSummary s) => new(
        s.Service.Slug.ToString(), s.Status, s.Pulse.Reports15m, s.Pulse.Expected15m is { } usual ? Math.Round(usual, 2) : null,
        s.Recent is { } recent ? RecentAnswer.Of(recent) : null);
}

/// <summary>The region that was asked about.</summary>
/// <param name="Expected15m">Null while there is not enough history.</param>
/// <param name="Ratio">Null where fewer than one is usual, and where that is not known.</param>
public sealed record RegionSituation(Region Code, string Label, int Reports15m, double? Expected15m, double? Ratio);

/// <summary>How many of the reports name a surface.</summary>
/// <param name="Share">Part of all reports, 0 to 1.</param>
public readonly record struct SurfacePart(Surface Code, int Reports15m, [property: Range(0d, 1)] double Share);

/// <summary>The fields of the form that takes a report back.</summary>
/// <param name="Token">Of the receipt's <c>withdraw</c>.</param>
/// <param name="Service">Slug of the service whose page is shown then.</param>
public sealed record WithdrawInput(string Token, [property: Optional] string Service);

/// <summary>A line of a batch: a report, and whose it is.</summary>
/// <param name="Report">What is told.</param>
/// <param name="Reporter">Your own opaque id of the user; it is keyed and hashed on arrival.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record BatchLineInput(
    [property: JsonIgnore] ReportInput Report,
    [property: JsonRequired, MinLength(1), MaxLength(128), JsonPropertyOrder(1)] string Reporter) : ReportInput(Report);

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
/// <param name="Withdraw">Address that takes it back, for a day, and with PATCH adds to it, for 30 minutes.</param>
/// <param name="Notes">Only where something was not understood: each such field, and what may be written.</param>
/// <param name="Problem">Only of a refused line, which has no report: why.</param>
public sealed record LineReceipt(
    int Line, [property: Optional] string? Id, [property: Optional] string Service, [property: Optional] Region Region,
    [property: Optional] DateTimeOffset ReceivedAt, bool Counted,
    [property: Optional, AllowedValues("duplicate", "late", "challenge-required", "set-aside", "refused")] string Reason,
    [property: Optional] DateTimeOffset Until, [property: Optional] bool Provisional, [property: Optional] string? Withdraw,
    [property: Optional] ImmutableArray<Note> Notes, [property: Optional] ProblemDocument Problem);
