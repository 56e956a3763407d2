using OutageAggregator.Core.Verdicts;
using OutageAggregator.Storage;

namespace OutageAggregator.Contracts;

/// <summary>What every incident log promises. A log is done when a subclass that only says how to open an empty one passes unchanged.</summary>
public abstract partial class IncidentLogContract : IAsyncLifetime
{
    protected static readonly Minute Noon = Minute.Of(new DateTimeOffset(2024, 11, 8, 12, 0, 0, TimeSpan.Zero));
    protected static readonly CancellationToken None = CancellationToken.None;

    protected IIncidentLog Log { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Log = await OpenAsync();

    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return default;
    }

    /// <summary>Opens an empty log; it is closed by the subclass.</summary>
    protected abstract ValueTask<IIncidentLog> OpenAsync();

    protected static IncidentEvent Calm(string service, int number) => new(
        ServiceSlug.Parse(service), number, IncidentEventKind.Calmed, Noon.Start.AddTicks(number), ServiceStatus.Normal, null);

    protected static IncidentEvent Event(string service, int number, Incident incident, IncidentEventKind kind = IncidentEventKind.Grew) => new(
        ServiceSlug.Parse(service), number, kind, Noon.Start.AddMinutes(number), ServiceStatus.Outage, incident);

    protected static Incident Incident(string service, int number, int startedAt = 0, int? endedAt = null, params string[] regions) => new(
        new IncidentId(ServiceSlug.Parse(service), number),
        endedAt is null ? IncidentState.Open : IncidentState.Resolved,
        Noon + startedAt,
        (Noon + startedAt).Start.AddSeconds(95.5),
        new Peak(Noon + startedAt + 3, 746),
        endedAt is { } end ? Noon + end : null,
        endedAt is { } resolved ? (Noon + resolved + 10).Start : null,
        4.25,
        [new Phase(PhaseKind.Onset, Noon + startedAt, Noon + startedAt + 2), new Phase(PhaseKind.Peak, Noon + startedAt + 2, null)],
        [.. regions.Select(Region.Parse)],
        new Evidence("negative-binomial", "minutes-5", Region.World, 5, 320, 12.5, 31, -41.75, 300, 8));

    protected async Task Append(params IncidentEvent[] events) => await Log.AppendAsync(events, None);

    [Fact]
    public async Task An_empty_log_answers_nothing()
    {
        Assert.Empty(await Log.ReadAsync(0, 10, None));
        Assert.Equal(0, await Log.LastPositionAsync(None));
        Assert.Empty(await Log.ReadNewestAsync(None));
        Assert.Null(await Log.ReadNewestIncidentAsync(ServiceSlug.Parse("chatgpt"), None));
        Assert.Empty(await Log.ReadIncidentAsync(new IncidentId(ServiceSlug.Parse("chatgpt"), 1), None));
        Assert.Empty(await Log.FindAsync(new IncidentQuery(), None));
        Assert.Empty((await Log.AppendAsync([], None)).Events);
    }

    [Fact]
    public async Task Events_are_read_back_as_they_were_written_in_order()
    {
        IncidentEvent[] events =
        [
            Calm("chatgpt", 1),
            Event("chatgpt", 2, Incident("chatgpt", 1, 0, null, "ES", "IT"), IncidentEventKind.Opened),
            Event("claude", 1, Incident("claude", 1, -300, -10), IncidentEventKind.Resolved),
        ];

        var (logged, _) = await Log.AppendAsync(events, None);
        var read = await Log.ReadAsync(0, 10, None);

        Assert.Equal(3, read.Count);
        for (var i = 0; i < events.Length; i++)
        {
            AssertSame(events[i], logged[i].Event);
            AssertSame(events[i], read[i].Event);
            Assert.Equal(logged[i].Position, read[i].Position);
        }
        Assert.True(read[0].Position >= 1);
        Assert.Equal(read.Select(e => e.Position).Order().Distinct(), read.Select(e => e.Position));
        Assert.Equal(read[^1].Position, await Log.LastPositionAsync(None));
    }

    [Fact]
    public async Task A_chance_too_small_for_a_number_is_read_back()
    {
        var incident = Incident("chatgpt", 1);
        await Append(Event("chatgpt", 1, incident with { Evidence = incident.Evidence with { Log10PValue = double.NegativeInfinity } }));

        Assert.Equal(double.NegativeInfinity, (await Log.ReadAsync(0, 1, None))[0].Event.Incident!.Evidence.Log10PValue);
    }

    [Fact]
    public async Task A_cursor_reads_every_event_once()
    {
        await Append([.. Enumerable.Range(1, 25).Select(i => Calm("chatgpt", i))]);

        var read = new List<int>();
        for (IReadOnlyList<LoggedEvent> page = await Log.ReadAsync(0, 10, None); page.Count > 0; page = await Log.ReadAsync(page[^1].Position, 10, None))
        {
            Assert.True(page.Count <= 10);
            read.AddRange(page.Select(e => e.Event.Number));
        }

        Assert.Equal(Enumerable.Range(1, 25), read);
        Assert.Empty(await Log.ReadAsync(await Log.LastPositionAsync(None), 10, None));
        Assert.Empty(await Log.ReadAsync(long.MaxValue, 10, None));
    }

