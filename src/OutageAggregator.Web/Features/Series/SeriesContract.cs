namespace OutageAggregator.Web.Features.Series;

/// <summary>A chart's data, every point of it in order.</summary>
/// <param name="From">As it was read.</param>
/// <param name="To">As it was read; not included.</param>
/// <param name="Detector">Stable name of the detector that judges the service.</param>
/// <param name="Points">At most 2,000.</param>
public sealed record SeriesAnswer(
    string Service, Region Region, string Step, DateTimeOffset From, DateTimeOffset To, Problem? Problem, Surface? Surface, string Detector,
    ImmutableArray<PointAnswer> Points, ImmutableArray<IncidentMark> Incidents, ImmutableArray<StatementAnswer> Statements)
{
    internal static SeriesAnswer Of(Runtime.Reading.Series series)
    {
        var query = series.Query;
        return new SeriesAnswer(
            query.Service.Slug.ToString(), query.Region, SeriesSteps.Code(query.StepMinutes), query.From.Start, query.To.Start,
            query.Filter.Problem, query.Filter.Surface, series.Detector, [.. series.Points.Select(PointAnswer.Of)],
            [.. series.Incidents.Select(IncidentMark.Of)], Statements: []);
    }
}

/// <summary>One span of a series.</summary>
/// <param name="T">First instant of the span.</param>
/// <param name="Reports">"It's down", told in time.</param>
/// <param name="Back">"Back for me".</param>
/// <param name="Late">Told more than 5 minutes after; never triggers.</param>
/// <param name="Reporters">Distinct reporters of each minute, added up: who reports again after 30 minutes counts again.</param>
/// <param name="Expected">
/// Reports usual in the observed minutes of the span, from what had been learnt at the end of the stretch; null in a gap, in a series of
/// one problem or surface, and while nothing has been learnt.
/// </param>
/// <param name="Upper">The most that chance makes plausible: passed once in 10,000 such spans. Null as <c>expected</c>.</param>
/// <param name="Verdict">
/// What was said of the worst minute of the span: <c>outage</c> from the onset of an incident to its recovery, <c>elevated</c> in recovery
/// and where the service was elevated without an incident, <c>gap</c> where nobody watched, or counts are not kept so long in steps of
/// this length: its zero says nothing.
/// </param>
public readonly record struct PointAnswer(
    DateTimeOffset T, int Reports, int Back, int Late, int Reporters, double? Expected, int? Upper, PointVerdict Verdict)
{
    internal static PointAnswer Of(SeriesSpan span) => new(
        span.Start.Start, span.Counts.Reports, span.Counts.Back, span.Counts.Late, span.Counts.Reporters, Rounded.Of(span.Expected),
        span.Upper, span.Verdict);
}

/// <summary>An incident that touches the stretch; its address has the rest.</summary>
public sealed record IncidentMark(
    string Id, IncidentState State, DateTimeOffset StartedAt, DateTimeOffset DetectedAt, DateTimeOffset? EndedAt,
    DateTimeOffset? ResolvedAt, double Severity, ImmutableArray<PhaseAnswer> Phases)
{
    internal static IncidentMark Of(Incident incident) => new(
        incident.Id.ToString(), incident.State, incident.StartedAt.Start, incident.DetectedAt, incident.EndedAt?.Start,
        incident.ResolvedAt, incident.Severity, PhaseAnswer.Of(incident));
}

/// <summary>The codes of <see cref="SeriesReader.Steps"/>, in their order.</summary>
internal static class SeriesSteps
{
    internal static readonly string[] Codes = ["1m", "5m", "15m", "30m", "1h", "1d"];
    internal static string Code(int minutes) => Codes[SeriesReader.Steps.IndexOf(minutes)];
}

/// <summary>
/// The points of a series as RFC 4180: a header line, CRLF, the columns and names of the JSON. Every field is a number, a time or one of
/// our own codes, so nothing needs quotes, nor can a spreadsheet take it for a formula.
/// </summary>
internal static class SeriesCsv
{
    internal const string Header = "t,reports,back,late,reporters,expected,upper,verdict";

    internal static byte[] Of(Runtime.Reading.Series series)
    {
        var text = new StringBuilder(Header, 64 * (series.Points.Length + 1)).Append("\r\n");
        foreach (var span in series.Points)
        {
            var point = PointAnswer.Of(span);
            _ = text.Append(CultureInfo.InvariantCulture,
                $"{Times.Text(point.T)},{point.Reports},{point.Back},{point.Late},{point.Reporters},{point.Expected},{point.Upper},{point.Verdict.Code()}\r\n");
        }
        return Encoding.UTF8.GetBytes(text.ToString());
    }
}
