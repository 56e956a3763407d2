using OutageAggregator.Storage;

namespace OutageAggregator.Contracts;

/// <summary>What every store of proposals promises. A store is done when a subclass that only says how to open an empty one passes unchanged.</summary>
public abstract class ProposalStoreContract : IAsyncLifetime
{
    protected static readonly CancellationToken None = CancellationToken.None;
    protected static readonly DateTimeOffset Noon = new(2024, 11, 8, 12, 0, 0, TimeSpan.Zero);
    private static readonly Region s_italy = Region.Parse("IT");
    private int _people;

    protected IProposalStore Store { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Store = await OpenAsync();

    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return default;
    }

    /// <summary>Opens an empty store; it is closed by the subclass.</summary>
    protected abstract ValueTask<IProposalStore> OpenAsync();

    protected static ProposedName Name(string text) => ProposedName.Read(text) ?? throw new ArgumentException($"'{text}' is no name.", nameof(text));

    protected static ProposalId Id(string text) => Name(text).Id;

    protected static AcceptedProposal Service(string slug, string proposal, DateTimeOffset? at = null) => new(
        new Service(ServiceSlug.Parse(slug), "Foo «Bank» 🙃 بانک", "banks", ["Foo", "فو بانک"], null, "Europe/Rome", "https://foobank.example/")
        {
            Domains = ["foobank.example", "foobank.it"],
            StatusPage = "https://status.foobank.example/",
        },
        Id(proposal), at ?? Noon, "desk");

    /// <summary>A press of somebody new, unless it is said whose.</summary>
    protected Task<NamingReceipt> NameAsync(string text, double minute = 0, ulong? person = null, Region? region = null) => Store.NameAsync(
        new Naming(Name(text), new Reporter(7, person ?? 1_000 + (ulong)++_people), region ?? s_italy, Noon.AddMinutes(minute)), None);

    private async Task<Proposal> OnlyAsync(double minute = 0) => Assert.Single(await Store.ReadAsync(Noon.AddMinutes(minute), None));

    private static void Same(AcceptedProposal expected, AcceptedProposal actual)
    {
        Assert.Equal(expected with { Service = null! }, actual with { Service = null! });
        Assert.Equal(expected.Service with { Aliases = [], Domains = [], Members = [] }, actual.Service with { Aliases = [], Domains = [], Members = [] });
        Assert.Equal(expected.Service.Aliases, actual.Service.Aliases);
        Assert.Equal(expected.Service.Domains, actual.Service.Domains);
    }

    [Fact]
    public async Task An_empty_store_answers_nothing()
    {
        Assert.Empty(await Store.ReadAsync(Noon, None));
        Assert.Null(await Store.FindAsync(Id("foobank"), Noon, None));
        var counts = await Store.ReadCountsAsync(Id("foobank"), None);
        Assert.Empty(counts.Cells);
        Assert.Empty(counts.Turns);
        Assert.False(await Store.ForgetAsync(Id("foobank"), None));
        Assert.Empty(await Store.ReadAcceptedAsync(None));
        await Store.MovedAsync(ServiceSlug.Parse("foobank"), None);
    }

    [Fact]
    public async Task Those_who_name_the_same_are_counted_together_by_minute_and_region()
    {
        Assert.Equal(new NamingReceipt(NamingOutcome.Counted, Noon + ReportRules.OncePer, 1), await NameAsync("Foo Bank"));
        Assert.Equal(2, (await NameAsync("is foobank down?", 0.9)).LastHour);
        Assert.Equal(3, (await NameAsync("https://foobank.example/", 14, region: Region.Unknown)).LastHour);
        Assert.Equal(1, (await NameAsync("Bar Bank", 15)).LastHour);
        Assert.Equal(2, (await NameAsync("FOOBANK", 62)).LastHour);

        var found = await Store.FindAsync(Id("foobank"), Noon.AddMinutes(62), None);

        Assert.Equal(
            new Proposal(Id("foobank"), "foobank", "Foo Bank", "foobank.example", Noon, Noon.AddMinutes(62), 4, 1, 2, 4), found);
        Assert.Equal(["Bar Bank", "Foo Bank"], (await Store.ReadAsync(Noon, None)).Select(p => p.Name).Order(StringComparer.Ordinal));
        var first = Minute.Of(Noon);
        Assert.Equal(
            [new(first, s_italy, 2), new(first + 14, Region.Unknown, 1), new ProposedCell(first + 62, s_italy, 1)],
            (await Store.ReadCountsAsync(Id("foobank"), None)).Cells);
    }

