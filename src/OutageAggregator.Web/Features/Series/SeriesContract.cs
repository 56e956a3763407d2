using System.Collections.Immutable;
using System.Text.Json.Serialization;
using OutageAggregator.Core.Incidents;
using OutageAggregator.Core.Reports;
using OutageAggregator.Runtime.Reading;
using OutageAggregator.Web.Answers;

namespace OutageAggregator.Web.Features.Series;

/// <summary>A chart's data.</summary>
internal sealed record SeriesAnswer(
    string Service,
    string Region,
    string Step,
    DateTimeOffset From,
    DateTimeOffset To,
    string? Problem,
    string? Surface,
    string Detector,
    ImmutableArray<PointAnswer> Points,
    ImmutableArray<IncidentMark> Incidents,
    ImmutableArray<StatementMark> Statements)
{
    internal static SeriesAnswer Of(Runtime.Reading.Series series)
    {
        var query = series.Query;
        return new SeriesAnswer(
            query.Service.Slug.ToString(),
            query.Region.ToString(),
            SeriesSteps.Code(query.StepMinutes),
            query.From.Start,
            query.To.Start,
            query.Filter.Problem is { } problem ? Core.Reports.ReportCodes.Code(problem) : null,
            query.Filter.Surface is { } surface ? Core.Reports.ReportCodes.Code(surface) : null,
            series.Detector,
            [.. series.Points.Select(PointAnswer.Of)],
            [.. series.Incidents.Select(IncidentMark.Of)],
            Statements: []);
    }
}

/// <summary>One span; <c>t</c> is its first instant.</summary>
internal readonly record struct PointAnswer(
    DateTimeOffset T, int Reports, int Back, int Late, int Reporters, double? Expected, int? Upper, string Verdict)
{
    internal static PointAnswer Of(SeriesSpan span) => new(
        span.Start.Start,
        span.Counts.Reports,
        span.Counts.Back,
        span.Counts.Late,
        span.Counts.Reporters,
        span.Expected is { } expected ? Rounded.Expected(expected) : null,
        span.Upper,
        span.Verdict.Code());
}

/// <summary>An incident as a chart marks it; its address has the rest.</summary>
internal sealed record IncidentMark(
    string Id,
    string State,
    DateTimeOffset StartedAt,
    DateTimeOffset DetectedAt,
    DateTimeOffset? EndedAt,
    DateTimeOffset? ResolvedAt,
    double Severity,
    ImmutableArray<PhaseMark> Phases)
{
    internal static IncidentMark Of(Incident incident) => new(
        incident.Id.ToString(),
        incident.State.Code(),
        incident.StartedAt.Start,
        incident.DetectedAt,
        incident.EndedAt?.Start,
        incident.ResolvedAt,
        incident.Severity,
        [.. incident.Phases.Select(p => new PhaseMark(p.Kind.Code(), p.From.Start, p.To?.Start))]);
}

/// <summary>[from, to); to is null while the phase lasts.</summary>
internal readonly record struct PhaseMark(string Kind, DateTimeOffset From, DateTimeOffset? To);

/// <summary>When the provider said something.</summary>
internal sealed record StatementMark(DateTimeOffset At, string State, string Text, string? Url);

[JsonSerializable(typeof(SeriesAnswer))]
internal sealed partial class SeriesJson : JsonSerializerContext
{
    internal static SeriesJson Written { get; } = new(AnswerJson.Options());
}
