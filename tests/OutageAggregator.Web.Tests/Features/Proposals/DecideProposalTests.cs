using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;

namespace OutageAggregator.Web.Tests.Features.Proposals;

public sealed class DecideProposalTests
{
    private static readonly ServiceSlug s_slug = ServiceSlug.Parse("foobank");

    private static async Task<JsonElement> ServiceAsync(ProposalsApp app, string slug = "foobank") =>
        await (await app.App.Client.GetAsync($"/api/v1/services/{slug}")).JsonAsync(HttpStatusCode.OK);

    [Fact]
    public async Task Operators_see_what_is_named_with_its_counts_the_most_named_first()
    {
        await using var app = await ProposalsApp.StartAsync();
        await app.NameAsync("Foo Bank");
        app.Clock.Advance(TimeSpan.FromHours(2));
        await app.NameAsync("Bar");
        await app.NameAsync("Bar");
        await app.NameAsync("foobank.example");
        await app.NameAsync("foobank");

        var items = (await app.ListAsync()).GetProperty("items");

        var foo = ProposalId.Of("foobank");
        Assert.Equal(
            $$"""{"id":"{{foo}}","name":"Foo Bank","domain":"foobank.example","firstAt":"2024-11-09T00:10:00Z","lastAt":"2024-11-09T02:10:00Z","reports":3,"reports15m":2,"reports24h":3}""",
            items[0].GetRawText());
        Assert.Equal(["Foo Bank", "Bar"], items.EnumerateArray().Select(i => i.GetProperty("name").GetString()));
    }

    [Fact]
    public async Task The_list_comes_in_pages()
    {
        await using var app = await ProposalsApp.StartAsync();
        foreach (var name in (string[])["Foo", "Foo", "Bar", "Baz", "Qux"])
            await app.NameAsync(name);
        var seen = new List<string?>();

        for (var query = "?limit=2"; ;)
        {
            var page = await app.ListAsync(query);
            seen.AddRange(page.GetProperty("items").EnumerateArray().Select(i => i.GetProperty("name").GetString()));
            if (page.GetProperty("next").GetString() is not { } next)
                break;
            query = $"?limit=2&cursor={next}";
        }

        Assert.Equal("Foo", seen[0]);
        Assert.Equal(["Bar", "Baz", "Foo", "Qux"], seen.Order(StringComparer.Ordinal));
        await (await app.OperateAsync(HttpMethod.Get, "/api/v1/proposals?cursor=x")).ProblemAsync(HttpStatusCode.BadRequest, "invalid-input");
        await (await app.OperateAsync(HttpMethod.Get, "/api/v1/proposals?limit=301")).ProblemAsync(HttpStatusCode.BadRequest, "invalid-input");
        await (await app.OperateAsync(HttpMethod.Get, "/api/v1/proposals?sort=name")).ProblemAsync(HttpStatusCode.BadRequest, "invalid-input");
    }

