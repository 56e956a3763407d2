namespace OutageAggregator.Runtime.Reading;

/// <summary>How things stand, as far as counts of a certain age tell.</summary>
internal readonly record struct Present(DateTimeOffset At, Freshness Age, History History, StatusBoard.Board Board)
{
    internal ServiceStatus StatusOf(ServiceState? state) => Situation.StatusOf(state, Age, History);

    // Of a family its members', too.
    internal IEnumerable<Incident> JustOver(Service service)
    {
        foreach (var slug in service.Members.Prepend(service.Slug))
        {
            if (Board.Of(slug) is { OpenIncident: null } state && state.JustOver(At) is { } over)
                yield return over;
        }
    }

    internal ServiceStatus StatusOf(Service service)
    {
        var worst = StatusOf(Board.Of(service.Slug));
        foreach (var member in service.Members)
        {
            if (StatusOf(Board.Of(member)) is var status && ServiceReader.Badness(status) > ServiceReader.Badness(worst))
                worst = status;
        }
        return worst;
    }
}