    [Fact]
    public async Task One_reporter_counts_once_in_half_an_hour_for_a_name()
    {
        Assert.Equal(NamingOutcome.Counted, (await NameAsync("Foo Bank", 0, person: 1)).Outcome);
        Assert.Equal(new NamingReceipt(NamingOutcome.Duplicate, Noon + ReportRules.OncePer, 1), await NameAsync("foobank", 29.9, person: 1, region: Region.Unknown));
        Assert.Equal(NamingOutcome.Counted, (await NameAsync("Bar Bank", 29.9, person: 1)).Outcome);
        Assert.Equal(NamingOutcome.Counted, (await NameAsync("Foo Bank", 30, person: 1)).Outcome);
        Assert.Equal(NamingOutcome.Duplicate, (await NameAsync("Foo Bank", 59, person: 1)).Outcome);
        Assert.Equal(NamingOutcome.Counted, (await NameAsync("Foo Bank", 59, person: 2)).Outcome);

        Assert.Equal(3, (await Store.FindAsync(Id("foobank"), Noon.AddMinutes(59), None))!.Reports);
    }

    [Fact]
    public async Task The_last_ones_who_named_it_are_known_with_where_they_are_from()
    {
        await NameAsync("Foo Bank", 0, person: 1);
        await NameAsync("Foo Bank", 31, person: 1, region: Region.Unknown);
        await NameAsync("Foo Bank", 32, person: ulong.MaxValue);
        await NameAsync("Bar Bank", 32, person: 2);

        Assert.Equal(
            [new(new Reporter(7, 1), Region.Unknown, Noon.AddMinutes(31)), new ProposedTurn(new Reporter(7, ulong.MaxValue), s_italy, Noon.AddMinutes(32))],
            (await Store.ReadCountsAsync(Id("foobank"), None)).Turns);
    }

    [Fact]
    public async Task A_reporter_names_a_few_things_in_a_half_hour_and_no_more()
    {
        for (var i = 0; i < ProposalRules.MostNames; i++)
            Assert.Equal(NamingOutcome.Counted, (await NameAsync($"name{(char)('a' + i)}", 5, person: 1)).Outcome);

        Assert.Equal(new NamingReceipt(NamingOutcome.TooManyNames, Noon.AddMinutes(30), 0), await NameAsync("Foo Bank", 6, person: 1));
        Assert.Null(await Store.FindAsync(Id("foobank"), Noon, None));
        Assert.Equal(NamingOutcome.Counted, (await NameAsync("Foo Bank", 6, person: 2)).Outcome);
        Assert.Equal(NamingOutcome.Counted, (await NameAsync("Foo Bank", 31, person: 1)).Outcome);
    }

    [Fact]
    public async Task Chance_names_push_each_other_out_and_none_that_others_named_too()
    {
        await NameAsync("Foo Bank");
        await NameAsync("Foo Bank", 1);
        for (var i = 0; i < ProposalRules.MostProposals + 20; i++)
            Assert.Equal(NamingOutcome.Counted, (await NameAsync($"chance{Letters(i)}", 2 + (i / 1000.0), person: i == 0 ? 1 : null)).Outcome);

        var all = await Store.ReadAsync(Noon.AddMinutes(5), None);

        Assert.Equal(ProposalRules.MostProposals, all.Count);
        Assert.Equal(2, Assert.Single(all, p => p.Key == "foobank").Reports);
        Assert.DoesNotContain(all, p => p.Key == $"chance{Letters(0)}");
        Assert.Contains(all, p => p.Key == $"chance{Letters(ProposalRules.MostProposals + 19)}");
        Assert.Empty((await Store.ReadCountsAsync(Id($"chance{Letters(0)}"), None)).Cells);
        // Of nothing nobody is a duplicate.
        Assert.Equal(NamingOutcome.Counted, (await NameAsync($"chance{Letters(0)}", 6, person: 1)).Outcome);
    }

