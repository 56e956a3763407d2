namespace OutageAggregator.Runtime.Reading;

internal static class IncidentPaging
{
    /// <summary>All incidents that match, read in pages of the query's limit as they are taken.</summary>
    public static async IAsyncEnumerable<Incident> ReadPagesAsync(this IIncidentLog log, IncidentQuery query)
    {
        IReadOnlyList<Incident> page;
        do
        {
            page = await log.FindAsync(query, CancellationToken.None);
            foreach (var incident in page)
                yield return incident;
            query = page is [.., var last] ? query with { After = new IncidentPlace(last.StartedAt, last.Id) } : query;
        }
        while (page.Count == query.Limit);
    }
}