    [Fact]
    public async Task Waiting_completes_at_once_where_there_is_more_already()
    {
        await Append(Calm("chatgpt", 1));

        await Log.WaitAsync(0, None);
    }

    [Fact]
    public async Task Waiting_completes_when_the_log_grows()
    {
        await Append(Calm("chatgpt", 1));
        var last = await Log.LastPositionAsync(None);
        var waits = Enumerable.Range(0, 50).Select(_ => Follow(last)).ToArray();

        await Append(Calm("chatgpt", 2));

        Assert.All(await Task.WhenAll(waits), number => Assert.Equal(2, number));

        async Task<int> Follow(long after)
        {
            while (true)
            {
                await Log.WaitAsync(after, None);
                if (await Log.ReadAsync(after, 1, None) is [var next])
                    return next.Event.Number;
            }
        }
    }

    [Fact]
    public async Task Waiting_can_be_given_up()
    {
        using var cancellation = new CancellationTokenSource();
        var wait = Log.WaitAsync(0, cancellation.Token);
        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => wait);
    }

    [Fact]
    public async Task The_newest_event_of_each_service_is_found()
    {
        await Append(Calm("claude", 1), Calm("chatgpt", 1), Calm("a", 1), Calm("chatgpt", 2), Event("zoom", 1, Incident("zoom", 1)));

        var newest = await Log.ReadNewestAsync(None);

        Assert.Equal(["a#1", "chatgpt#2", "claude#1", "zoom#1"], newest.Select(e => e.Event.Id).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task The_newest_event_of_one_service_is_found()
    {
        _ = await Log.AppendAsync([Calm("chatgpt", 1), Calm("claude", 1), Calm("chatgpt", 2)], None);

        Assert.Equal(Calm("chatgpt", 2), (await Log.ReadNewestAsync(ServiceSlug.Parse("chatgpt"), None))?.Event);
        Assert.Null(await Log.ReadNewestAsync(ServiceSlug.Parse("github"), None));
    }

    [Fact]
    public async Task The_newest_event_with_an_incident_is_found()
    {
        await Append(
            Event("chatgpt", 1, Incident("chatgpt", 1)), Event("chatgpt", 2, Incident("chatgpt", 1, 1)), Calm("chatgpt", 3),
            Event("claude", 1, Incident("claude", 1)), Calm("zoom", 1));

        Assert.Equal("chatgpt#2", (await Log.ReadNewestIncidentAsync(ServiceSlug.Parse("chatgpt"), None))!.Event.Id);
        Assert.Null(await Log.ReadNewestIncidentAsync(ServiceSlug.Parse("zoom"), None));
    }

    [Fact]
    public async Task All_events_of_an_incident_are_found_in_order()
    {
        await Append(
            Event("chatgpt", 1, Incident("chatgpt", 1)), Event("claude", 1, Incident("claude", 1)), Event("chatgpt", 2, Incident("chatgpt", 2)),
            Calm("chatgpt", 3), Event("chatgpt", 4, Incident("chatgpt", 1)));

        Assert.Equal([1, 4], (await Log.ReadIncidentAsync(new IncidentId(ServiceSlug.Parse("chatgpt"), 1), None)).Select(e => e.Event.Number));
        Assert.Empty(await Log.ReadIncidentAsync(new IncidentId(ServiceSlug.Parse("chatgpt"), 3), None));
    }

    [Fact]
    public async Task Incidents_are_found_as_they_stand_now_the_latest_onset_first_then_by_id()
    {
        await Append(
            Event("chatgpt", 1, Incident("chatgpt", 1, -100)),
            Event("claude", 1, Incident("claude", 1, -100)),
            Event("chatgpt", 2, Incident("chatgpt", 2, -100)),
            Event("chatgpt", 10, Incident("chatgpt", 10, -100)),
            Event("zoom", 1, Incident("zoom", 1, 50)),
            Event("chatgpt", 11, Incident("chatgpt", 1, -90, -20)));

        Assert.Equal(["zoom-1", "chatgpt-1", "chatgpt-2", "chatgpt-10", "claude-1"], await Find(new IncidentQuery()));
        Assert.Equal(IncidentState.Resolved, (await Log.FindAsync(new IncidentQuery(State: IncidentState.Resolved), None))[0].State);
    }

    [Fact]
    public async Task Incidents_are_found_by_service_state_and_region()
    {
        await Append(
            Event("chatgpt", 1, Incident("chatgpt", 1, 1, 30, "ES", "IT")),
            Event("chatgpt", 2, Incident("chatgpt", 2, 60, null, "IT")),
            Event("claude", 1, Incident("claude", 1, 2)));

        Assert.Equal(["chatgpt-2", "chatgpt-1"], await Find(new IncidentQuery(Service: ServiceSlug.Parse("chatgpt"))));
        Assert.Equal(["chatgpt-2", "claude-1"], await Find(new IncidentQuery(State: IncidentState.Open)));
        Assert.Equal(["chatgpt-1"], await Find(new IncidentQuery(State: IncidentState.Resolved)));
        Assert.Equal(["chatgpt-2", "chatgpt-1"], await Find(new IncidentQuery(Region: Region.Parse("IT"))));
        Assert.Equal(["chatgpt-1"], await Find(new IncidentQuery(Region: Region.Parse("ES"))));
        Assert.Equal(["chatgpt-2", "claude-1", "chatgpt-1"], await Find(new IncidentQuery(Region: Region.World)));
        Assert.Empty(await Find(new IncidentQuery(Service: ServiceSlug.Parse("claude"), State: IncidentState.Resolved)));
    }

    [Fact]
    public async Task Incidents_of_a_family_are_its_own_and_its_members()
    {
        await Append(
            Event("sky", 1, Incident("sky", 1, 4)), Event("sky-broadband", 1, Incident("sky-broadband", 1, 9, 30)), Event("sky-tv", 1, Incident("sky-tv", 1, 2)),
            Event("bluesky", 1, Incident("bluesky", 1, 3)), Event("sky-t", 1, Incident("sky-t", 1, 3)), Event("broadband", 1, Incident("broadband", 1, 3)));
        var sky = new IncidentQuery(ServiceSlug.Parse("sky")) { Members = [ServiceSlug.Parse("sky-broadband"), ServiceSlug.Parse("sky-tv")] };

        Assert.Equal(["sky-broadband-1", "sky-1", "sky-tv-1"], await Find(sky));
        Assert.Equal(["sky-1", "sky-tv-1"], await Find(sky with { State = IncidentState.Open }));
        Assert.Equal(["sky-tv-1"], await Find(sky with { After = new IncidentPlace(Noon + 4, new IncidentId(ServiceSlug.Parse("sky"), 1)) }));
        Assert.Equal(["sky-1"], await Find(sky with { Members = [] }));
    }

    [Fact]
    public async Task Incidents_are_found_by_the_minutes_they_lasted()
    {
        await Append(Event("chatgpt", 1, Incident("chatgpt", 1, 10, 20)), Event("chatgpt", 2, Incident("chatgpt", 2, 30)));

        Assert.Equal(["chatgpt-2", "chatgpt-1"], await Find(new IncidentQuery(From: Noon + 19)));
        Assert.Equal(["chatgpt-2"], await Find(new IncidentQuery(From: Noon + 20)));
        Assert.Equal(["chatgpt-2"], await Find(new IncidentQuery(From: Noon + 5000)));
        Assert.Empty(await Find(new IncidentQuery(To: Noon + 10)));
        Assert.Equal(["chatgpt-1"], await Find(new IncidentQuery(To: Noon + 11)));
        Assert.Equal(["chatgpt-1"], await Find(new IncidentQuery(From: Noon, To: Noon + 30)));
    }

    [Fact]
    public async Task Pages_of_incidents_hold_each_once()
    {
        var random = new Random(3);
        await Append([.. Enumerable.Range(1, 40).Select(i => Event("chatgpt", i, Incident("chatgpt", i, random.Next(6))))]);
        await Append([.. Enumerable.Range(1, 40).Select(i => Event("claude", i, Incident("claude", i, random.Next(6))))]);
        var all = await Log.FindAsync(new IncidentQuery(Limit: 1000), None);

        var paged = new List<IncidentId>();
        IncidentPlace? after = null;
        while (await Log.FindAsync(new IncidentQuery(After: after, Limit: 7), None) is { Count: > 0 } page)
        {
            paged.AddRange(page.Select(i => i.Id));
            after = new IncidentPlace(page[^1].StartedAt, page[^1].Id);
        }

        Assert.Equal(80, all.Count);
        Assert.Equal(all.Select(i => i.Id), paged);
    }

    [Fact]
    public async Task A_page_is_bounded()
    {
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Log.FindAsync(new IncidentQuery(Limit: 0), None));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Log.FindAsync(new IncidentQuery(Limit: 1001), None));
    }

    /// <summary>Equal in every part; arrays in records compare by reference otherwise.</summary>
    protected static void AssertSame(IncidentEvent expected, IncidentEvent actual)
    {
        Assert.Equal(expected with { Incident = null }, actual with { Incident = null });
        Assert.Equal(Plain(expected.Incident), Plain(actual.Incident));
        Assert.Equal(expected.Incident?.Phases ?? [], actual.Incident?.Phases ?? []);
        Assert.Equal(expected.Incident?.Regions ?? [], actual.Incident?.Regions ?? []);

        static Incident? Plain(Incident? incident) => incident is null
            ? null
            : incident with { Phases = ImmutableArray<Phase>.Empty, Regions = ImmutableArray<Region>.Empty };
    }

    private async Task<string[]> Find(IncidentQuery query) => [.. (await Log.FindAsync(query, None)).Select(i => i.Id.ToString())];
}
