using System.Text.Json;
using OutageAggregator.Core.Reports;
using OutageAggregator.Runtime.Reading;
using OutageAggregator.Web.Http;

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
            kept = new Kept(situation, JsonBody.ToBytes(json => Write(json, situation)).ToArray());
            Volatile.Write(ref place, kept);
        }
        return kept.Bytes;
    }

    private static void Write(Utf8JsonWriter json, Situation situation)
    {
        json.WriteStartObject();
        json.WriteString("status"u8, situation.Status.Code());
        WritePulse(json, situation.World);
        json.WriteStartObject("region"u8);
        json.WriteString("code"u8, situation.Region.ToString());
        json.WriteString("label"u8, situation.Region.Name);
        WritePulse(json, situation.Local);
        json.WriteEndObject();
        json.WriteStartArray("surfaces"u8);
        foreach (var surface in situation.Surfaces)
        {
            json.WriteStartObject();
            json.WriteString("code"u8, surface.Surface.Code());
            json.WriteNumber("reports15m"u8, surface.Reports15m);
            json.WriteNumber("share"u8, Math.Round(surface.Share, 3));
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteString("sentence"u8, situation.Sentence);
        json.WriteEndObject();
    }

    private static void WritePulse(Utf8JsonWriter json, Pulse pulse)
    {
        json.WriteNumber("reports15m"u8, pulse.Reports15m);
        WriteRounded(json, "expected15m"u8, pulse.Expected15m);
        WriteRounded(json, "ratio"u8, pulse.Ratio);
    }

    private static void WriteRounded(Utf8JsonWriter json, ReadOnlySpan<byte> name, double? value)
    {
        if (value is { } known)
            json.WriteNumber(name, Math.Round(known, 2));
        else
            json.WriteNull(name);
    }

    private sealed record Kept(Situation Situation, byte[] Bytes);
}
