namespace OutageAggregator.Runtime.Reading;

/// <summary>
/// Paints the spans of a series with what the incident log says of their minutes; a span shows the worst of its minutes.
/// <code>
///   phase        onset   peak    recovery  recurrence  recovery  end
///   painted as   outage  outage  elevated  outage      elevated  normal
/// </code>
/// Between the end of a recovery and a recurrence hours later the service was normal. An incident without phases is an outage
/// from its onset to its end. Stretches that were elevated without an incident are elevated.
/// </summary>
internal sealed class VerdictPaint(Minute from, int step, int length)
{
    public PointVerdict[] Verdicts { get; } = new PointVerdict[length];

    public void Paint(Incident incident, Minute now)
    {
        var end = incident.EndedAt ?? now;
        if (incident.Phases.IsDefaultOrEmpty)
            Paint(incident.StartedAt, end, PointVerdict.Outage);
        foreach (var phase in incident.Phases)
            Paint(phase.From, phase.To ?? end, VerdictOf(phase.Kind));
    }

    public void Paint(ElevatedStretch stretch, Minute now) => Paint(stretch.From, stretch.To ?? now, PointVerdict.Elevated);

    private static PointVerdict VerdictOf(PhaseKind phase) => phase switch
    {
        PhaseKind.Recovery => PointVerdict.Elevated,
        PhaseKind.End => PointVerdict.Normal,
        _ => PointVerdict.Outage,
    };

    private void Paint(Minute start, Minute end, PointVerdict verdict)
    {
        var first = Math.Max(0, (start.FloorTo(step) - from) / step);
        var last = Math.Min(length - 1, (end - 1 - from) / step);
        if (end <= start || end <= from)
            return;
        for (var i = first; i <= last; i++)
            Verdicts[i] = (PointVerdict)Math.Max((byte)Verdicts[i], (byte)verdict);
    }
}
