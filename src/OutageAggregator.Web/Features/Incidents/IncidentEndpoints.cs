using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;
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
    internal const int DefaultLimit = 20;
    internal const int MaxLimit = 100;

    internal static void MapIncidents(this IEndpointRouteBuilder app)
    {
        _ = app.MapRead("/api/v1/incidents", ListAsync);
        _ = app.MapRead("/api/v1/incidents/{id}", ReadAsync);
    }

    private static async Task<IResult> ListAsync(HttpContext context, Catalog catalog, IncidentReader reader, FreshAnswers answers)
    {
        var parameters = new QueryReader(context.Request.Query, "service", "region", "state", "from", "to", "cursor", "limit");
        var slug = parameters.Text("service", 200);
        var region = parameters.Place("region");
        var state = parameters.OneOf("state", Codes.States);
        var from = parameters.Start("from");
        var to = parameters.End("to");
        var limit = parameters.Number("limit", 1, MaxLimit, DefaultLimit);
        if (from >= to)
            parameters.Errors.Add("to", "Must be later than 'from'; the stretch is [from, to).");
        var filters = string.Create(CultureInfo.InvariantCulture, $"{slug}/{region}/{state}/{from?.Number}/{to?.Number}");
        IncidentPlace? after = null;
        if (parameters.Text("cursor", Cursor.MaxLength) is { } cursor)
        {
            after = Cursor.TryRead(cursor, filters, out var text) ? Place(text) : null;
            if (after is null)
                parameters.Errors.Add("cursor", Cursor.Complaint);
        }
        Service? service = null;
        if (!parameters.IsGood(out var complaint) || (slug is not null && !ServiceLookup.TryFind(catalog, slug, out service, out complaint)))
            return complaint;

        var asked = new IncidentQuery(service?.Slug, region == Region.World ? null : region, (IncidentState?)state, from, to, after, limit + 1);
        return (await answers.KnownAsync(
            string.Create(CultureInfo.InvariantCulture, $"incidents?{service?.Slug}/{filters}/{after}/{limit}"),
            async () =>
            {
                var found = await reader.FindAsync(asked, context.RequestAborted);
                var next = found.Length > limit ? Cursor.Make(filters, PlaceOf(found[limit - 1].Incident)) : null;
                return Rendered.Json(new IncidentListAnswer([.. found.Take(limit).Select(IncidentAnswer.Of)], next), IncidentJson.Written.IncidentListAnswer);
            },
            context))!;
    }

    private static async Task<IResult> ReadAsync(string id, HttpContext context, IncidentReader reader, FreshAnswers answers)
    {
        if (!new QueryReader(context.Request.Query).IsGood(out var complaint))
            return complaint;
        var answer = !IncidentId.TryParse(id, out var incidentId) ? null : await answers.KnownAsync(
            $"incidents/{incidentId}",
            async () => await reader.ReadAsync(incidentId, context.RequestAborted) is { } view
                ? Rendered.Json(IncidentAnswer.Of(view), IncidentJson.Written.IncidentAnswer)
                : null,
            context);
        return answer ?? new ProblemAnswer(
            ProblemTypes.NotFound, "There is no such incident; ids look like chatgpt-7, and GET /api/v1/incidents lists them.");
    }

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

/// <summary>A page of the list of incidents.</summary>
internal sealed record IncidentListAnswer(ImmutableArray<IncidentAnswer> Items, string? Next);

[JsonSerializable(typeof(IncidentListAnswer))]
[JsonSerializable(typeof(IncidentAnswer))]
internal sealed partial class IncidentJson : JsonSerializerContext
{
    internal static IncidentJson Written { get; } = new(AnswerJson.Options());
}
