using System.Text.Json;
using OutageAggregator.Runtime.Reading;

namespace OutageAggregator.Web.Features.Reports;

/// <summary>
/// A situation as JSON. A crowd that reports at once gets the same situation for about a second (its reader keeps it), so its bytes are
/// kept as well, in a fixed number of places found by the object's identity: a new situation is another object and finds no old bytes.
/// </summary>
internal sealed class SituationJson
{
    private const int Places = 1024;

    private readonly Kept?[] _kept = new Kept?[Places];

    internal ReadOnlySpan<byte> Of(Situation situation)
    {
        ref var place = ref _kept[System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(situation) & (Places - 1)];
        var kept = Volatile.Read(ref place);
        if (kept is null || !ReferenceEquals(kept.Situation, situation))
        {
            kept = new Kept(
                situation, JsonSerializer.SerializeToUtf8Bytes(SituationAnswer.Of(situation), ReportContractJson.Written.SituationAnswer));
            Volatile.Write(ref place, kept);
        }
        return kept.Bytes;
    }

    private sealed record Kept(Situation Situation, byte[] Bytes);
}
