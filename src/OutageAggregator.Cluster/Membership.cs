using OutageAggregator.Runtime.Reading;
using OutageAggregator.Storage.Redis;

namespace OutageAggregator.Cluster;

/// <summary>
/// Says whether this node may join. Nodes with different reporter keys would each count the same person, and refuse the others'
/// withdrawals; nodes with different clocks would count one report in two minutes; and made-up reports are never mixed with real ones.
/// </summary>
internal sealed class Membership(RedisAgreement agreement, ReporterKey key, TimeProvider clock, Readiness readiness, ServerNotice? notice = null)
{
    private const string DataName = "data";

    private string? _data;

    /// <summary>
    /// True where Redis does not know the cluster any more that this node joined: it came back empty. Orleans' table of members is gone
    /// with it, and nobody who is lost from then on could be given up. Another node may have begun anew meanwhile.
    /// </summary>
    /// <exception cref="StoreUnavailableException">Redis can't be asked now.</exception>
    public async Task<bool> IsForgottenAsync(CancellationToken cancellation) => await agreement.RecallAsync(DataName, cancellation) != _data;

    /// <summary>Why this node must not join now, in a sentence; null where it may.</summary>
    public async Task<string?> WhyNotAsync(CancellationToken cancellation)
    {
        try
        {
            if (await DifferenceAsync(cancellation) is { } reason)
            {
                readiness.Missing(ReadyPart.Node, reason);
                return reason;
            }
            _data = await agreement.AgreeAsync(DataName, Guid.NewGuid().ToString("N"), cancellation);
            // It may have waited with another key, which was the cluster's no more.
            readiness.Ready(ReadyPart.Node);
            return null;
        }
        catch (StoreUnavailableException e)
        {
            return e.Message;
        }
    }

    private async Task<string?> DifferenceAsync(CancellationToken cancellation)
    {
        if (await OtherAsync(RedisAgreement.Reports, notice is { Demo: true } ? RedisAgreement.MadeUpReports : RedisAgreement.RealReports) is { } reports)
            return $"the reports in this Redis are {reports}, and its own are not; give it another Redis:Prefix, or {(reports == RedisAgreement.RealReports ? "leave --demo out" : "--demo")}";
        if (await OtherAsync(RedisAgreement.Clock, clock is SimulatedClock ? clock.ToString()! : RedisAgreement.MachineClock) is { } other)
            return $"its clock is not the cluster's ({other}); {(other == RedisAgreement.MachineClock ? "leave Clock out" : $"set Clock to {other}")}, or give it another Redis:Prefix";
        if (await OtherAsync(RedisAgreement.ReporterKey, key.Fingerprint) is { } first)
            return $"its reporter key ({key.Fingerprint}) is not the cluster's ({first}); give all nodes the same {ReporterKey.FileName} (Cluster:Secrets)";
        return null;

        async Task<string?> OtherAsync(string name, string value) =>
            await agreement.AgreeAsync(name, value, cancellation) is var agreed && agreed != value ? agreed : null;
    }
}
