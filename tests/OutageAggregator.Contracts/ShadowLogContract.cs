using OutageAggregator.Storage;

namespace OutageAggregator.Contracts;

/// <summary>What every shadow log promises besides being an incident log (<see cref="IncidentLogContract"/> holds it to that): it is apart from the public one, and knows its run.</summary>
public abstract class ShadowLogContract
{
    private static readonly DateTimeOffset s_noon = new(2024, 11, 8, 12, 0, 0, TimeSpan.Zero);
    private static readonly CancellationToken s_none = CancellationToken.None;

    /// <summary>Opens both logs over what was stored; nothing at first.</summary>
    protected abstract ValueTask<(IIncidentLog Public, IShadowLog Shadow)> OpenAsync();

    [Fact]
    public async Task What_is_in_one_log_is_not_in_the_other()
    {
        var (real, shadow) = await OpenAsync();

        await real.AppendAsync([Event("chatgpt", 1), Event("chatgpt", 2)], s_none);
        await shadow.Incidents.AppendAsync([Event("claude", 1), Event("chatgpt", 1)], s_none);

        Assert.Equal(["chatgpt#1", "chatgpt#2"], (await real.ReadAsync(0, 10, s_none)).Select(e => e.Event.Id));
        Assert.Equal(["claude#1", "chatgpt#1"], (await shadow.Incidents.ReadAsync(0, 10, s_none)).Select(e => e.Event.Id));
        Assert.Equal(["chatgpt"], (await real.ReadNewestAsync(s_none)).Select(e => e.Event.Service.ToString()));
        Assert.Equal(2, (await shadow.Incidents.ReadNewestAsync(s_none)).Count);
        Assert.Null(await real.ReadNewestIncidentAsync(ServiceSlug.Parse("claude"), s_none));
        Assert.Empty(await real.ReadIncidentAsync(new IncidentId(ServiceSlug.Parse("claude"), 1), s_none));
        Assert.Equal("chatgpt-1", Assert.Single(await real.FindAsync(new IncidentQuery(), s_none)).Id.ToString());
        Assert.Equal(2, (await shadow.Incidents.FindAsync(new IncidentQuery(), s_none)).Count);
    }

    [Fact]
    public async Task An_event_of_the_shadow_wakes_nobody_who_waits_for_a_real_one()
    {
        var (real, shadow) = await OpenAsync();
        var before = await real.LastPositionAsync(s_none);
        var wait = real.WaitAsync(before, s_none);

        await shadow.Incidents.AppendAsync([Event("chatgpt", 1)], s_none);

        Assert.False(wait.IsCompleted);
        Assert.Equal(before, await real.LastPositionAsync(s_none));
        await real.AppendAsync([Event("chatgpt", 1)], s_none);
        await wait;
    }

    [Fact]
    public async Task A_run_goes_on_until_another_candidate_or_none_is_noted()
    {
        var (_, shadow) = await OpenAsync();
        Assert.Null(await shadow.ReadRunAsync(s_none));
        Assert.Null(await shadow.NoteAsync(null, s_noon, s_none));

        var first = await shadow.NoteAsync("robust-z", s_noon.AddHours(1), s_none);
        var again = await shadow.NoteAsync("robust-z", s_noon.AddHours(2), s_none);
        var other = await shadow.NoteAsync("ears-c2", s_noon.AddHours(3), s_none);

        Assert.Equal(new ShadowRun("robust-z", s_noon.AddHours(1)), first);
        Assert.Equal(first, again);
        Assert.Equal(new ShadowRun("ears-c2", s_noon.AddHours(3)), other);
        Assert.Null(await shadow.NoteAsync(null, s_noon.AddHours(4), s_none));
        Assert.Null(await shadow.ReadRunAsync(s_none));
        Assert.Equal(s_noon.AddHours(5), (await shadow.NoteAsync("ears-c2", s_noon.AddHours(5), s_none))!.Since);
        Assert.Equal(new ShadowRun("ears-c2", s_noon.AddHours(5)), await (await OpenAsync()).Shadow.ReadRunAsync(s_none));
    }

    private static IncidentEvent Event(string service, int number)
    {
        var incident = Story.Incident(Story.At(0, 5), service: service);
        return new IncidentEvent(incident.Service, number, IncidentEventKind.Opened, s_noon.AddMinutes(number), ServiceStatus.Outage, incident);
    }
}
