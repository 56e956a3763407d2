namespace OutageAggregator.Web.Features.Incidents;

/// <summary><c>GET /api/v1/incidents</c>: the latest onset first. <c>GET /api/v1/incidents/{id}</c>: one of them.</summary>
internal static class IncidentEndpoints
{
    private static readonly Parameter<string> s_service =
        Parameter.Text("service", "Slug of a service in any case, or its name or an alias. Of a family its own incidents and its members'.", example: "chatgpt");
    private static readonly Parameter<Region> s_region =
        Parameter.Region("region", "Only incidents that name this region as in outage; `world` means any.");
    private static readonly Parameter<int> s_state = Parameter.Code("state", Codes.States);
    private static readonly Parameter<DateTimeOffset> s_from = Parameter.Time("from", "Not over before this instant.");
    private static readonly Parameter<DateTimeOffset> s_to = Parameter.Time("to", "Started before this instant.");
    private static readonly Parameter<int> s_limit = Parameter.Number("limit", 1, 100, 20);

    internal static void MapIncidents(this IEndpointRouteBuilder app)
    {
        _ = app.MapMethods("/api/v1/incidents", ReadRoutes.Methods, ListAsync)
            .Describe("listIncidents", Tags.Reading, "Incidents, the latest onset first")
            .Takes(s_service, s_region, s_state, s_from, s_to, Cursor.Parameter, s_limit)
            .AnswersFresh(typeof(IncidentListAnswer))
            .RefusesAsUsual(ProblemTypes.UnknownService);
        _ = app.MapMethods("/api/v1/incidents/{id}", ReadRoutes.Methods, ReadAsync)
            .Describe("getIncident", Tags.Reading, "One incident, as it stands now")
            .Takes(IncidentAnswer.IdInPath)
            .AnswersFresh(typeof(IncidentAnswer))
            .RefusesAsUsual(ProblemTypes.NotFound);
    }

    private static async Task<IResult> ListAsync(
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
        Service? service = null;
        ProblemAnswer? unknown = null;
        var isKnown = slug is null || ServiceLookup.TryFind(catalog, slug, out service, out unknown);
        // A cursor goes on whatever the service was called.
        var filters = $"{service?.Slug}/{region}/{state}/{from?.Number}/{to?.Number}";
        var after = isKnown ? parameters.Place(filters, text => Place(text, '@')) : null;
        if (!parameters.IsGood(out var complaint) || (complaint = unknown) is not null)
            return complaint;

        var asked = IncidentQuery.About(service) with
        {
            Region = region == Region.World ? null : region,
            State = (IncidentState?)state,
            From = from,
            To = to,
            After = after,
            Limit = limit + 1,
        };
        return (await answers.KnownAsync(context, $"incidents?{service?.Slug}/{filters}/{after}/{limit}", async () =>
        {
            var found = await reader.FindAsync(asked, context.RequestAborted);
            var last = found.Length > limit ? found[limit - 1].Incident : null;
            var next = last is null ? null : Cursor.Make(filters, $"{last.StartedAt.Number}@{last.Id}");
            return Rendered.Json(new IncidentListAnswer([.. found.Take(limit).Select(i => IncidentAnswer.Of(i, notice))], next));
        }))!;
    }

    private static async Task<IResult> ReadAsync(
        string id, HttpContext context, IncidentReader reader, FreshAnswers answers, ServerNotice notice)
    {
        if (!new QueryReader(context).IsGood(out var complaint))
            return complaint;
        if (!IncidentAnswer.TryParseId(id, out var incidentId))
            return IncidentAnswer.NotThere;
        IResult? answer = await answers.KnownAsync(context, $"incidents/{incidentId}", async () =>
            await reader.ReadAsync(incidentId, context.RequestAborted) is { } view ? Rendered.Json(IncidentAnswer.Of(view, notice)) : null);
        return answer ?? IncidentAnswer.NotThere;
    }

    /// <summary>The place of the last item of a page: its minute, a mark, its incident; null for any other text.</summary>
    internal static IncidentPlace? Place(string? text, char mark)
    {
        var at = text?.IndexOf(mark, StringComparison.Ordinal) ?? -1;
        return at > 0 && int.TryParse(text.AsSpan(0, at), NumberStyles.None, CultureInfo.InvariantCulture, out var minute)
            && IncidentId.TryParse(text![(at + 1)..], out var id)
            ? new IncidentPlace(new Minute(minute), id)
            : null;
    }
}

/// <summary>A page of incidents.</summary>
/// <param name="Next">Cursor of the next page; null on the last one.</param>
public sealed record IncidentListAnswer(ImmutableArray<IncidentAnswer> Items, string? Next);
