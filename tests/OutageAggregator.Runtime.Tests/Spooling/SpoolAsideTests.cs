using OutageAggregator.Storage.Spool;
using static OutageAggregator.TestKit.Stores.Example;

namespace OutageAggregator.Runtime.Tests.Spooling;

/// <summary>What fails: tried for long, in nobody's way, and never thrown away.</summary>
public sealed class SpoolAsideTests
{
    private static readonly CancellationToken s_none = CancellationToken.None;

    [Fact]
    public async Task What_can_not_be_read_is_set_aside_at_once_and_all_else_goes_on()
    {
        await using var world = new SpoolWorld();
        world.Door.IsAway = true;
        var damaged = Batch(Chat, Noon, Down(1), Down(2));
        foreach (var batch in new[] { damaged, Batch(Chat, Noon, Down(3)), Batch(Claude, Noon, Down(4)) })
            _ = await world.Watches.RecordAsync(batch, s_none);
        world.Door.IsAway = false;
        await world.RestartAsync(file => file.Execute("UPDATE batches SET packed = x'01' WHERE reports = 2"));

        await world.DrainAsync();

        Assert.Equal((1, 1), (await CountAsync(world.Store, Chat), await CountAsync(world.Store, Claude)));
        Assert.Equal(2, world.Spool.File.AsideReports);
    }

    [Fact]
    public async Task A_batch_that_fails_is_tried_again_and_others_of_its_key_do_not_wait_for_it()
    {
        await using var world = new SpoolWorld();
        world.Door.IsAway = true;
        var failing = Batch(Chat, Noon, Down(1));
        _ = await world.Watches.RecordAsync(failing, s_none);
        for (var i = 2; i <= 50; i++)
            _ = await world.Watches.RecordAsync(Batch(Chat, Noon, Down(i)), s_none);
        var tries = 0;
        world.Door.Fault = b => b.Id == failing.Id && Interlocked.Increment(ref tries) < 8 ? new InvalidOperationException("A fault of ours.") : null;
        world.Door.IsAway = false;

        await world.DrainAsync();

        // More often than a fault of three seconds: it is no reason to give up, nor for the others to wait.
        Assert.Equal(8, tries);
        Assert.Equal(failing.Id, world.Door.Stored[^1]);
        Assert.Equal(50, await CountAsync(world.Store, Chat));
        Assert.Equal(0, world.Spool.File.AsideReports);
    }

    [Fact]
    public async Task What_is_set_aside_is_tried_after_the_next_start_and_counted_once_but_for_what_was_taken_back()
    {
        var now = TimeProvider.System.GetUtcNow();
        await using var world = new SpoolWorld { Patience = TimeSpan.Zero };
        world.Door.IsAway = true;
        var batch = Batch(Chat, now, Down(1), Down(2), Down(3));
        _ = await world.Watches.RecordAsync(batch, s_none);
        world.Door.Fault = static _ => new InvalidOperationException("A fault of ours.");
        world.Door.IsAway = false;
        await world.DrainAsync();
        Assert.Equal((3, true), (world.Spool.File.AsideReports, world.Spool.IsEmpty));
        Assert.True(await world.Watches.WithdrawAsync(new ReportId(batch.Id, 1), s_none));
        Assert.NotNull(await world.Watches.AmendAsync(new ReportId(batch.Id, 2), new ReportDetails(null, null, null, new Remark("later", null)), s_none));
        // Sent again, it is where it is.
        world.Door.IsAway = true;
        Assert.True((await world.Watches.RecordAsync(batch, s_none)).IsRepeat);
        world.Door.IsAway = false;

        await world.RestartAsync();
        Assert.Equal((0, 3), (world.Spool.File.AsideReports, world.Spool.Reports));
        world.Door.Fault = static _ => null;
        await world.DrainAsync();

        Assert.Equal(2, await CountAsync(world.Store, Chat));
        Assert.Equal("later", (await world.Store.AmendAsync(new ReportId(batch.Id, 2), new ReportDetails(null, null, null, null), s_none))!.Told.Remark!.Comment);
    }

    [Fact]
    public async Task What_was_set_aside_long_ago_is_handed_on_with_the_statement_of_the_manual()
    {
        await using var world = new SpoolWorld { Patience = TimeSpan.Zero };
        world.Door.IsAway = true;
        _ = await world.Watches.RecordAsync(Batch(Chat, Noon, Down(1), Down(2)), s_none);
        world.Door.Fault = static _ => new InvalidOperationException("A fault of ours.");
        world.Door.IsAway = false;
        await world.DrainAsync();
        world.Door.Fault = static _ => null;

        // The store may have forgotten whether it has it: that is for somebody to decide.
        await world.RestartAsync();
        Assert.Equal((2, 0), (world.Spool.File.AsideReports, world.Spool.Reports));
        var statements = SqlOf("operations.md");
        Assert.Equal(2, statements.Count);
        await world.RestartAsync(file =>
        {
            using (var rows = file.Prepare(statements[0]))
            {
                Assert.True(rows.Step());
                Assert.Equal(("chatgpt", "IT", "A fault of ours."), (rows.Text(0), rows.Text(1), rows.Text(4)));
                Assert.False(rows.Step());
            }
            file.Execute(statements[1]);
        });
        await world.DrainAsync();

        Assert.Equal(2, await CountAsync(world.Store, Chat));
        Assert.Equal(0, world.Spool.File.AsideReports);
    }

    [Fact]
    public async Task What_is_set_aside_takes_no_room_from_what_waits_and_is_bounded_as_well()
    {
        await using var world = new SpoolWorld(new SpoolSettings { Enabled = true, MaxMegabytes = 1 }) { Patience = TimeSpan.Zero };
        world.Door.Fault = static b => b.Key == Chat ? new InvalidOperationException("A fault of ours.") : null;
        var person = 0;
        async Task<int> FillAsync()
        {
            world.Door.IsAway = true;
            var before = world.Spool.Reports;
            while (world.Spool.IsTaking)
                _ = await world.Watches.RecordAsync(Batch(Chat, Noon, [.. Enumerable.Range(0, 1_000).Select(_ => Down(person++))]), s_none);
            world.Door.IsAway = false;
            return (int)(world.Spool.Reports - before);
        }
        var first = await FillAsync();
        await world.DrainAsync();
        Assert.Equal(first, world.Spool.File.AsideReports);

        var second = await FillAsync();
        Assert.InRange(second, first - 4_000, first + 4_000);
        // As much again is not set aside any more: it waits, and is tried.
        var tries = 0;
        var often = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        world.Door.Fault = _ =>
        {
            if (Interlocked.Increment(ref tries) > (second / 1_000) + 16)
                often.TrySetResult();
            return new InvalidOperationException("A fault of ours.");
        };
        await world.StartDrainingAsync();
        await often.Task;
        Assert.InRange(world.Spool.File.AsideReports, first, first + second - 10_000);
        world.Door.Fault = static _ => null;
        await world.Spool.WhenEmpty;

        Assert.Equal(first + second, world.Spool.File.AsideReports + await CountAsync(world.Store, Chat));
    }

    private static List<string> SqlOf(string manual) =>
    [
        .. File.ReadAllText(Path.Combine(AppContext.BaseDirectory, manual)).Split("```").Where(static (_, i) => i % 2 == 1)
            .Where(static block => block.StartsWith("sql\n", StringComparison.Ordinal) && block.Contains("set_aside", StringComparison.Ordinal)).Select(static block => block[4..]),
    ];
}
