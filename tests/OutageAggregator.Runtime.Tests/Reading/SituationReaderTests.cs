using OutageAggregator.Contracts;
using OutageAggregator.Runtime.Reading;
using OutageAggregator.Storage.Memory;
using static OutageAggregator.Contracts.Story;

namespace OutageAggregator.Runtime.Tests.Reading;

public sealed class SituationReaderTests
{
    private static ValueTask<Situation> Ask(ReadingWorld world, Region? region = null) =>
        world.Get<SituationReader>().ReadAsync(world.ChatGpt, region ?? Region.World, default);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task In_an_outage_the_answer_gives_the_reports_the_usual_and_the_region(bool onDisk)
    {
        await using var world = new ReadingWorld(onDisk);
        await world.LiveThroughAMonthAsync("chatgpt", Italy, 3);
        await world.CountAsync("chatgpt", Italy, world.Now - 2, 900);
        await world.CountAsync("chatgpt", Spain, world.Now, 334);
        await world.LogAsync("chatgpt", IncidentEventKind.Opened, ServiceStatus.Outage, Incident(At(0, 6)));

        var situation = await Ask(world, Italy);

        Assert.Equal(ServiceStatus.Outage, situation.Status);
        Assert.Equal(1_234, situation.World.Reports15m);
        Assert.InRange(situation.World.Expected15m!.Value, 2.5, 3.5);
        Assert.Equal(900, situation.Local.Reports15m);
        Assert.Equal((Finding.Outage, Surface.Web, false), (situation.Finding, situation.MostNamed, situation.IsLocallyUsual));
    }

    [Fact]
    public async Task Who_has_just_reported_is_told_of_what_came_with_it_where_few_are_known()
    {
        await using var world = new ReadingWorld();
        await world.ObserveAsync();
        ValueTask<Situation> AskAfterReport() => world.Get<SituationReader>().ReadAfterReportAsync(world.ChatGpt, Region.World, default);
        Assert.Equal(0, (await Ask(world)).World.Reports15m);
        await world.CountAsync("chatgpt", Italy, world.Now, 1);
        Assert.Equal(0, (await Ask(world)).World.Reports15m);
        Assert.Equal(1, (await AskAfterReport()).World.Reports15m);
        await world.CountAsync("chatgpt", Spain, world.Now, 1);
        Assert.Equal(2, (await AskAfterReport()).World.Reports15m);
        // From here on a crowd shares one look.
        var shared = await AskAfterReport();
        Assert.Same(shared, await AskAfterReport());
    }

    [Theory]
    [InlineData("NP", false)]
    [InlineData("IT", false)]
    [InlineData("ZZ", false)]
    [InlineData("NP", true)]
    [InlineData("FO", true)]
    public async Task Who_has_just_reported_is_among_those_of_their_region_also_where_many_report_elsewhere(string code, bool inOutage)
    {
        await using var world = new ReadingWorld();
        await world.ObserveAsync();
        var region = Region.Parse(code);
        await world.CountAsync("chatgpt", Spain, world.Now, 900);
        if (inOutage)
            await world.LogAsync("chatgpt", IncidentEventKind.Opened, ServiceStatus.Outage, Incident(At(0, 6)));
        ValueTask<Situation> AskAfterReport() => world.Get<SituationReader>().ReadAfterReportAsync(world.ChatGpt, region, default);
        Assert.Equal(0, (await Ask(world, region)).Local.Reports15m);

        await world.CountAsync("chatgpt", region, world.Now, 1);
        Assert.Equal((1, 901), await TellAsync());
        await world.CountAsync("chatgpt", region, world.Now, 2);
        Assert.Equal((2, 902), await TellAsync());

        async Task<(int, int)> TellAsync() => await AskAfterReport() is var told ? (told.Local.Reports15m, told.World.Reports15m) : default;
    }

    [Fact]
    public async Task A_crowd_that_reports_at_once_from_a_region_shares_one_look()
    {
        await using var world = new ReadingWorld();
        await world.ObserveAsync();
        await world.CountAsync("chatgpt", Spain, world.Now, 900);
        Assert.Equal(0, (await Ask(world, Italy)).Local.Reports15m);
        await world.CountAsync("chatgpt", Italy, world.Now, 300);

        var told = await Task.WhenAll(Enumerable.Range(0, 300).Select(_ => Task.Run(
            () => world.Get<SituationReader>().ReadAfterReportAsync(world.ChatGpt, Italy, default).AsTask())));

        Assert.Equal(300, Assert.Single(told.Distinct(ReferenceEqualityComparer.Instance).Cast<Situation>()).Local.Reports15m);
    }

