namespace OutageAggregator.Core.Tests.Watching;

/// <summary>What becomes of an incident when nobody observes.</summary>
public sealed class GapTests
{
    private readonly Crowd _crowd = new Crowd(("US", 2), ("IT", 1)).Pass(300).Pass(26, times: 15);

    [Fact]
    public void Time_in_which_nobody_could_report_is_no_quiet()
    {
        _crowd.Pass(90, observed: false).Pass(4);
        Assert.Equal(IncidentState.Open, _crowd.Incident.State);

        _crowd.Pass(1);
        Assert.Equal(IncidentState.Resolved, _crowd.Incident.State);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(26)]
    [InlineData(235)]
    public void It_ends_with_the_last_observed_minute_above_the_usual_where_a_gap_hides_its_end(int gap)
    {
        var last = _crowd.Now;
        _crowd.Pass(gap, observed: false).Pass(6);

        Assert.Equal(last, _crowd.Incident.EndedAt);
        Assert.Equal(last + gap + 5, Minute.Of(_crowd.Incident.ResolvedAt!.Value));
        Assert.DoesNotContain(_crowd.Incident.Phases, p => p.Kind == PhaseKind.Recovery);
        Assert.Equal(new Phase(PhaseKind.End, last, last), _crowd.Incident.Phases[^1]);
        Assert.All(_crowd.Incident.Phases, p => Assert.True(p.To <= last));
    }

    [Fact]
    public void It_goes_on_where_the_crowd_is_still_there_after_a_gap()
    {
        _crowd.Pass(90, observed: false).Pass(20, times: 15);
        Assert.Equal(IncidentState.Open, _crowd.Incident.State);
        var end = _crowd.Now;
        _crowd.Pass(90);

        Assert.Equal(1, _crowd.Incidents);
        Assert.InRange(_crowd.Incident.EndedAt!.Value - end, -2, 2);
    }

    [Fact]
    public void It_is_over_at_once_after_a_gap_in_which_a_surge_would_have_been_another_incident()
    {
        var last = _crowd.Now;
        _crowd.Pass(241, observed: false).Pass(1, times: 15);
        Assert.Equal((IncidentState.Resolved, last), (_crowd.Incident.State, _crowd.Incident.EndedAt));

        _crowd.Pass(10, times: 15);
        Assert.Equal(2, _crowd.Incidents);
        Assert.True(_crowd.Incident.StartedAt >= last + 240, "The second one does not reach back over the gap.");
    }

    [Fact]
    public void Two_gaps_with_a_few_quiet_minutes_between_them_are_one()
    {
        var last = _crowd.Now;
        _crowd.Pass(30, observed: false).Pass(3).Pass(30, observed: false).Pass(5);

        Assert.Equal((IncidentState.Resolved, last), (_crowd.Incident.State, _crowd.Incident.EndedAt));
    }

    [Fact]
    public void The_first_of_two_gaps_is_forgotten_once_the_crowd_was_seen_again()
    {
        _crowd.Pass(30, observed: false).Pass(10, times: 15);
        var last = _crowd.Now;
        _crowd.Pass(30, observed: false).Pass(5);

        Assert.Equal((IncidentState.Resolved, last), (_crowd.Incident.State, _crowd.Incident.EndedAt));
    }

    [Fact]
    public void A_short_gap_leaves_the_end_to_the_minutes_around_it()
    {
        var last = _crowd.Now;
        _crowd.Pass(3, observed: false).Pass(60);

        Assert.Equal(last, _crowd.Incident.EndedAt);
        Assert.InRange(_crowd.Incident.ResolvedAt!.Value, last.Start.AddMinutes(8), last.Start.AddMinutes(30));
    }

    [Fact]
    public void More_than_usual_before_a_gap_is_not_more_than_usual_long_after_it()
    {
        var crowd = new Crowd(("US", 20)).Pass(300);
        while (crowd.Log.Count == 0)
            crowd.Pass(1, times: 2);
        Assert.Equal(IncidentEventKind.Elevated, crowd.Newest.Kind);

        crowd.Pass(60, observed: false).Pass(4);
        Assert.Equal(IncidentEventKind.Elevated, crowd.Newest.Kind);
        crowd.Pass(1);
        Assert.Equal(IncidentEventKind.Calmed, crowd.Newest.Kind);
    }
}
