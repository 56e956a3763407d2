using OutageAggregator.Core.Windows;
using OutageAggregator.Redis;
using OutageAggregator.Runtime;
using OutageAggregator.Runtime.Intake;

namespace OutageAggregator.Cluster;

/// <summary>
/// Says whether this node may join. Nodes with different reporter keys would each count the same person, and refuse the others' withdrawals.
/// </summary>
internal sealed class Membership(RedisAgreement agreement, ReporterKey key, Readiness readiness)
{
    /// <summary>Why this node must not join now, in a sentence; null where it may.</summary>
    public async Task<string?> WhyNotAsync(CancellationToken cancellation)
    {
        try
        {
            if (await agreement.AgreeAsync("reporter-key", key.Fingerprint, cancellation) is { } first && first != key.Fingerprint)
            {
                var reason = $"its reporter key ({key.Fingerprint}) is not the cluster's ({first}); give all nodes the same {ReporterKey.FileName} (Cluster:Secrets)";
                readiness.Missing(ReadyPart.Node, reason);
                return reason;
            }
            return null;
        }
        catch (StoreUnavailableException e)
        {
            return e.Message;
        }
    }
}
