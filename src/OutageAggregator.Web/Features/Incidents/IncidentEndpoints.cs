using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using OutageAggregator.Core.Incidents;
using OutageAggregator.Core.Series;
using OutageAggregator.Core.Services;
using OutageAggregator.Runtime.Reading;
using OutageAggregator.Storage;
using OutageAggregator.Web.Answers;
using OutageAggregator.Web.Caching;
using OutageAggregator.Web.Http;
using OutageAggregator.Web.Problems;

namespace OutageAggregator.Web.Features.Incidents;

/// <summary><c>GET /api/v1/incidents</c>: the latest onset first. <c>GET /api/v1/incidents/{id}</c>: one of them.</summary>
internal static class IncidentEndpoints
{
    private static readonly Parameter<string> s_service = Parameter.Text("service", "Slug of a service.", example: "chatgpt");

    private static readonly Parameter<Region> s_region =
        Parameter.Region("region", "Only incidents that name this region as in outage; `world` means any.");

    private static readonly Parameter<int> s_state = Parameter.Code("state", Codes.States);
    private static readonly Parameter<DateTimeOffset> s_from = Parameter.Time("from", "Not over before this instant.");
    private static readonly Parameter<DateTimeOffset> s_to = Parameter.Time("to", "Started before this instant.");
    private static readonly Parameter<int> s_limit = Parameter.Number("limit", 1, 100, 20);

    internal static void MapIncidents(this IEndpointRouteBuilder app)
    {
        _ = app.MapRead("/api/v1/incidents", ListAsync)
            .Describe("listIncidents", Tags.Reading, "Incidents, the latest onset first")
            .Takes(s_service, s_region, s_state, s_from, s_to, Cursor.Parameter, s_limit)
            .RefusesAsUsual(ProblemTypes.UnknownService);
        _ = app.MapRead("/api/v1/incidents/{id}", ReadAsync)
            .Describe("getIncident", Tags.Reading, "One incident, as it stands now")
            .Takes(IncidentAnswer.IdInPath)
            .RefusesAsUsual(ProblemTypes.NotFound);
    }

    private static async Task<Results<Fresh<IncidentListAnswer>, ProblemAnswer>> ListAsync(
        HttpContext context, Catalog catalog, IncidentReader reader, FreshAnswers answers, ServerNotice notice)
    {
        var parameters = new QueryReader(context);
        var slug = parameters.Read(s_service);
        var region = parameters.Read(s_region);
        var state = parameters.Read(s_state);
        var from = parameters.Start(s_from);
        var to = parameters.End(s_to);
        var limit = parameters.Number(s_limit);
        if (from >= to)
            parameters.Errors.Add(s_to.Name, "Must be later than 'from'; the stretch is [from, to).");
        var filters = string.Create(CultureInfo.InvariantCulture, $"{slug}/{region}/{state}/{from?.Number}/{to?.Number}");
        IncidentPlace? after = null;
        if (parameters.Read(Cursor.Parameter) is { } cursor)
        {
            after = Cursor.TryRead(cursor, filters, out var text) ? Place(text) : null;
            if (after is null)
                parameters.Errors.Add(Cursor.Parameter.Name, Cursor.Complaint);
        }
        Service? service = null;
        if (!parameters.IsGood(out var complaint) || (slug is not null && !ServiceLookup.TryFind(catalog, slug, out service, out complaint)))
            return complaint;

        var asked = new IncidentQuery(service?.Slug, region == Region.World ? null : region, (IncidentState?)state, from, to, after, limit + 1);
        return (await answers.KnownAsync<IncidentListAnswer>(
            string.Create(CultureInfo.InvariantCulture, $"incidents?{service?.Slug}/{filters}/{after}/{limit}"),
            async () =>
            {
                var found = await reader.FindAsync(asked, context.RequestAborted);
                var next = found.Length > limit ? Cursor.Make(filters, PlaceOf(found[limit - 1].Incident)) : null;
                return Rendered.Json(new IncidentListAnswer([.. found.Take(limit).Select(i => IncidentAnswer.Of(i, notice))], next), IncidentJson.Written.IncidentListAnswer);
            },
            context))!;
    }

    private static async Task<Results<Fresh<IncidentAnswer>, ProblemAnswer>> ReadAsync(
        string id, HttpContext context, IncidentReader reader, FreshAnswers answers, ServerNotice notice)
    {
        if (!new QueryReader(context).IsGood(out var complaint))
            return complaint;
        if (IncidentId.TryParse(id, out var incidentId) && await KnownAsync(incidentId, context, reader, answers, notice) is { } answer)
            return answer;
        return new ProblemAnswer(ProblemTypes.NotFound, "There is no such incident; ids look like chatgpt-7, and GET /api/v1/incidents lists them.");
    }

    private static ValueTask<Fresh<IncidentAnswer>?> KnownAsync(IncidentId id, HttpContext context, IncidentReader reader, FreshAnswers answers, ServerNotice notice) =>
        answers.KnownAsync(
            $"incidents/{id}",
            async () => await reader.ReadAsync(id, context.RequestAborted) is { } view
                ? Rendered.Json(IncidentAnswer.Of(view, notice), IncidentJson.Written.IncidentAnswer)
                : null,
            context);

    private static string PlaceOf(Incident last) =>
        string.Create(CultureInfo.InvariantCulture, $"{last.StartedAt.Number}@{last.Id}");

    private static IncidentPlace? Place(string text)
    {
        var at = text.IndexOf('@', StringComparison.Ordinal);
        return at > 0 && int.TryParse(text.AsSpan(0, at), NumberStyles.None, CultureInfo.InvariantCulture, out var minute)
            && IncidentId.TryParse(text[(at + 1)..], out var id)
            ? new IncidentPlace(new Minute(minute), id)
            : null;
    }
}

/// <summary>A page of incidents.</summary>
/// <param name="Next">Cursor of the next page; null on the last one.</param>
public sealed record IncidentListAnswer(ImmutableArray<IncidentAnswer> Items, string? Next);

[JsonSerializable(typeof(IncidentListAnswer))]
[JsonSerializable(typeof(IncidentAnswer))]
internal sealed partial class IncidentJson : JsonSerializerContext
{
    internal static IncidentJson Written { get; } = new(AnswerJson.Options());
}
