using System.Net;
using System.Text.Json;
using OutageAggregator.TestKit.Web;
using static OutageAggregator.Contracts.Story;

namespace OutageAggregator.Web.Tests.Features.Reviews;

public sealed class TrackRecordApiTests
{
    private const string Page = "/methodology/track-record";

    private static async Task<JsonElement> RecordAsync(ReviewWorld world) =>
        await (await world.GetAsync("/api/v1/track-record")).JsonAsync(HttpStatusCode.OK);

    private static async Task ReviewAsync(ReviewWorld world, string id, string verdict)
    {
        using var response = await world.ReviewAsync(verdict, "Looked at.", id);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    private static async Task EndAsync(ReviewWorld world, int number, int daysAgo) =>
        await world.Story.ResolveAsync(Incident(At(12, 0, -daysAgo), At(13, 0, -daysAgo), number: number));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task It_counts_what_ended_and_what_was_said_of_it(bool onDisk)
    {
        await using var world = await ReviewWorld.StartAsync(onDisk);
        // Two in 2023.
        foreach (var (number, daysAgo) in new[] { (2, 2), (3, 3), (4, 4), (5, 5), (6, 400), (7, 401) })
            await EndAsync(world, number, daysAgo);
        await ReviewAsync(world, "chatgpt-1", "unclear");
        await ReviewAsync(world, "chatgpt-1", "confirmed");
        await ReviewAsync(world, "chatgpt-2", "confirmed");
        await ReviewAsync(world, "chatgpt-3", "false-alarm");
        await ReviewAsync(world, "chatgpt-4", "unclear");
        await ReviewAsync(world, "chatgpt-6", "collateral");
        // Not over yet, so not in it.
        await ReviewAsync(world, "claude-1", "confirmed");

        var record = await RecordAsync(world);

        Assert.Equal(
            """{"ended":7,"reviewed":5,"confirmed":2,"falseAlarms":1,"collateral":1,"unclear":1,"decided":4,"confirmedShare":0.5,"confirmedInterval":{"level":0.95,"lower":0.15,"upper":0.85},"medianDelayMinutes":2}""",
            record.GetProperty("all").GetRawText());
        Assert.Equal([2024, 2023], record.GetProperty("years").EnumerateArray().Select(y => y.GetProperty("year").GetInt32()));
        Assert.Equal(
            """{"ended":2,"reviewed":1,"confirmed":0,"falseAlarms":0,"collateral":1,"unclear":0,"decided":1,"confirmedShare":0,"confirmedInterval":{"level":0.95,"lower":0,"upper":0.7935},"medianDelayMinutes":null}""",
            record.GetProperty("years")[1].GetProperty("record").GetRawText());
        Assert.True(record.GetProperty("complete").GetBoolean());
        var page = await world.App.PageAsync(Page);
        Assert.Contains("Of 4 incidents that could be decided, 2 were confirmed: 50 %, with a 95 % interval of 15 to 85 %. Half of the confirmed were said within 2 minutes of their onset.", page, StringComparison.Ordinal);
        Assert.Contains("7 incidents have ended on this server. 5 of them were reviewed; of 1 it could not be told what it was.", page, StringComparison.Ordinal);
        Assert.Contains("<td>50 % (15 to 85 %)</td>", page, StringComparison.Ordinal);
        Assert.Contains("""<th scope="row">2023</th>""", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_nothing_was_reviewed_it_says_so()
    {
        await using var world = await ReviewWorld.StartAsync();

        var record = (await RecordAsync(world)).GetProperty("all");

        Assert.Equal(1, record.GetProperty("ended").GetInt32());
        Assert.Equal(JsonValueKind.Null, record.GetProperty("confirmedShare").ValueKind);
        Assert.Equal(JsonValueKind.Null, record.GetProperty("confirmedInterval").ValueKind);
        var page = await world.App.PageAsync(Page);
        Assert.Contains("No incident has been reviewed yet.", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<table", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("confirmed", "Of one incident that could be decided, one was confirmed: 100 %, with a 95 % interval of 21 to 100 %. It was said 2 minutes after its onset.")]
    [InlineData("false-alarm", "Of one incident that could be decided, none were confirmed: 0 %, with a 95 % interval of 0 to 79 %.")]
    [InlineData("unclear", "Incidents were reviewed, but of none could it be told what it was.")]
    public async Task One_review_is_told_as_one(string verdict, string says)
    {
        await using var world = await ReviewWorld.StartAsync();
        await ReviewAsync(world, "chatgpt-1", verdict);

        var page = await world.App.PageAsync(Page);

        Assert.Contains($"""<p class="lede">{says}</p>""", page, StringComparison.Ordinal);
        Assert.Contains("One incident has ended on this server. It was reviewed.", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_without_incidents_has_an_empty_one()
    {
        await using var world = await ApiWorld.StartAsync();

        var record = await world.GetAsync("/api/v1/track-record");

        Assert.Equal(0, record.GetProperty("all").GetProperty("ended").GetInt32());
        Assert.Empty(record.GetProperty("years").EnumerateArray());
        Assert.Contains("No incident has ended on this server yet.", await world.App.PageAsync(Page), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_review_is_counted_at_once_and_what_ended_within_a_minute()
    {
        await using var world = await ReviewWorld.StartAsync();
        Assert.Equal(0, (await RecordAsync(world)).GetProperty("all").GetProperty("reviewed").GetInt32());

        await ReviewAsync(world, "chatgpt-1", "confirmed");
        Assert.Equal(1, (await RecordAsync(world)).GetProperty("all").GetProperty("reviewed").GetInt32());

        await EndAsync(world, 2, 2);
        world.Story.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(2, (await RecordAsync(world)).GetProperty("all").GetProperty("ended").GetInt32());
    }

    [Fact]
    public async Task Who_asks_again_is_told_304_until_something_changed()
    {
        await using var world = await ReviewWorld.StartAsync();
        using var first = await world.GetAsync("/api/v1/track-record");
        var etag = first.Headers.ETag!.ToString();
        using var same = await world.GetAsync("/api/v1/track-record", etag);
        Assert.Equal(HttpStatusCode.NotModified, same.StatusCode);
        Assert.Equal("*", Assert.Single(same.Headers.GetValues("Access-Control-Allow-Origin")));

        await ReviewAsync(world, "chatgpt-1", "confirmed");
        using var changed = await world.GetAsync("/api/v1/track-record", etag);
        Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
    }

    [Fact]
    public async Task More_incidents_than_a_page_of_the_log_are_all_counted()
    {
        await using var world = await ReviewWorld.StartAsync();
        for (var number = 2; number <= 2_100; number++)
            await world.Story.ResolveAsync(Incident(At(12, 0, -2) - number, At(12, 30, -2) - number, number: number));
        await ReviewAsync(world, "chatgpt-2", "confirmed");
        await ReviewAsync(world, "chatgpt-2100", "false-alarm");

        var all = (await RecordAsync(world)).GetProperty("all");

        Assert.Equal(2_100, all.GetProperty("ended").GetInt32());
        Assert.Equal(2, all.GetProperty("decided").GetInt32());
    }

    [Fact]
    public async Task The_incidents_page_tells_the_review_in_plain_words_and_its_list_does()
    {
        await using var world = await ReviewWorld.StartAsync();
        using var review = await world.ReviewAsync("false-alarm", "<b>A film</b> & a joke.");
        Assert.Equal(HttpStatusCode.OK, review.StatusCode);

        var page = await world.App.PageAsync("/incidents/chatgpt-1");

        Assert.Contains("The operators reviewed this incident on", page, StringComparison.Ordinal);
        Assert.Contains("9 November 2024</time>: <strong>a false alarm</strong>.", page, StringComparison.Ordinal);
        Assert.Contains("""Reason: <span dir="auto">&lt;b&gt;A film&lt;/b&gt; &amp; a joke.</span></span> <a href="/methodology/track-record">""", page, StringComparison.Ordinal);
        Assert.DoesNotContain("night-desk", page, StringComparison.Ordinal);
        Assert.Contains("; reviewed: a false alarm", await world.App.PageAsync("/archive"), StringComparison.Ordinal);
        Assert.DoesNotContain("reviewed", await world.App.PageAsync("/incidents/claude-1"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_confirmation_without_a_reason_is_told_without_one()
    {
        await using var world = await ReviewWorld.StartAsync();
        using var review = await world.ReviewAsync("confirmed");

        var page = await world.App.PageAsync("/incidents/chatgpt-1");

        Assert.Contains("<strong>confirmed</strong>", page, StringComparison.Ordinal);
        Assert.DoesNotContain("Reason:", page, StringComparison.Ordinal);
    }
}
