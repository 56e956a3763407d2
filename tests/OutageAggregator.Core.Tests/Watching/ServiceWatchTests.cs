namespace OutageAggregator.Core.Tests.Watching;

public sealed class ServiceWatchTests
{
    private const int Day = Minute.PerDay;

    [Fact]
    public void A_crowd_of_thousands_opens_one_incident_within_two_minutes_and_its_end_is_found()
    {
        var crowd = new Crowd(("US", 1.5), ("IT", 0.5)).Pass(300);
        var start = crowd.Now;

        crowd.Pass(26, more: 370);
        Assert.Equal(IncidentEventKind.Opened, crowd.Log.Single(e => e.Incident is not null && e.Kind == IncidentEventKind.Opened).Kind);
        Assert.InRange((crowd.Incident.DetectedAt - start.Start).TotalMinutes, 1, 2);
        Assert.InRange(crowd.Incident.StartedAt - start, -1, 1);
        var end = crowd.Now;

        crowd.Pass(300);
        Assert.Equal(1, crowd.Incidents);
        Assert.Equal(IncidentState.Resolved, crowd.Incident.State);
        Assert.InRange(crowd.Incident.EndedAt!.Value - end, -1, 15);
        Assert.InRange((crowd.Incident.ResolvedAt!.Value - end.Start).TotalMinutes, 1, 15);
        Assert.InRange(crowd.Incident.Peak.ReportsPerMinute, 700, 900);
        Assert.Equal([PhaseKind.Onset, PhaseKind.Peak, PhaseKind.Recovery, PhaseKind.End], crowd.Incident.Phases.Select(p => p.Kind));
        Assert.Equal(ServiceStatus.Normal, crowd.Newest.Status);
    }

    [Fact]
    public void A_week_of_usual_noise_raise_nothing()
    {
        var crowd = new Crowd(("US", 2), ("IT", 0.5), ("IR", 0.05)).Pass(7 * Day);

        Assert.Equal(0, crowd.Incidents);
    }

    [Fact]
    public void An_outage_of_one_region_opens_an_incident_that_names_it()
    {
        var crowd = new Crowd(("US", 6), ("DE", 4), ("IT", 0.4)).Pass(300);
        var start = crowd.Now;
        crowd.Pass(60, region: "IT", more: 3);

        Assert.Equal(1, crowd.Incidents);
        Assert.Equal([Region.Parse("IT")], crowd.Incident.Regions);
        // The world's sum hides it all the while; the incident stays open as long as the region is in outage.
        Assert.DoesNotContain(crowd.Log, e => e.Kind is IncidentEventKind.Resolved or IncidentEventKind.Recurred);
        Assert.InRange(crowd.Incident.StartedAt - start, -5, 3);

        crowd.Pass(60);
        Assert.Equal(IncidentState.Resolved, crowd.Incident.State);
    }

    [Fact]
    public void An_outage_spread_thinly_over_many_regions_opens_one_incident_of_the_service()
    {
        string[] codes = ["US", "IT", "DE", "FR", "ES", "IR", "GB", "PT", "NL", "BE", "AT", "CH", "SE", "NO", "DK", "FI", "PL", "CZ", "HU", "RO"];
        var crowd = new Crowd([.. codes.Select(c => (c, 0.02))]).Pass(300).Pass(20, more: 0.08);

        Assert.Equal(1, crowd.Incidents);
        Assert.Equal(Region.World, crowd.Incident.Evidence.Region);
    }

    [Fact]
    public void A_surge_within_four_hours_of_the_end_continues_the_incident()
    {
        var crowd = new Crowd(("US", 3)).Pass(300).Pass(40, more: 60).Pass(184).Pass(40, more: 60);
        Assert.Equal(1, crowd.Incidents);
        Assert.Equal(IncidentEventKind.Recurred, crowd.Log.Last(e => e.Kind is IncidentEventKind.Recurred or IncidentEventKind.Opened).Kind);
        Assert.Equal(IncidentState.Open, crowd.Incident.State);
        Assert.Contains(crowd.Incident.Phases, p => p.Kind == PhaseKind.Recurrence);

        crowd.Pass(120);
        Assert.Equal(IncidentState.Resolved, crowd.Incident.State);
        Assert.Equal(1, crowd.Incident.Id.Number);
    }