    [Fact]
    public async Task Only_the_last_fifteen_minutes_count()
    {
        await using var world = new ReadingWorld();
        await world.ObserveAsync();
        await world.CountAsync("chatgpt", Italy, world.Now - 15, 1_000);
        await world.CountAsync("chatgpt", Italy, world.Now - 14, 10);
        await world.CountAsync("chatgpt", Italy, world.Now, 1);
        Assert.Equal(11, (await Ask(world)).World.Reports15m);
    }

    [Fact]
    public async Task Back_and_late_reports_are_no_reports_of_trouble()
    {
        await using var world = new ReadingWorld();
        await world.ObserveAsync();
        await world.CountAsync("chatgpt", Italy, world.Now, 7, kind: ReportKind.Back);
        await world.CountAsync("chatgpt", Italy, world.Now, 5, late: true);
        Assert.Equal(0, (await Ask(world)).World.Reports15m);
    }

    [Fact]
    public async Task Where_nobody_reported_it_may_be_just_you()
    {
        await using var world = new ReadingWorld();
        await world.ObserveAsync();
        var situation = await Ask(world, Italy);
        Assert.Equal(ServiceStatus.Normal, situation.Status);
        Assert.Equal(Finding.Nobody, situation.Finding);
    }

    [Fact]
    public async Task An_outage_elsewhere_has_no_reports_from_here()
    {
        await using var world = new ReadingWorld();
        await world.ObserveAsync();
        await world.CountAsync("chatgpt", Italy, world.Now, 50, surface: Surface.Unknown);
        await world.LogAsync("chatgpt", IncidentEventKind.Opened, ServiceStatus.Outage, Incident(At(0, 6)));
        var situation = await Ask(world, Spain);
        Assert.Equal((Finding.Outage, Spain, 0, null), (situation.Finding, situation.Region, situation.Local.Reports15m, situation.MostNamed));
    }

    [Fact]
    public async Task An_outage_that_recovers_is_found_to_get_better()
    {
        await using var world = new ReadingWorld();
        await world.ObserveAsync();
        await world.CountAsync("chatgpt", Italy, world.Now, 50);
        var incident = Incident(At(0, 6));
        incident = incident with { Phases = incident.Phases.Add(new Phase(PhaseKind.Recovery, At(0, 18), null)) };
        await world.LogAsync("chatgpt", IncidentEventKind.Recovering, ServiceStatus.Outage, incident);
        Assert.Equal(Finding.Recovering, (await Ask(world)).Finding);
    }

    [Fact]
    public async Task Elevated_is_neither_an_outage_nor_nothing()
    {
        await using var world = new ReadingWorld();
        await world.ObserveAsync();
        await world.CountAsync("chatgpt", Italy, world.Now, 12);
        await world.LogAsync("chatgpt", IncidentEventKind.Elevated, ServiceStatus.Elevated);
        var situation = await Ask(world);
        Assert.Equal(ServiceStatus.Elevated, situation.Status);
        Assert.Equal((Finding.Elevated, 12), (situation.Finding, situation.World.Reports15m));
    }

    [Theory]
    [InlineData(300, Finding.Crowd)]
    [InlineData(6, Finding.Crowd)]
    [InlineData(5, Finding.Usual)]
    public async Task A_crowd_that_no_closed_minute_shows_yet_is_not_called_nothing(int reports, Finding finding)
    {
        await using var world = new ReadingWorld();
        await world.LiveThroughAMonthAsync("chatgpt", Italy, 3);
        await world.CountAsync("chatgpt", Italy, world.Now, reports);
        var situation = await Ask(world);
        Assert.Equal(ServiceStatus.Normal, situation.Status);
        Assert.Equal(finding, situation.Finding);
    }

