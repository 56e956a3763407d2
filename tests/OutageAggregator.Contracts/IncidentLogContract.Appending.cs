using OutageAggregator.Storage;

namespace OutageAggregator.Contracts;

// What an append writes, repeats and refuses.
public abstract partial class IncidentLogContract
{
    [Fact]
    public async Task A_plan_that_is_repeated_and_goes_on_is_written_once_and_goes_on()
    {
        IncidentEvent[] plan = [Calm("chatgpt", 1), Event("chatgpt", 2, Incident("chatgpt", 1, 5, null, "IT"))];
        var (first, _) = await Log.AppendAsync(plan[..1], None);

        var (again, conflict) = await Log.AppendAsync(plan, None);

        Assert.Null(conflict);
        Assert.Equal([first[0].Position, again[1].Position], again.Select(e => e.Position));
        AssertSame(plan[1], again[1].Event);
        Assert.Equal(["chatgpt#1", "chatgpt#2"], (await Log.ReadAsync(0, 10, None)).Select(e => e.Event.Id));
        Assert.Equal(again[1].Position, (await Log.AppendAsync(plan, None)).Events[1].Position);
    }

    [Fact]
    public async Task A_plan_that_contradicts_the_log_is_refused_whole()
    {
        await Append(Calm("chatgpt", 1), Event("chatgpt", 2, Incident("chatgpt", 1, 0, null, "IT")));

        // The first one is a repetition, the second one did not happen, and the others can't have.
        var (events, conflict) = await Log.AppendAsync(
            [Calm("chatgpt", 1), Event("chatgpt", 2, Incident("chatgpt", 1, 500, 600, "ES")), Event("chatgpt", 3, Incident("chatgpt", 1, 500)), Calm("zoom", 1)], None);

        Assert.Empty(events);
        var held = (await Log.ReadAsync(0, 10, None)).ToList();
        Assert.Equal(["chatgpt#1", "chatgpt#2"], held.Select(e => e.Event.Id));
        Assert.Equal(held[1].Position, conflict!.Position);
        AssertSame(held[1].Event, conflict.Event);
        Assert.Equal(Noon, Assert.Single(await Log.FindAsync(new IncidentQuery(), None)).StartedAt);
        Assert.Equal("chatgpt#2", Assert.Single(await Log.ReadNewestAsync(None)).Event.Id);
    }

    [Fact]
    public async Task Of_two_watches_with_one_past_the_one_that_fell_behind_can_not_go_on()
    {
        await Append(Event("chatgpt", 1, Incident("chatgpt", 1)));
        IncidentEvent[] lively = [Event("chatgpt", 2, Incident("chatgpt", 1, 0, 9)), Event("chatgpt", 3, Incident("chatgpt", 2, 40))];
        IncidentEvent[] zombie = [Event("chatgpt", 2, Incident("chatgpt", 1, 0, null, "IT")), Event("chatgpt", 3, Incident("chatgpt", 1, 0, 8))];
        await Append(lively[..1]);

        Assert.NotNull((await Log.AppendAsync(zombie[..1], None)).Conflict);
        Assert.NotNull((await Log.AppendAsync(zombie, None)).Conflict);
        Assert.Null((await Log.AppendAsync(lively[1..], None)).Conflict);

        Assert.Equal(["chatgpt-2", "chatgpt-1"], await Find(new IncidentQuery()));
        Assert.Equal(3, (await Log.ReadAsync(0, 10, None)).Count);
    }

    [Fact]
    public async Task Of_plans_for_the_same_ids_made_at_the_same_time_one_is_in_the_log_and_whole()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Log.AppendAsync(
            [Event("chatgpt", 1, Incident("chatgpt", 1, i)), Event("chatgpt", 2, Incident("chatgpt", 1, i, i + 1))], None)));

        var (events, _) = Assert.Single(answers, a => a.Conflict is null);
        Assert.Equal(events.Select(e => e.Position), (await Log.ReadAsync(0, 10, None)).Select(e => e.Position));
        Assert.All(answers.Where(a => a.Conflict is not null), a => AssertSame(events[0].Event, a.Conflict!.Event));
    }

    [Fact]
    public async Task An_event_twice_in_one_append_is_written_once()
    {
        var (logged, _) = await Log.AppendAsync([Calm("chatgpt", 1), Calm("chatgpt", 1)], None);

        Assert.Equal(logged[0].Position, logged[1].Position);
        Assert.Single(await Log.ReadAsync(0, 10, None));
    }

    [Fact]
    public async Task Appends_at_the_same_time_write_every_id_once()
    {
        await Task.WhenAll(Enumerable.Range(0, 60).Select(i => Log.AppendAsync([Calm("chatgpt", (i % 20) + 1), Calm("claude", i + 1)], None)));

        var read = await Log.ReadAsync(0, 1000, None);
        Assert.Equal(80, read.Count);
        Assert.Equal(80, read.Select(e => e.Event.Id).Distinct().Count());
        Assert.Equal(read.Select(e => e.Position).Order(), read.Select(e => e.Position));
    }
}
