namespace OutageAggregator.Core.Tests.Watching;

/// <summary>When an outage is over, and what isn't one.</summary>
public sealed class LifecycleTests
{
    [Fact]
    public void A_first_fix_that_fails_after_an_hour_does_not_end_the_incident()
    {
        var crowd = new Crowd(("US", 2), ("IT", 1)).Pass(300).Pass(60, times: 12).Pass(35).Pass(60, times: 8).Pass(120);

        Assert.Equal(1, crowd.Incidents);
        Assert.Equal(1, crowd.Log.Count(e => e.Kind == IncidentEventKind.Resolved));
        Assert.Contains(crowd.Incident.Phases, p => p.Kind == PhaseKind.Recurrence);
    }

    [Fact]
    public void A_blip_is_called_over_soon()
    {
        var crowd = new Crowd(("US", 2), ("IT", 1)).Pass(300).Pass(5, times: 15);
        var end = crowd.Now;
        crowd.Pass(60);

        Assert.Equal(1, crowd.Incidents);
        Assert.InRange((crowd.Incident.ResolvedAt!.Value - end.Start).TotalMinutes, 1, 12);
    }

    [Fact]
    public void A_slow_burn_is_called_over_within_twenty_minutes()
    {
        var crowd = new Crowd(("US", 10), ("IT", 5)).Pass(300).Pass(240, times: 3);
        var end = crowd.Now;
        Assert.Equal(IncidentState.Open, crowd.Incident.State);
        crowd.Pass(60);

        Assert.InRange((crowd.Incident.ResolvedAt!.Value - end.Start).TotalMinutes, 1, 20);
    }

    [Fact]
    public void A_service_that_is_out_every_day_has_to_show_more()
    {
        var crowd = new Crowd(("US", 3));
        for (var day = 0; day < 14; day++)
            crowd.Pass(Minute.PerDay - 20).Pass(20, times: 4.5);
        crowd.Pass(300);
        var before = crowd.Incidents;
        // Four for each of the two rules that see it, and the fifth that tells how often it comes.
        Assert.InRange(before, 4, 9);

        for (var day = 0; day < 14; day++)
            crowd.Pass(Minute.PerDay - 20).Pass(20, times: 4.5);
        crowd.Pass(300);
        // Once a week is taken for possible.
        Assert.InRange(crowd.Incidents - before, 0, 2);
        before = crowd.Incidents;

        crowd.Pass(20, times: 100);
        Assert.Equal(before + 1, crowd.Incidents);
    }

    [Fact]
    public void A_region_does_not_pay_for_the_incidents_of_another()
    {
        var crowd = new Crowd(("US", 3), ("IT", 1));
        for (var day = 0; day < 14; day++)
            crowd.Pass(Minute.PerDay - 20).Pass(20, times: 4.5, region: "US");
        crowd.Pass(300);
        var before = crowd.Incidents;
        Assert.InRange(before, 4, 10);

        crowd.Pass(30, times: 12, region: "IT");
        Assert.Equal(before + 1, crowd.Incidents);
        Assert.Equal(["IT"], crowd.Incident.Regions.Select(r => r.ToString()));
    }

    [Theory]
    [InlineData(0.02)]
    [InlineData(0.2)]
    [InlineData(2)]
    [InlineData(20)]
    [InlineData(200)]
    public void A_quiet_week_is_quiet_at_any_scale(double rate)
    {
        var crowd = new Crowd(("US", rate)).Pass(7 * Minute.PerDay);

        Assert.Equal(0, crowd.Incidents);
    }

    [Fact]
    public void A_quiet_minute_allocates_nothing()
    {
        var crowd = new Crowd(("US", 2), ("IT", 1)).Pass(600);
        var before = GC.GetAllocatedBytesForCurrentThread();
        crowd.Pass(600);

        // The crowd itself boxes one enumerator a call, never one a minute.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 600);
    }

    [Fact]
    public void A_watch_that_planned_hours_at_once_gives_their_room_back()
    {
        var watch = new Crowd(("US", 2)).Service;

        // After a log that was away; were the room kept, every service would hold it for ever.
        Assert.InRange(TakenByHours(), 50_000, 500_000);
        Assert.InRange(TakenByHours(), 50_000, 500_000);

        long TakenByHours()
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 240; i++)
                watch.Close(observed: true);
            var taken = GC.GetAllocatedBytesForCurrentThread() - before;
            _ = watch.Commit(watch.Plan());
            return taken;
        }
    }

    [Fact]
    public void A_watch_settles_minutes_that_bring_no_event_and_keeps_those_that_do_for_the_log()
    {
        var quiet = new Crowd(("US", 2)).Service;
        for (var i = 0; i < 240; i++)
            quiet.Close(observed: true);
        Assert.Equal(240, quiet.Plan().Minutes);
        Assert.True(quiet.Settle());
        Assert.Equal(0, quiet.Plan().Minutes);

        var hit = new Crowd(("US", 2)) { LogFails = true }.Pass(30, times: 40).Service;
        var planned = hit.Plan();
        Assert.False(hit.Settle());

        Assert.Contains(planned.Events, e => e.Kind == IncidentEventKind.Opened);
        Assert.Equal(planned.Minutes, hit.Plan().Minutes);
        Assert.Equal(planned.Events.Select(e => (e.Id, e.Kind, e.At)), hit.Plan().Events.Select(e => (e.Id, e.Kind, e.At)));
    }

    [Fact]
    public void The_time_zone_of_the_server_changes_nothing()
    {
        static List<IncidentEvent> Story() => new Crowd(("US", 2), ("IT", 0.5)).Pass(3 * Minute.PerDay).Pass(30, times: 10).Pass(600).Log;
        var zone = Environment.GetEnvironmentVariable("TZ");
        try
        {
            Environment.SetEnvironmentVariable("TZ", "UTC");
            TimeZoneInfo.ClearCachedData();
            var here = Story();
            Environment.SetEnvironmentVariable("TZ", "Pacific/Auckland");
            TimeZoneInfo.ClearCachedData();
            Assert.NotEqual(TimeSpan.Zero, TimeZoneInfo.Local.BaseUtcOffset);
            var there = Story();

            Assert.NotEmpty(here);
            Assert.Equal(here.Select(e => (e.Id, e.Kind, e.At, e.Incident?.StartedAt, e.Incident?.Severity)), there.Select(e => (e.Id, e.Kind, e.At, e.Incident?.StartedAt, e.Incident?.Severity)));
        }
        finally
        {
            Environment.SetEnvironmentVariable("TZ", zone);
            TimeZoneInfo.ClearCachedData();
        }
    }
}