    [Theory]
    [InlineData(0, Finding.Nobody, ServiceStatus.Normal)]
    [InlineData(3, Finding.Usual, ServiceStatus.Normal)]
    [InlineData(4, Finding.Elevated, ServiceStatus.Elevated)]
    [InlineData(40, Finding.Elevated, ServiceStatus.Elevated)]
    public async Task What_the_log_calls_elevated_is_told_so_where_the_numbers_bear_it_out(int reports, Finding finding, ServiceStatus status)
    {
        await using var world = new ReadingWorld();
        await world.LiveThroughAMonthAsync("chatgpt", Italy, 3);
        await world.CountAsync("chatgpt", Italy, world.Now, reports);
        await world.LogAsync("chatgpt", IncidentEventKind.Elevated, ServiceStatus.Elevated);

        var situation = await Ask(world);
        Assert.Equal((finding, status), (situation.Finding, situation.Status));
        var services = world.Get<ServiceReader>();
        var summary = (await services.ReadAsync(world.ChatGpt, default)).Summary;
        Assert.Equal((status, status == ServiceStatus.Elevated), (summary.Status, summary.Since is not null));
        Assert.Equal(status, (await services.StatusesAsync(default)).Services.Single(s => s.Service == world.ChatGpt).Status);
        var elevated = await services.ListAsync(new ServiceQuery(Status: ServiceStatus.Elevated), default);
        Assert.Equal(status == ServiceStatus.Elevated, elevated.Items.Any(s => s.Service == world.ChatGpt));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(300)]
    public async Task A_server_that_has_learnt_nothing_yet_invents_no_usual(int reports)
    {
        await using var world = new ReadingWorld();
        await world.Counts.ObserveAsync(new MinuteRange(world.Now - 10, world.Now + 1), default);
        await world.Counts.ObserveAsync(world.Clock.GetUtcNow(), default);
        await world.CountAsync("chatgpt", Italy, world.Now, reports);
        var situation = await Ask(world);
        Assert.Equal(new Pulse(reports, null, null), situation.World);
        Assert.Equal((Finding.NoHistory, ServiceStatus.Unknown), (situation.Finding, situation.Status));
        Assert.Equal(new History((world.Now - 10).Start, IsEnough: false), situation.History);
        Assert.Null((await world.Get<ServiceReader>().ReadAsync(world.ChatGpt, default)).Summary.Pulse.Expected15m);
    }

    [Fact]
    public async Task Stale_data_is_unknown_and_never_normal()
    {
        await using var world = new ReadingWorld();
        await world.ObserveAsync();
        Assert.Equal(ServiceStatus.Normal, (await Ask(world)).Status);
        world.Clock.Advance(TimeSpan.FromSeconds(90));
        var situation = await Ask(world);
        Assert.Equal(ServiceStatus.Unknown, situation.Status);
        Assert.Equal((Finding.Unknown, TimeSpan.FromSeconds(90)), (situation.Finding, situation.Freshness!.Value.Age));
    }

    [Fact]
    public async Task A_store_that_never_observed_anything_knows_nothing()
    {
        await using var world = new ReadingWorld();
        var situation = await Ask(world);
        Assert.Equal(ServiceStatus.Unknown, situation.Status);
        Assert.Equal((Finding.Unknown, DateTimeOffset.UnixEpoch), (situation.Finding, situation.Freshness!.Value.ObservedAt));
    }

    [Theory]
    [InlineData(1, 89, false)]
    [InlineData(1, 90, true)]
    [InlineData(60, 599, false)]
    [InlineData(60, 600, true)]
    public async Task Data_is_stale_after_90_seconds_and_not_before_10_real_ones(double speed, double seconds, bool isStale)
    {
        var real = new ManualClock(At(0, 0).Start);
        var clock = new SimulatedClock(At(0, 0).Start, speed, real);
        var counts = new MemoryCountStore();
        await counts.ObserveAsync(clock.GetUtcNow(), default);
        real.Advance(TimeSpan.FromSeconds(seconds / speed) + TimeSpan.FromTicks(1));
        Assert.Equal(isStale, (await new FreshnessReader(new ObservedReader(counts, clock), clock).ReadAsync(default)).IsStale);
    }

    [Fact]
    public async Task Surfaces_come_most_reported_first_with_their_share()
    {
        await using var world = new ReadingWorld();
        await world.ObserveAsync();
        await world.CountAsync("chatgpt", Italy, world.Now, 1, surface: Surface.Ios);
        await world.CountAsync("chatgpt", Spain, world.Now, 3, surface: Surface.Web);
        Assert.Equal(
            [new Share<Surface>(Surface.Web, 3, 0.75), new Share<Surface>(Surface.Ios, 1, 0.25)], (await Ask(world)).Surfaces);
    }

    [Fact]
    public async Task The_answer_is_kept_for_a_second_and_not_longer()
    {
        await using var world = new ReadingWorld();
        await world.ObserveAsync();
        var first = await Ask(world);
        await world.CountAsync("chatgpt", Italy, world.Now, 5);
        world.Clock.Advance(TimeSpan.FromMilliseconds(999));
        Assert.Same(first, await Ask(world));
        world.Clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(5, (await Ask(world)).World.Reports15m);
    }
}
