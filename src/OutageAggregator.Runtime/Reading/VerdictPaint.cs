using OutageAggregator.Core.Incidents;
using OutageAggregator.Core.Windows;

namespace OutageAggregator.Runtime.Reading;

/// <summary>
/// Paints the spans of a series with what the incident log says of their minutes; a span shows the worst of its minutes.
/// <code>
///   phase        onset  peak  recovery  end  recurrence  ...
///   painted as   outage outage elevated  normal outage
/// </code>
/// A phase lasts until the next one begins, the last one until the incident's end (or now), so phases with holes between
/// them leave none in the picture. Stretches that were elevated without an incident are elevated.
/// </summary>
internal sealed class VerdictPaint(Minute from, int step, int length)
{
    private readonly PointVerdict[] _verdicts = new PointVerdict[length];

    public int Length => _verdicts.Length;

    public PointVerdict this[int index] => _verdicts[index];

    public void Paint(Incident incident, Minute now)
    {
        var end = incident.EndedAt ?? now;
        var start = incident.StartedAt;
        var verdict = PointVerdict.Outage;
        foreach (var phase in incident.Phases)
        {
            Paint(start, phase.From, verdict);
            start = phase.From;
            verdict = phase.Kind switch
            {
                PhaseKind.Recovery => PointVerdict.Elevated,
                PhaseKind.End => PointVerdict.Normal,
                _ => PointVerdict.Outage,
            };
        }
        Paint(start, end, verdict);
    }

    public void Paint(ElevatedStretch stretch, Minute now) => Paint(stretch.From, stretch.To ?? now, PointVerdict.Elevated);

    private void Paint(Minute start, Minute end, PointVerdict verdict)
    {
        var first = Math.Max(0, (start.FloorTo(step) - from) / step);
        var last = Math.Min(_verdicts.Length - 1, (end - 1 - from) / step);
        if (end <= start || end <= from)
            return;
        for (var i = first; i <= last; i++)
            _verdicts[i] = (PointVerdict)Math.Max((byte)_verdicts[i], (byte)verdict);
    }
}
