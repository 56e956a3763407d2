using OutageAggregator.Runtime;
using OutageAggregator.Runtime.Intake;
using OutageAggregator.Storage;
using OutageAggregator.Storage.Redis;

namespace OutageAggregator.Cluster;

/// <summary>
/// Says whether this node may join. Nodes with different reporter keys would each count the same person, and refuse the others' withdrawals.
/// </summary>
internal sealed class Membership(RedisAgreement agreement, ReporterKey key, Readiness readiness)
{
    private const string ReporterKeyName = "reporter-key";
    private const string DataName = "data";

    private string? _data;

    /// <summary>
    /// True where Redis does not know the cluster any more that this node joined: it came back empty. Orleans' table of members is gone with it, and nobody
    /// who is lost from then on could be given up. Another node may have begun anew meanwhile.
    /// </summary>
    /// <exception cref="StoreUnavailableException">Redis can't be asked now.</exception>
    public async Task<bool> IsForgottenAsync(CancellationToken cancellation) => await agreement.RecallAsync(DataName, cancellation) != _data;

    /// <summary>Why this node must not join now, in a sentence; null where it may.</summary>
    public async Task<string?> WhyNotAsync(CancellationToken cancellation)
    {
        try
        {
            if (await agreement.AgreeAsync(ReporterKeyName, key.Fingerprint, cancellation) is { } first && first != key.Fingerprint)
            {
                var reason = $"its reporter key ({key.Fingerprint}) is not the cluster's ({first}); give all nodes the same {ReporterKey.FileName} (Cluster:Secrets)";
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
}