    [Fact]
    public void A_surge_five_hours_after_the_end_is_another_incident()
    {
        var crowd = new Crowd(("US", 3)).Pass(300).Pass(40, more: 60).Pass(320).Pass(20, more: 60);

        Assert.Equal(2, crowd.Incidents);
        Assert.Equal(2, crowd.Incident.Id.Number);
    }

    [Fact]
    public void One_minute_of_many_reports_raises_nothing()
    {
        var crowd = new Crowd(("US", 0.3)).Pass(300).OneMinute("US", new MinuteCounts(20, 20, 0, 0)).Pass(60);

        Assert.Equal(0, crowd.Incidents);
    }

    [Fact]
    public void Hundreds_of_reports_from_two_sources_raise_nothing()
    {
        var crowd = new Crowd(("US", 0.05)).Pass(300);
        for (var i = 0; i < 30; i++)
            crowd.OneMinute("US", new MinuteCounts(140, 2, 0, 0));

        Assert.Equal(0, crowd.Incidents);
    }

    [Fact]
    public void A_gap_without_data_is_no_silence_and_the_return_from_it_no_surge()
    {
        var crowd = new Crowd(("US", 5)).Pass(300).Pass(90, observed: false).Pass(120);

        Assert.Equal(0, crowd.Incidents);
    }

    [Fact]
    public void Three_times_the_usual_for_hours_is_found_and_half_as_much_again_is_not()
    {
        Assert.Equal(1, new Crowd(("US", 2)).Pass(300).Pass(180, times: 3).Incidents);
        Assert.Equal(0, new Crowd(("US", 2)).Pass(300).Pass(180, times: 1.5).Incidents);
    }

    [Fact]
    public void A_service_without_history_opens_on_a_crowd_but_not_on_its_own_usual_traffic()
    {
        var crowd = new Crowd(days: 0, [("US", 40)]).Pass(6 * 60);
        Assert.Equal(0, crowd.Incidents);

        Assert.Equal(1, new Crowd(days: 0, [("US", 0)]).Pass(30).Pass(20, more: 700).Incidents);
    }

    [Fact]
    public void A_lasting_change_of_level_ends_as_the_new_usual()
    {
        var crowd = new Crowd(("US", 2)).Pass(300).Pass(4 * Day, times: 4);

        Assert.Equal(1, crowd.Incidents);
        Assert.Equal(IncidentState.Resolved, crowd.Incident.State);
    }

    [Fact]
    public void What_could_not_be_logged_is_planned_again_with_the_same_ids_and_contents()
    {
        var well = new Crowd(("US", 3)).Pass(300).Pass(30, more: 60).Pass(120);
        var failing = new Crowd(("US", 3)).Pass(300);
        failing.LogFails = true;
        failing.Pass(30, more: 60).Pass(60);
        Assert.DoesNotContain(failing.Log, e => e.Incident is not null);
        failing.LogFails = false;
        failing.Pass(60);

        Assert.Equal(well.Log.Select(e => (e.Id, e.Kind)).Take(2), failing.Log.Select(e => (e.Id, e.Kind)).Take(2));
        Assert.Equal(1, failing.Incidents);
        Assert.Equal(well.Log.First(e => e.Kind == IncidentEventKind.Opened).At, failing.Log.First(e => e.Kind == IncidentEventKind.Opened).At);
    }

    [Fact]
    public void Events_are_numbered_without_holes()
    {
        var crowd = new Crowd(("US", 3)).Pass(300).Pass(40, more: 60).Pass(400).Pass(40, more: 20).Pass(100);

        Assert.Equal(Enumerable.Range(1, crowd.Log.Count), crowd.Log.Select(e => e.Number));
    }

    [Fact]
    public void Phases_follow_each_other_without_overlap_and_close_when_the_next_begins()
    {
        var crowd = new Crowd(("US", 3)).Pass(300).Pass(60, more: 80).Pass(12).Pass(50, more: 80).Pass(200);

        var phases = crowd.Incident.Phases;
        Assert.Equal(PhaseKind.End, phases[^1].Kind);
        for (var i = 1; i < phases.Length; i++)
            Assert.True(phases[i - 1].To <= phases[i].From, string.Join("; ", phases));
    }
}
