using OutageAggregator.Runtime.Reading;
using static OutageAggregator.Contracts.Story;

namespace OutageAggregator.Runtime.Tests.Reading;

public sealed class ServiceReaderTests
{
    private static async Task<string[]> List(ReadingWorld world, ServiceQuery query) =>
        [.. (await world.Get<ServiceReader>().ListAsync(query, default)).Items.Select(s => s.Service.Slug.ToString())];

    [Fact]
    public async Task Statuses_of_all_are_told_without_their_counts_by_name_and_those_of_families_with_their_members()
    {
        await using var world = new ReadingWorld();
        await world.ObserveAsync();
        await world.LogAsync("sora", IncidentEventKind.Opened, ServiceStatus.Outage, Incident(At(0, 6), service: "sora"));
        await world.CountAsync("claude", Italy, world.Now, 20);
        await world.LogAsync("claude", IncidentEventKind.Elevated, ServiceStatus.Elevated);
        await world.LogAsync("gemini", IncidentEventKind.Resolved, ServiceStatus.Normal, Incident(At(23, 0, -1), At(23, 40, -1), "gemini"));

        var told = (await world.Get<ServiceReader>().StatusesAsync(default)).Services;

        Assert.Equal(
            "ChatGPT normal, Claude elevated, Gemini normal over, OpenAI outage, Sora outage, Telegram normal, WhatsApp normal",
            string.Join(", ", told.Select(t => $"{t.Service.Name} {t.Status.Code()}{(t.IsOver ? " over" : "")}")));
    }