    [Theory]
    [InlineData("GET", "/api/v1/proposals")]
    [InlineData("POST", "/api/v1/proposals/3e23e8160039594a")]
    [InlineData("DELETE", "/api/v1/proposals/3e23e8160039594a")]
    public async Task Only_an_operators_key_may(string method, string address)
    {
        await using var app = await ProposalsApp.StartAsync();

        await (await app.OperateAsync(HttpMethod.Parse(method), address, secret: null)).ProblemAsync(HttpStatusCode.Unauthorized, "key-required");
        await (await app.OperateAsync(HttpMethod.Parse(method), address, secret: "nobodys-key-of-some-length")).ProblemAsync(HttpStatusCode.Unauthorized, "key-unknown");
        await (await app.OperateAsync(HttpMethod.Parse(method), address, secret: ProposalsApp.PartnerSecret)).ProblemAsync(HttpStatusCode.Forbidden, "scope-missing");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_accepted_proposal_is_a_service_with_its_counts_and_stays_one(bool onDisk)
    {
        await using var app = await ProposalsApp.StartAsync(onDisk);
        await app.NameAsync("Foo Bank", caller: "203.0.113.7");
        await app.NameAsync("Foo Bank", region: "FR");
        app.Clock.Advance(TimeSpan.FromHours(3));
        await app.NameAsync("foobank.example", caller: "203.0.113.7");
        var id = await app.NameAsync("is Foo Bank down?", region: null);
        var from = app.Now - 600;

        var accepted = await (await app.AcceptAsync(id, """{"slug":"foobank","category":"ai","name":"FooBank","zone":"Europe/Rome"}""")).JsonAsync(HttpStatusCode.OK);

        Assert.Equal(
            $$"""{"slug":"foobank","name":"FooBank","category":"ai","zone":"Europe/Rome","aliases":["Foo Bank"],"domains":["foobank.example"],"homepage":null,"statusPage":null,"proposal":"{{id}}","acceptedAt":"2024-11-09T03:10:00Z"}""",
            accepted.GetRawText());
        Assert.Empty((await app.ListAsync()).GetProperty("items").EnumerateArray());
        foreach (var restart in onDisk ? (bool[])[false, true] : [false])
        {
            if (restart)
                await app.RestartAsync();
            var service = await ServiceAsync(app);
            Assert.Equal(("FooBank", 2), (service.GetProperty("name").GetString(), service.GetProperty("reports15m").GetInt32()));
            var counted = await app.Counts.ReadSeriesAsync(new WatchKey(s_slug, Region.World), from, app.Now + 1, 1, default, default);
            Assert.Equal([(app.Now - 180, 2), (app.Now, 2)], counted.Select(p => (p.Start, p.Counts.Reports)));
            Assert.Equal(["FR", "IT", "ZZ"], (await app.Counts.ReadRegionsAsync(s_slug, from, app.Now + 1, default)).Select(r => r.Region.ToString()));
            Assert.Equal(2, await app.Counts.CountReportersAsync(new WatchKey(s_slug, Region.World), app.Now - 14, app.Now + 1, default));
            Assert.Equal("/services/foobank", (await app.App.Client.GetAsync("/?query=is+foobank.example+down")).Headers.Location?.ToString());
            Assert.Contains("FooBank", await app.App.Client.GetStringAsync("/services/foobank"), StringComparison.Ordinal);
        }
        // Who named it just now has had his turn, and whom nobody heard of has one.
        var report = Answers.Post("/api/v1/reports", """{"service":"foobank"}""");
        Assert.Equal("duplicate", (await (await app.SendAsync(report, "203.0.113.7")).JsonAsync(HttpStatusCode.OK)).GetProperty("reason").GetString());
        await (await app.SendAsync(Answers.Post("/api/v1/reports", """{"service":"Foo Bank"}"""))).JsonAsync(HttpStatusCode.Accepted);
        await (await app.ProposeAsync("""{"name":"foo bank"}""")).ProblemAsync(HttpStatusCode.Conflict, "already-listed");
    }

    [Fact]
    public async Task An_outage_that_was_named_is_one_of_the_service_once_it_is_accepted()
    {
        await using var app = await ProposalsApp.StartAsync();
        var id = "";
        for (var i = 0; i < 60; i++)
            id = await app.NameAsync("Foo Bank");
        await (await app.AcceptAsync(id)).JsonAsync(HttpStatusCode.OK);

        var due = await app.Counts.ReadReportedSinceAsync(app.Now - 5, default);
        var situation = (await (await app.SendAsync(Answers.Post("/api/v1/reports", """{"service":"foobank","region":"IT"}"""))).JsonAsync(HttpStatusCode.Accepted)).GetProperty("situation");

        Assert.Contains(s_slug, due);
        Assert.Equal(61, situation.GetProperty("reports15m").GetInt32());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(60)]
    public async Task What_was_listed_today_has_no_history_although_the_server_has(int people)
    {
        await using var app = await ProposalsApp.StartAsync();
        var id = "";
        for (var i = 0; i < people; i++)
            id = await app.NameAsync("Foo Bank");
        await (await app.AcceptAsync(id)).JsonAsync(HttpStatusCode.OK);

        var service = await ServiceAsync(app);
        Assert.Equal(
            ("unknown", JsonValueKind.Null, false),
            (service.GetProperty("status").GetString(), service.GetProperty("expected15m").ValueKind, service.GetProperty("history").GetProperty("enough").GetBoolean()));
        Assert.Equal("2024-11-09T00:10:00Z", service.GetProperty("history").GetProperty("since").GetString());
        var page = await app.App.Client.GetStringAsync("/services/foobank");
        Assert.Contains("there is no history yet, counting since 9 Nov 2024, 00:10 UTC", page, StringComparison.Ordinal);
        Assert.DoesNotContain("As usual", page[..page.IndexOf("<footer", StringComparison.Ordinal)], StringComparison.Ordinal);
        var series = await (await app.SendAsync(new HttpRequestMessage(HttpMethod.Get, "/api/v1/services/foobank/series?from=2024-11-08T00:00:00Z&step=1h"))).JsonAsync(HttpStatusCode.OK);
        Assert.All(series.GetProperty("points").EnumerateArray().Take(24), p => Assert.Equal(("gap", JsonValueKind.Null), (p.GetProperty("verdict").GetString(), p.GetProperty("expected").ValueKind)));
        // Others have theirs.
        var other = await (await app.SendAsync(new HttpRequestMessage(HttpMethod.Get, "/api/v1/services/chatgpt"))).JsonAsync(HttpStatusCode.OK);
        Assert.Equal(("normal", true), (other.GetProperty("status").GetString(), other.GetProperty("history").GetProperty("enough").GetBoolean()));
    }

    [Fact]
    public async Task Accepting_again_changes_nothing_and_another_slug_is_a_conflict()
    {
        await using var app = await ProposalsApp.StartAsync();
        var id = await app.NameAsync("Foo Bank");
        var first = await (await app.AcceptAsync(id)).JsonAsync(HttpStatusCode.OK);
        app.Clock.Advance(TimeSpan.FromMinutes(5));

        var again = await (await app.AcceptAsync(id, """{"slug":"foobank","category":"social","name":"Other"}""")).JsonAsync(HttpStatusCode.OK);
        var other = await (await app.AcceptAsync(id, """{"slug":"foo-bank","category":"ai"}""")).ProblemAsync(HttpStatusCode.Conflict, "already-accepted");

        Assert.Equal(first.GetRawText(), again.GetRawText());
        Assert.Contains("'foobank' (Foo Bank)", other.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal(1, (await ServiceAsync(app)).GetProperty("reports15m").GetInt32());
    }

    [Theory]
    [InlineData("{}", "slug", "A slug is required: its slug must be 1 to 48 of a-z, 0-9 and single inner hyphens.")]
    [InlineData("""{"slug":"foobank"}""", "category", "A category is required: its category '' is none of: ai, social, cloud.")]
    [InlineData("""{"slug":"Foo Bank","category":"ai"}""", "slug", "Its slug must be 1 to 48 of a-z, 0-9 and single inner hyphens.")]
    [InlineData("""{"slug":"claude","category":"ai"}""", "slug", "'claude' is the slug of Claude already; choose another one.")]
    [InlineData("""{"slug":"foobank","category":"banks"}""", "category", "Its category 'banks' is none of: ai, social, cloud.")]
    [InlineData("""{"slug":"foobank","category":"ai","zone":"Rome"}""", "zone", "Its zone 'Rome' is no IANA time zone such as Europe/Rome.")]
    [InlineData("""{"slug":"foobank","category":"ai","domains":["https://foobank.example/"]}""", "domains", "Its domain 'https://foobank.example/' must be a bare host in lower case such as chatgpt.com, without scheme, port and path.")]
    [InlineData("""{"slug":"foobank","category":"ai","domains":["ok.example",7]}""", "domains", "The field is a number; send a string in double quotes.")]
    [InlineData("""{"slug":"foobank","category":"ai","name":"Bard"}""", "name", "Gemini ('gemini') is found by the name 'Bard' already; choose another one, or forget the proposal.")]
    [InlineData("""{"slug":"foobank","category":"ai","aliases":["Bard"]}""", "aliases", "Gemini ('gemini') is found by the name 'Bard' already; leave it out.")]
    [InlineData("""{"slug":"foobank","category":"ai","aliases":["Foo","CHATGPT"]}""", "aliases", "ChatGPT ('chatgpt') is found by the name 'CHATGPT' already; leave it out.")]
    [InlineData("""{"slug":"foobank","category":"ai","aliases":["Clàude"]}""", "aliases", "Claude ('claude') is found by the name 'Clàude' already; leave it out.")]
    [InlineData("""{"slug":"foobank","category":"ai","aliases":["chat.openai.com"]}""", "aliases", "ChatGPT ('chatgpt') is found by the name 'chat.openai.com' already; leave it out.")]
    [InlineData("""{"slug":"foobank","category":"ai","name":" Foo"}""", "name", "Its name ' Foo' must have 1 to 80 characters, without control characters and outer spaces.")]
    [InlineData("""{"slug":"foobank","category":"ai","aliases":["Foo\u202eBar"]}""", "aliases", "changes the direction of text")]
    [InlineData("""{"slug":"foobank","category":"ai","homepage":"ftp://foobank.example"}""", "homepage", "Its homepage 'ftp://foobank.example' is no http address.")]
    [InlineData("""{"slug":"foobank","category":"ai","statusPage":"http://foobank.example"}""", "statusPage", "Its status page 'http://foobank.example' is no https address.")]
    [InlineData("""{"slug":"foobank","category":"ai","family":"openai"}""", "family", "There is no such field. Known: slug, category, name, zone, aliases, domains, homepage, statusPage.")]
    [InlineData("""{"slug":["foobank"],"category":"ai"}""", "slug", "The field is a list; send a string in double quotes.")]
    public async Task What_can_not_be_a_service_is_refused_and_says_why(string json, string field, string says)
    {
        await using var app = await ProposalsApp.StartAsync();
        var id = await app.NameAsync("Foo Bank");

        var problem = await (await app.AcceptAsync(id, json)).ProblemAsync(HttpStatusCode.BadRequest, "invalid-input");

        Assert.Contains(says, problem.ErrorOf(field).Replace("\u2068", "", StringComparison.Ordinal).Replace("\u2069", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Single((await app.ListAsync()).GetProperty("items").EnumerateArray());
        Assert.Equal(HttpStatusCode.NotFound, (await app.App.Client.GetAsync("/api/v1/services/foobank")).StatusCode);
    }

    [Fact]
    public async Task A_domain_belongs_to_one_service()
    {
        await using var app = await ProposalsApp.StartAsync();
        var foo = await app.NameAsync("Foo Bank");
        await (await app.AcceptAsync(foo, """{"slug":"foobank","category":"ai","domains":["foobank.example","foobank.example"]}""")).JsonAsync(HttpStatusCode.OK);
        var bar = await app.NameAsync("Bar");

        var problem = await (await app.AcceptAsync(bar, """{"slug":"bar","category":"ai","domains":["foobank.example"]}""")).ProblemAsync(HttpStatusCode.BadRequest, "invalid-input");

        Assert.Equal("'foobank.example' is a domain of Foo Bank ('foobank') already; leave it out.", problem.ErrorOf("domains"));
        Assert.Equal("foobank.example", (await ServiceAsync(app)).GetProperty("domains")[0].GetString());
    }

    [Fact]
    public async Task A_name_by_which_another_service_is_found_since_stays_that_services()
    {
        await using var app = await ProposalsApp.StartAsync();
        var (foo, bar) = (await app.NameAsync("Foo Bank"), await app.NameAsync("Barbank"));
        await (await app.AcceptAsync(bar, """{"slug":"barbank","category":"ai","aliases":["Foo Bank"]}""")).JsonAsync(HttpStatusCode.OK);

        var problem = await (await app.AcceptAsync(foo)).ProblemAsync(HttpStatusCode.BadRequest, "invalid-input");
        var accepted = await (await app.AcceptAsync(foo, """{"slug":"fb-italy","category":"ai","name":"Foo Bank of Italy"}""")).JsonAsync(HttpStatusCode.OK);

        Assert.StartsWith("Barbank ('barbank') is found by the name 'Foo Bank' already", problem.ErrorOf("name"), StringComparison.Ordinal);
        Assert.Empty(accepted.GetProperty("aliases").EnumerateArray());
        Assert.Equal("barbank", (await (await app.ProposeAsync("""{"name":"Foo Bank"}""")).ProblemAsync(HttpStatusCode.Conflict, "already-listed")).GetProperty("suggestions")[0].GetProperty("slug").GetString());
    }

    [Fact]
    public async Task What_is_forgotten_is_gone_with_its_counts()
    {
        await using var app = await ProposalsApp.StartAsync();
        var id = await app.NameAsync("Foo Bank");

        Assert.Equal(HttpStatusCode.NoContent, (await app.OperateAsync(HttpMethod.Delete, $"/api/v1/proposals/{id}")).StatusCode);

        Assert.Empty((await app.ListAsync()).GetProperty("items").EnumerateArray());
        await (await app.OperateAsync(HttpMethod.Delete, $"/api/v1/proposals/{id}")).ProblemAsync(HttpStatusCode.NotFound, "not-found");
        await (await app.AcceptAsync(id)).ProblemAsync(HttpStatusCode.NotFound, "not-found");
        await (await app.AcceptAsync("foobank")).ProblemAsync(HttpStatusCode.NotFound, "not-found");
        Assert.Equal(1, (await (await app.ProposeAsync("""{"name":"Foo Bank"}""")).JsonAsync(HttpStatusCode.Accepted)).GetProperty("reportsLastHour").GetInt32());
    }

    [Fact]
    public async Task A_file_that_gains_the_slug_later_wins_and_the_counts_stay()
    {
        await using var app = await ProposalsApp.StartAsync(onDisk: true);
        var id = await app.NameAsync("Foo Bank");
        await (await app.AcceptAsync(id, """{"slug":"foobank","category":"ai","name":"Accepted"}""")).JsonAsync(HttpStatusCode.OK);

        await app.RestartAsync(new Catalog(
            [new Category("cloud", "Cloud")], [new Service(s_slug, "Foo Bank of the file", "cloud", [], null, "Europe/Rome", null)]));

        var service = await ServiceAsync(app);
        Assert.Equal(("Foo Bank of the file", "cloud", 1), (service.GetProperty("name").GetString(), service.GetProperty("category").GetString(), service.GetProperty("reports15m").GetInt32()));
    }

    [Fact]
    public async Task A_start_finishes_what_a_crash_left_half_done()
    {
        await using var app = await ProposalsApp.StartAsync(onDisk: true);
        var id = await app.NameAsync("Foo Bank");
        Assert.True(ProposalId.TryParse(id, out var proposal));
        // As it stands where a process ends between keeping the service and moving its counts.
        await app.Store.AcceptAsync(
            new AcceptedProposal(new Service(s_slug, "Foo Bank", "ai", [], null, "UTC", null), proposal, app.Clock.GetUtcNow(), "night-desk"), default);
        Assert.Equal(HttpStatusCode.NotFound, (await app.App.Client.GetAsync("/api/v1/services/foobank")).StatusCode);

        await app.RestartAsync();

        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        using var again = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while ((await app.App.Client.GetAsync("/api/v1/services/foobank", deadline.Token)).StatusCode != HttpStatusCode.OK)
            _ = await again.WaitForNextTickAsync(deadline.Token);
        Assert.Equal(1, (await ServiceAsync(app)).GetProperty("reports15m").GetInt32());
        Assert.Empty((await app.ListAsync()).GetProperty("items").EnumerateArray());
    }
}
