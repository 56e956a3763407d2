namespace OutageAggregator.Web.Features.Live;

/// <summary>What the description of the API can't learn from the code of a stream of events.</summary>
internal static class LiveDescription
{
    internal const string Text =
        """
        A stream of `text/event-stream` (WHATWG HTML, section 9.2). It begins with how things stand: `status` of the service asked for, or of
        every service in trouble, and `counts`. Then:

        - `status` (data: `LiveStatus`): a service's status changed, or was confirmed by what happened;
        - `incident` (data: `LiveIncident`): an incident opened, grew, is recovering, recurred or was resolved;
        - `counts` (data: `LiveCounts`): every 5 seconds, the last 15 minutes of the service asked for, or of all in trouble.

        `id` is the place in the incident log up to which you have heard everything. Browsers send the last one as `Last-Event-ID` when they
        come back, and are told every event they missed (at least once; each carries the incident's whole state after it, with the counts and
        the sentence of the incident's newest event); after more than 1,000 missed events, or with an id that is not known, they are told how
        things stand instead. Comments are signs of life. A listener who doesn't read is disconnected.
        """;
}