    [Fact]
    public async Task Where_all_places_are_held_a_new_name_is_not_counted_and_the_others_stay()
    {
        for (var i = 0; i < ProposalRules.MostProposals; i++)
        {
            await NameAsync($"held{Letters(i)}");
            await NameAsync($"held{Letters(i)}", 1);
        }

        Assert.Equal(NamingOutcome.Full, (await NameAsync("Foo Bank", 2)).Outcome);
        Assert.Null(await Store.FindAsync(Id("foobank"), Noon, None));
        // Few named them: after a day they have no place any more.
        Assert.Equal(NamingOutcome.Counted, (await NameAsync("Foo Bank", Minute.PerDay + 2)).Outcome);
        Assert.Equal(ProposalRules.MostProposals, (await Store.ReadAsync(Noon, None)).Count);
    }

    [Fact]
    public async Task What_nobody_named_for_a_month_goes_with_the_next_new_name()
    {
        for (var i = 0; i < ProposalRules.FewReports; i++)
            await NameAsync("Foo Bank", i);

        await NameAsync("Bar Bank", (ProposalRules.LongestHeldDays * Minute.PerDay) + 4);

        Assert.Equal("Bar Bank", (await OnlyAsync()).Name);
    }

    [Fact]
    public async Task The_oldest_minutes_go_where_a_name_has_too_many_or_they_are_too_old()
    {
        await NameAsync("Foo Bank", -ProposalRules.HistoryMinutes - 1);
        await NameAsync("Foo Bank");
        Assert.Equal([Minute.Of(Noon)], (await Store.ReadCountsAsync(Id("foobank"), None)).Cells.Select(c => c.Minute));

        for (var i = 1; i < ProposalRules.MostCells + 3; i++)
            await NameAsync("Foo Bank", i);

        var cells = (await Store.ReadCountsAsync(Id("foobank"), None)).Cells;
        Assert.Equal((ProposalRules.MostCells, Minute.Of(Noon) + 3), (cells.Count, cells[0].Minute));
        Assert.Equal(60, (await OnlyAsync(ProposalRules.MostCells + 2)).LastHour);
    }

