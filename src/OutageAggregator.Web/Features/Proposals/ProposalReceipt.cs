namespace OutageAggregator.Web.Features.Proposals;

/// <summary>
/// Where a person is sent after the plain form: the form's own page, which says what became of it. It names nothing itself: the name is
/// read from the store, and the token proves that we gave the address out, so nobody can link to a page of ours that says what he likes.
/// <code>
///   /propose?named={id}&amp;at={milliseconds}&amp;token={token}[&amp;reason=duplicate|too-many-names|full]
/// </code>
/// <c>at</c> tells when the report that counts was counted: of a duplicate the one before it.
/// </summary>
internal static class ProposalReceipt
{
    private static readonly ImmutableArray<string> s_reasons = ["counted", "duplicate", "too-many-names", "full"];

    internal static string AddressOf(Naming naming, NamingReceipt receipt, ReporterKey key)
    {
        var isCounted = receipt.Outcome is NamingOutcome.Counted or NamingOutcome.Duplicate;
        var (id, at) = (naming.Proposed.Id, (isCounted ? receipt.Until - ReportRules.OncePer : naming.At).ToUnixTimeMilliseconds());
        var reason = ReasonOf(receipt.Outcome) is { } why ? $"&reason={why}" : "";
        return $"/propose?named={id}&at={at}&token={key.WithdrawToken(Sign(id, at, receipt.Outcome))}{reason}";
    }

    /// <summary>Null where it was counted.</summary>
    internal static string? ReasonOf(NamingOutcome outcome) => outcome == NamingOutcome.Counted ? null : s_reasons[(int)outcome];

    internal static (ProposalId Id, DateTimeOffset CountedAt, NamingOutcome Outcome)? Read(IQueryCollection query, ReporterKey key)
    {
        var reason = s_reasons.IndexOf(query["reason"].ToString() is { Length: > 0 } text ? text : s_reasons[0]);
        return reason >= 0 && ProposalId.TryParse(query["named"], out var id)
            && long.TryParse(query["at"], NumberStyles.None, CultureInfo.InvariantCulture, out var at)
            && key.IsWithdrawToken(Sign(id, at, (NamingOutcome)reason), query["token"].ToString())
            ? (id, DateTimeOffset.FromUnixTimeMilliseconds(at), (NamingOutcome)reason)
            : null;
    }

    // No batch has such an id: those begin with a time of this century, and with 1 or 0 before it.
    private static ReportId Sign(ProposalId id, long at, NamingOutcome outcome) =>
        new(new BatchId(new UInt128((ulong)at << 1, id.Value)), ReportBatch.MaxReports + (int)outcome);
}