    [Fact]
    public async Task A_list_without_counts_has_the_same_statuses()
    {
        await using var world = new ReadingWorld();
        await world.ObserveAsync();
        await world.CountAsync("sora", Italy, world.Now, 40);
        await world.LogAsync("sora", IncidentEventKind.Opened, ServiceStatus.Outage, Incident(At(0, 6), service: "sora"));
        var reader = world.Get<ServiceReader>();

        var with = await reader.ListAsync(new ServiceQuery(), default);
        var without = await reader.ListAsync(new ServiceQuery(WithCounts: false), default);

        Assert.Equal(with.Items.Select(i => (i.Service, i.Status)), without.Items.Select(i => (i.Service, i.Status)));
        Assert.All(without.Items, i => Assert.Equal(default, i.Pulse));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_list_gives_status_since_counts_and_incident_of_each_service(bool onDisk)
    {
        await using var world = new ReadingWorld(onDisk);
        await world.ObserveAsync();
        await world.CountAsync("chatgpt", Italy, world.Now, 40);
        await world.CountAsync("chatgpt", Spain, world.Now - 14, 2);
        await world.LogAsync("chatgpt", IncidentEventKind.Opened, ServiceStatus.Outage, Incident(At(0, 6)));
        await world.LogAsync("claude", IncidentEventKind.Resolved, ServiceStatus.Normal, Incident(At(20, 0, -1), At(21, 0, -1), "claude", 3));

        var list = await world.Get<ServiceReader>().ListAsync(new ServiceQuery(), default);

        Assert.False(list.HasMore);
        Assert.Equal(["chatgpt", "claude", "gemini", "openai", "sora", "telegram", "whatsapp"], list.Items.Select(s => s.Service.Slug.ToString()));
        var chatgpt = list.Items[0];
        Assert.Equal((ServiceStatus.Outage, At(0, 6).Start, 42, "chatgpt-1"), (chatgpt.Status, chatgpt.Since, chatgpt.Pulse.Reports15m, chatgpt.IncidentId?.ToString()));
        var claude = list.Items[1];
        Assert.Equal((ServiceStatus.Normal, At(21, 0, -1).Start, 0, null), (claude.Status, claude.Since, claude.Pulse.Reports15m, claude.IncidentId?.ToString()));
        Assert.Equal((ServiceStatus.Normal, null), (list.Items[2].Status, list.Items[2].Since));
    }

    [Fact]
    public async Task Pages_follow_each_other_without_holes_or_repeats_although_statuses_change_between_them()
    {
        await using var world = new ReadingWorld();
        await world.ObserveAsync();
        foreach (var slug in new[] { "chatgpt", "gemini", "whatsapp" })
        {
            await world.CountAsync(slug, Italy, world.Now, 20);
            await world.LogAsync(slug, IncidentEventKind.Elevated, ServiceStatus.Elevated);
        }
        var first = await List(world, new ServiceQuery(Status: ServiceStatus.Elevated, Limit: 1));
        await world.LogAsync("chatgpt", IncidentEventKind.Calmed, ServiceStatus.Normal);
        var second = await List(world, new ServiceQuery(Status: ServiceStatus.Elevated, After: ServiceSlug.Parse(first[0]), Limit: 2));
        Assert.Equal(["chatgpt"], first);
        Assert.Equal(["gemini", "whatsapp"], second);
    }

    [Fact]
    public async Task A_search_forgives_a_typo_and_a_category_narrows_it()
    {
        await using var world = new ReadingWorld();
        await world.ObserveAsync();
        Assert.Equal(["chatgpt"], await List(world, new ServiceQuery(Search: "chatgtp")));
        Assert.Empty(await List(world, new ServiceQuery(Search: "chatgtp", Category: "social")));
        Assert.Equal(["telegram", "whatsapp"], await List(world, new ServiceQuery(Category: "social")));
    }

    [Fact]
    public async Task Stale_data_makes_every_status_unknown_since_it_was_last_observed()
    {
        await using var world = new ReadingWorld();
        await world.ObserveAsync();
        var observed = world.Clock.GetUtcNow();
        await world.LogAsync("chatgpt", IncidentEventKind.Opened, ServiceStatus.Outage, Incident(At(0, 6)));
        world.Clock.Advance(TimeSpan.FromMinutes(5));
        var list = await world.Get<ServiceReader>().ListAsync(new ServiceQuery(Status: ServiceStatus.Unknown), default);
        Assert.Equal(world.Catalog.Services.Length, list.Items.Length);
        Assert.All(list.Items, s => Assert.Equal(observed, s.Since));
        Assert.Empty(await world.Get<ServiceReader>().InTroubleAsync(10, default));
    }

    [Fact]
    public async Task Trouble_comes_outages_first_and_then_by_how_far_above_the_usual()
    {
        await using var world = new ReadingWorld();
        await world.ObserveAsync();
        await world.CountAsync("gemini", Italy, world.Now, 500);
        await world.CountAsync("claude", Italy, world.Now, 20);
        await world.CountAsync("whatsapp", Italy, world.Now, 30);
        await world.LogAsync("gemini", IncidentEventKind.Elevated, ServiceStatus.Elevated);
        await world.LogAsync("claude", IncidentEventKind.Opened, ServiceStatus.Outage, Incident(At(0, 6), service: "claude"));
        await world.LogAsync("whatsapp", IncidentEventKind.Opened, ServiceStatus.Outage, Incident(At(0, 6), service: "whatsapp"));
        var trouble = await world.Get<ServiceReader>().InTroubleAsync(2, default);
        Assert.Equal(["whatsapp", "claude"], trouble.Select(s => s.Service.Slug.ToString()));
    }

    [Fact]
    public async Task A_recurrence_dates_the_status_and_not_the_first_onset()
    {
        await using var world = new ReadingWorld();
        await world.ObserveAsync();
        var incident = Incident(At(21, 0, -1));
        incident = incident with { Phases = [new Phase(PhaseKind.Onset, At(21, 0, -1), At(22, 0, -1)), new Phase(PhaseKind.Recurrence, At(0, 10), null)] };
        await world.LogAsync("chatgpt", IncidentEventKind.Recurred, ServiceStatus.Outage, incident);
        var details = await world.Get<ServiceReader>().ReadAsync(world.ChatGpt, default);
        Assert.Equal(At(0, 10).Start, details.Summary.Since);
    }

    [Fact]
    public async Task Details_give_shares_of_problems_surfaces_and_regions_and_who_is_still_broken()
    {
        await using var world = new ReadingWorld();
        await world.ObserveAsync();
        await world.CountAsync("chatgpt", Italy, world.Now, 6, Problem.Login, Surface.Ios);
        await world.CountAsync("chatgpt", Spain, world.Now - 1, 2, Problem.Errors, Surface.Web);
        await world.CountAsync("chatgpt", Spain, world.Now, 24, kind: ReportKind.Back);
        await world.CountAsync("chatgpt", Spain, world.Now, 99, late: true);
        var details = await world.Get<ServiceReader>().ReadAsync(world.ChatGpt, default);
        Assert.Equal([new Share<Problem>(Problem.Login, 6, 0.75), new Share<Problem>(Problem.Errors, 2, 0.25)], details.Problems);
        Assert.Equal([new Share<Surface>(Surface.Ios, 6, 0.75), new Share<Surface>(Surface.Web, 2, 0.25)], details.Surfaces);
        Assert.Equal([new Share<Region>(Italy, 6, 0.75), new Share<Region>(Spain, 2, 0.25)], details.Regions);
        Assert.Equal(24, details.Back15m);
        Assert.Equal(0.25, details.StillBrokenShare);
    }

    [Fact]
    public async Task Where_nobody_said_anything_nobody_is_known_to_be_still_broken()
    {
        await using var world = new ReadingWorld();
        await world.ObserveAsync();
        Assert.Null((await world.Get<ServiceReader>().ReadAsync(world.ChatGpt, default)).StillBrokenShare);
    }

    [Theory]
    [InlineData(6.9, 1_000, 0, Confidence.TooFew)]
    [InlineData(28, 11.9, 0, Confidence.TooFew)]
    [InlineData(7, 12, 0.5, Confidence.Erratic)]
    [InlineData(7, 12, 0.49, Confidence.Good)]
    public void Confidence_needs_a_week_a_dozen_reports_a_day_and_little_scatter(double days, double perDay, double dispersion, Confidence expected) =>
        Assert.Equal(expected, ConfidenceReader.Of(days, perDay, dispersion));

    [Fact]
    public async Task A_steady_month_earns_good_confidence_and_a_new_service_too_few()
    {
        await using var world = new ReadingWorld();
        await world.LiveThroughAMonthAsync("chatgpt", Italy, 5);
        Assert.Equal(Confidence.Good, (await world.Get<ServiceReader>().ReadAsync(world.ChatGpt, default)).Confidence);
        Assert.Equal(Confidence.TooFew, await world.Get<ConfidenceReader>().ReadAsync(ServiceSlug.Parse("claude"), default));
    }

    [Fact]
    public async Task Hours_that_jump_between_nothing_and_plenty_are_erratic_unless_an_incident_explains_them()
    {
        await using var world = new ReadingWorld();
        await world.LiveThroughAMonthAsync("chatgpt", Italy, 5);
        for (var day = 1; day <= 6; day++)
            await world.CountAsync("chatgpt", Italy, At(3 * day, 0, -day), 900);
        Assert.Equal(Confidence.Erratic, await world.Get<ConfidenceReader>().ReadAsync(world.ChatGpt.Slug, default));

        for (var day = 6; day >= 1; day--)
            await world.LogAsync("chatgpt", IncidentEventKind.Resolved, ServiceStatus.Normal, Incident(At(3 * day, 0, -day), At((3 * day) + 1, 0, -day), number: 7 - day));
        world.Clock.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal(Confidence.Good, await world.Get<ConfidenceReader>().ReadAsync(world.ChatGpt.Slug, default));
    }

    [Fact]
    public async Task Counts_are_looked_at_once_a_second_for_all_services_and_pages()
    {
        await using var world = new ReadingWorld();
        await world.ObserveAsync();
        var reader = world.Get<ServiceReader>();
        Assert.Equal(0, (await reader.ListAsync(new ServiceQuery(Limit: 1), default)).Items[0].Pulse.Reports15m);
        await world.CountAsync("chatgpt", Italy, world.Now, 5);
        // Another page, the same second: the same look.
        Assert.Equal(0, (await reader.ListAsync(new ServiceQuery(Limit: 2), default)).Items[0].Pulse.Reports15m);
        world.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(5, (await reader.ListAsync(new ServiceQuery(Limit: 2), default)).Items[0].Pulse.Reports15m);
    }
}