    [Fact]
    public async Task A_name_that_is_forgotten_begins_anew()
    {
        await NameAsync("Foo Bank", -45, person: 3);
        await NameAsync("Foo Bank", -1, person: 2);
        await NameAsync("Foo Bank", 0, person: 1);

        Assert.True(await Store.ForgetAsync(Id("foobank"), None));

        Assert.False(await Store.ForgetAsync(Id("foobank"), None));
        Assert.Empty(await Store.ReadAsync(Noon, None));
        Assert.Equal(new NamingReceipt(NamingOutcome.Counted, Noon.AddMinutes(1) + ReportRules.OncePer, 1), await NameAsync("FOO BANK", 1, person: 1));
        Assert.Equal(NamingOutcome.Counted, (await NameAsync("FOO BANK", 1, person: 2)).Outcome);
        Assert.Equal("FOO BANK", (await OnlyAsync()).Name);
        Assert.Equal(
            [new Reporter(7, 1), new Reporter(7, 2)],
            (await Store.ReadCountsAsync(Id("foobank"), None)).Turns.Select(t => t.Reporter).OrderBy(r => r.Low));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_is_accepted_counts_nothing_more_and_says_as_what(bool moved)
    {
        await NameAsync("Foo Bank", 0, person: 1);
        var service = Service("foo", "Foo Bank");
        await Store.AcceptAsync(service, None);
        if (moved)
            await Store.MovedAsync(service.Service.Slug, None);

        foreach (var person in (ulong[])[1, 2])
        {
            Assert.Equal(
                new NamingReceipt(NamingOutcome.Accepted, Noon.AddMinutes(1), 0, service.Service.Slug), await NameAsync("foobank", 1, person));
        }

        var counts = await Store.ReadCountsAsync(Id("foobank"), None);
        Assert.Equal(moved ? [] : [new ProposedCell(Minute.Of(Noon), s_italy, 1)], counts.Cells);
        Assert.Equal(moved ? [] : [new ProposedTurn(new Reporter(7, 1), s_italy, Noon)], counts.Turns);
        // Nor was it one of the few names of that person.
        for (var i = 0; i < ProposalRules.MostNames; i++)
            Assert.Equal(NamingOutcome.Counted, (await NameAsync($"name{Letters(i)}", 2, person: 2)).Outcome);
    }

    [Fact]
    public async Task What_is_accepted_stays_until_it_is_moved_whatever_comes()
    {
        await NameAsync("Foo Bank", 0, person: 1);
        await Store.AcceptAsync(Service("foo", "Foo Bank"), None);

        Assert.False(await Store.ForgetAsync(Id("foobank"), None));
        for (var i = 0; i < ProposalRules.MostProposals + 20; i++)
            Assert.Equal(NamingOutcome.Counted, (await NameAsync($"chance{Letters(i)}", 2)).Outcome);
        await NameAsync("Bar Bank", (ProposalRules.LongestHeldDays + 1) * Minute.PerDay);

        Assert.Equal(["Bar Bank", "Foo Bank"], (await Store.ReadAsync(Noon, None)).Select(p => p.Name).Order(StringComparer.Ordinal));
        Assert.Single((await Store.ReadCountsAsync(Id("foobank"), None)).Cells);
        await Store.MovedAsync(ServiceSlug.Parse("foo"), None);
        Assert.Equal("Bar Bank", (await OnlyAsync()).Name);
    }

    [Fact]
    public async Task An_accepted_service_is_read_back_as_it_was_given()
    {
        await NameAsync("Foo Bank");
        var before = await Store.ReadVersionAsync(None);
        var service = Service("foobank", "Foo Bank");

        Same(service, await Store.AcceptAsync(service, None));
        Assert.Equal(before, await Store.ReadVersionAsync(None));
        Same(service, Assert.Single(await Store.ReadAcceptedAsync(None)));
        Assert.Equal(1, (await OnlyAsync()).Reports);

        await Store.MovedAsync(service.Service.Slug, None);
        await Store.MovedAsync(service.Service.Slug, None);

        Same(service with { IsMoved = true }, Assert.Single(await Store.ReadAcceptedAsync(None)));
        Assert.Equal(before + 1, await Store.ReadVersionAsync(None));
        Assert.Empty(await Store.ReadAsync(Noon, None));
        Assert.Empty((await Store.ReadCountsAsync(Id("Foo Bank"), None)).Cells);
    }

    [Fact]
    public async Task The_first_one_of_a_proposal_and_of_a_slug_stands()
    {
        var first = await Store.AcceptAsync(Service("foobank", "Foo Bank"), None);

        Same(first, await Store.AcceptAsync(Service("foobank", "Foo Bank", Noon.AddHours(1)), None));
        Same(first, await Store.AcceptAsync(Service("foo-bank", "Foo Bank"), None));
        Same(first, await Store.AcceptAsync(Service("foobank", "Bar Bank"), None));
        await Store.MovedAsync(first.Service.Slug, None);
        Same(first with { IsMoved = true }, await Store.AcceptAsync(Service("foobank", "Foo Bank"), None));
        var second = await Store.AcceptAsync(Service("bar-bank", "Bar Bank"), None);

        Assert.Equal(["foobank", "bar-bank"], (await Store.ReadAcceptedAsync(None)).Select(a => a.Service.Slug.ToString()));
        Assert.Equal(Id("Bar Bank"), second.Proposal);
    }

    [Fact]
    public async Task Many_who_name_it_at_once_are_all_counted()
    {
        await Task.WhenAll(Enumerable.Range(0, 200).Select(i => Store.NameAsync(
            new Naming(Name(i % 2 == 0 ? "Foo Bank" : "foobank"), new Reporter(9, (ulong)(i / 2)), s_italy, Noon.AddSeconds(i % 30)), None)));

        Assert.Equal(100, (await OnlyAsync()).Reports);
        Assert.Equal(100, Assert.Single((await Store.ReadCountsAsync(Id("foobank"), None)).Cells).Reports);
    }

    // Names of letters alone: what is only digits is no name.
    private static string Letters(int number) => string.Concat($"{number:0000}".Select(digit => (char)('a' + digit - '0')));
}
