using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using OutageAggregator.Runtime.Intake;
using OutageAggregator.Runtime.Proposals;
using OutageAggregator.Storage;

namespace OutageAggregator.Web.Tests.Features.Proposals;

/// <summary>A node ends while it makes a proposal's counts those of its service: nothing is lost, and nothing counts twice.</summary>
public sealed class HalfAcceptedTests
{
    private static readonly Service s_service = new(ServiceSlug.Parse("foobank"), "Foo Bank", "ai", [], null, "UTC", null);

    // Two long ago, two just now.
    private static async Task<ProposalId> NamedAsync(ProposalsApp app)
    {
        await app.NameAsync("Foo Bank");
        await app.NameAsync("Foo Bank", region: "FR");
        app.Clock.Advance(TimeSpan.FromHours(3));
        await app.NameAsync("Foo Bank");
        app.Clock.Advance(TimeSpan.FromMinutes(2));
        return ProposalId.TryParse(await app.NameAsync("Foo Bank", caller: "203.0.113.7"), out var id) ? id : default;
    }

    private static async Task<int> CountedAsync(ProposalsApp app, Minute from) =>
        (await app.Counts.ReadSeriesAsync(new WatchKey(s_service.Slug, Region.World), from, app.Now + 1, 1, default, default)).Sum(p => p.Counts.Reports);

    /// <summary>As it stands where a node ends just after it kept the service, or just before it says that the counts are moved.</summary>
    private static async Task EndInBetweenAsync(ProposalsApp app, ProposalId proposal, bool lastStep)
    {
        if (!lastStep)
        {
            await app.Store.AcceptAsync(new AcceptedProposal(s_service, proposal, app.Clock.GetUtcNow(), "night-desk"), default);
            return;
        }
        var services = app.App.Services;
        using var ending = new AcceptedServices(
            new EndsBeforeMoved(app.Store), services.GetRequiredService<Catalog>(), app.Counts, services.GetRequiredService<IWatches>(),
            services.GetRequiredService<ReporterKey>(), app.Clock, NullLogger<AcceptedServices>.Instance);
        await Assert.ThrowsAsync<StoreUnavailableException>(() => ending.AcceptAsync(proposal, s_service, "night-desk"));
    }

    [Theory]
    [InlineData(false, false, 0)]
    [InlineData(false, true, 0)]
    [InlineData(true, true, 10)]
    [InlineData(true, false, 24)]
    [InlineData(true, true, 26)]
    [InlineData(true, false, 90)]
    [InlineData(true, true, 90)]
    [InlineData(false, true, 90)]
    [InlineData(true, false, 2_000)]
    [InlineData(true, true, 2_000)]
    public async Task The_next_one_who_names_it_finishes_it_and_is_led_to_the_service(bool onDisk, bool lastStep, int minutesLater)
    {
        await using var app = await ProposalsApp.StartAsync(onDisk);
        var from = app.Now;
        await EndInBetweenAsync(app, await NamedAsync(app), lastStep);
        Assert.Equal(HttpStatusCode.NotFound, (await app.App.Client.GetAsync("/api/v1/services/foobank")).StatusCode);
        app.Clock.Advance(TimeSpan.FromMinutes(minutesLater));
        await app.NameAsync("Barbank");

        var press = await (await app.ProposeAsync("""{"name":"is foobank down?"}""")).ProblemAsync(HttpStatusCode.Conflict, "already-listed");

        Assert.Equal("foobank", press.GetProperty("suggestions")[0].GetProperty("slug").GetString());
        Assert.Equal(4, await CountedAsync(app, from));
        Assert.Equal("Barbank", Assert.Single(await app.Store.ReadAsync(app.Clock.GetUtcNow(), default)).Name);
        await (await app.SendAsync(Answers.Post("/api/v1/reports", """{"service":"foobank"}"""))).JsonAsync(HttpStatusCode.Accepted);
        Assert.Equal(5, await CountedAsync(app, from));
        if (minutesLater == 0)
        {
            var again = await (await app.SendAsync(Answers.Post("/api/v1/reports", """{"service":"foobank"}"""), "203.0.113.7")).JsonAsync(HttpStatusCode.OK);
            Assert.Equal("duplicate", again.GetProperty("reason").GetString());
        }
    }

    [Theory]
    [InlineData(false, 0)]
    [InlineData(true, 0)]
    [InlineData(false, 90)]
    [InlineData(true, 90)]
    public async Task The_next_start_finishes_it(bool lastStep, int minutesLater)
    {
        await using var app = await ProposalsApp.StartAsync(onDisk: true);
        var from = app.Now;
        await EndInBetweenAsync(app, await NamedAsync(app), lastStep);
        app.Clock.Advance(TimeSpan.FromMinutes(minutesLater));
        await app.NameAsync("Barbank");

        await app.RestartAsync();
        await app.App.Services.GetRequiredService<AcceptedServices>().FinishAsync(default);

        Assert.Equal(4, await CountedAsync(app, from));
        Assert.Equal(HttpStatusCode.OK, (await app.App.Client.GetAsync("/api/v1/services/foobank")).StatusCode);
    }

    [Fact]
    public async Task A_browser_is_led_to_the_form_of_the_service()
    {
        await using var app = await ProposalsApp.StartAsync();
        await EndInBetweenAsync(app, await NamedAsync(app), lastStep: false);

        using var answer = await app.BrowserAsync("name=foobank");

        Assert.Equal((HttpStatusCode.SeeOther, "/services/foobank/report"), (answer.StatusCode, answer.Headers.Location!.ToString()));
    }

    // The true store, up to the step that is never reached.
    private sealed class EndsBeforeMoved(IProposalStore store) : IProposalStore
    {
        public bool IsShared => store.IsShared;
        public Task<NamingReceipt> NameAsync(Naming naming, CancellationToken cancellation) => store.NameAsync(naming, cancellation);
        public Task<IReadOnlyList<Proposal>> ReadAsync(DateTimeOffset now, CancellationToken cancellation) => store.ReadAsync(now, cancellation);
        public Task<Proposal?> FindAsync(ProposalId id, DateTimeOffset now, CancellationToken cancellation) => store.FindAsync(id, now, cancellation);
        public Task<ProposedCounts> ReadCountsAsync(ProposalId id, CancellationToken cancellation) => store.ReadCountsAsync(id, cancellation);
        public Task<bool> ForgetAsync(ProposalId id, CancellationToken cancellation) => store.ForgetAsync(id, cancellation);
        public Task<AcceptedProposal> AcceptAsync(AcceptedProposal accepted, CancellationToken cancellation) => store.AcceptAsync(accepted, cancellation);
        public Task MovedAsync(ServiceSlug slug, CancellationToken cancellation) => throw new StoreUnavailableException("It ended here.");
        public Task<IReadOnlyList<AcceptedProposal>> ReadAcceptedAsync(CancellationToken cancellation) => store.ReadAcceptedAsync(cancellation);
        public Task<long> ReadVersionAsync(CancellationToken cancellation) => store.ReadVersionAsync(cancellation);
    }
}
