using System.Net;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using OutageAggregator.Storage;
using OutageAggregator.TestKit;
using OutageAggregator.TestKit.Web;
using OutageAggregator.Web.Admission;

namespace OutageAggregator.Web.Tests.Pages;

/// <summary>Pages that are shown from memory, because the store can't be read: each as old as it is, and none as if it were of now.</summary>
public sealed partial class StalePageTests : IDisposable
{
    private const string Away = "The data can't be read just now";
    // Whatever a page of now may say of now.
    private static readonly string[] s_ofNow =
    [
        "status-normal", "status-outage", "status-elevated", "In trouble now", "Nothing unusual", "just you", "nobody reported", "nothing points to",
        "again since", "oing on", "reports in 15 minutes", "in the last 15 minutes<", "As usual", "Counting now",
    ];

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string, string> Told { get; } = new()
    {
        { "/", "In trouble now: ChatGPT" },
        { "/?category=ai", "status-outage" },
        { "/services/chatgpt", "It's not just you" },
        { "/services/chatgpt?region=IT", "data-status=\"outage\"" },
        { "/services/claude", "nobody reported trouble with Claude in the last 15 minutes" },
        { "/services/openai", "status-normal" },
        { "/incidents/chatgpt-2", "status-outage" },
        { "/incidents/chatgpt-1", "<span class=\"soft\">since <time" },
        { "/archive", "going on now" },
    };

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Told))]
    public async Task A_page_from_memory_says_how_things_stand_for_90_seconds_and_then_that_nobody_can_say(string address, string told)
    {
        var (app, clock) = await PageWorld.StartAsync(folder: _folder.Path);
        await using var owned = app;
        using var store = new StoreFile(_folder.Path);
        Assert.Contains(told, WebUtility.HtmlDecode(await app.PageAsync(address)), StringComparison.Ordinal);
        store.Hide();

        clock.Jump(TimeSpan.FromSeconds(60));
        var young = await UntilAsync(app, address, $"{Away}: it is of <time datetime=\"2024-11-09T00:21:30Z\"");
        Assert.Contains(told, young, StringComparison.Ordinal);

        clock.Jump(TimeSpan.FromSeconds(30));
        var old = await UntilAsync(app, address, $"{Away}. No fresh data since <time datetime=\"2024-11-09T00:21:30Z\"");
        foreach (var claim in s_ofNow)
            Assert.DoesNotContain(claim, old, StringComparison.Ordinal);
        Assert.All(Statuses().Matches(old), s => Assert.Equal("unknown", s.Groups[1].Value));
        Assert.Contains("<html lang=\"en\"", old, StringComparison.Ordinal);
        Assert.Single(Headings().Matches(old));
        store.Show();
    }

    [Theory]
    [InlineData("/api/v1/services")]
    [InlineData("/api/v1/services/chatgpt")]
    public async Task What_was_told_of_services_is_told_again_when_a_half_hour_passes_meanwhile(string address)
    {
        var (app, clock) = await PageWorld.StartAsync(folder: _folder.Path);
        await using var owned = app;
        using var store = new StoreFile(_folder.Path);
        var usual = Usual().Matches(await app.Client.GetStringAsync(address)).Select(m => m.Value).ToList();
        Assert.NotEmpty(usual);
        store.Hide();

        for (var i = 0; i < 3; i++)
        {
            clock.Jump(TimeSpan.FromMinutes(15));
            using var again = await app.Client.GetAsync(address);
            Assert.Equal(HttpStatusCode.OK, again.StatusCode);
            Assert.Equal(usual, Usual().Matches(await again.Content.ReadAsStringAsync()).Select(m => m.Value));
        }
        store.Show();
    }

    [Fact]
    public async Task A_service_from_memory_says_in_every_place_that_nobody_can_say()
    {
        var (app, clock) = await PageWorld.StartAsync(folder: _folder.Path);
        await using var owned = app;
        using var store = new StoreFile(_folder.Path);
        _ = await app.PageAsync("/services/chatgpt");
        store.Hide();
        clock.Jump(TimeSpan.FromMinutes(5));

        var old = await UntilAsync(app, "/services/chatgpt", "No fresh data since");

        const string Sentence = "We can't say how ChatGPT is just now: our newest data is 5 minutes old.";
        Assert.Contains($"<p class=\"lede\">{Sentence}</p>", old, StringComparison.Ordinal);
        Assert.Contains($"<meta name=\"description\" content=\"{Sentence}\"", old, StringComparison.Ordinal);
        Assert.Contains($"<meta property=\"og:description\" content=\"{Sentence}\"", old, StringComparison.Ordinal);
        Assert.Contains("data-status=\"unknown\" data-status-text=\"ChatGPT: No fresh data\"", old, StringComparison.Ordinal);
        Assert.Contains("status-unknown status-large", old, StringComparison.Ordinal);
        store.Show();
    }

    [Fact]
    public async Task Counts_from_memory_are_as_old_as_they_are_and_not_as_what_was_observed_since()
    {
        var (app, clock) = await PageWorld.StartAsync(folder: _folder.Path);
        await using var owned = app;
        using var store = new StoreFile(_folder.Path);
        Assert.Contains("status-normal", await app.PageAsync("/?category=cloud"), StringComparison.Ordinal);
        using (var list = await app.Client.GetAsync("/api/v1/services?category=cloud"))
            Assert.Equal("normal", (await list.JsonAsync(HttpStatusCode.OK)).GetProperty("items")[0].GetProperty("status").GetString());
        clock.Jump(TimeSpan.FromSeconds(95));
        await app.Services.GetRequiredService<ICountStore>().ObserveAsync(clock.GetUtcNow(), CancellationToken.None);
        _ = await UntilAsync(app, "/methodology", "Counting now");
        store.Hide();
        clock.Jump(TimeSpan.FromSeconds(5));

        var old = await UntilAsync(app, "/?category=cloud", Away);
        Assert.Contains("No fresh data since <time datetime=\"2024-11-09T00:21:30Z\"", old, StringComparison.Ordinal);
        Assert.DoesNotContain("status-normal", old, StringComparison.Ordinal);
        using var again = await app.Client.GetAsync("/api/v1/services?category=cloud");
        var json = await again.JsonAsync(HttpStatusCode.OK);
        Assert.Equal("unknown", json.GetProperty("items")[0].GetProperty("status").GetString());
        Assert.Equal("stale", json.GetProperty("freshness").GetProperty("state").GetString());
        Assert.Equal(PageWorld.Now, json.GetProperty("freshness").GetProperty("observedAt").GetDateTimeOffset());
        store.Show();
    }

    [Theory]
    [InlineData("/api/v1/incidents")]
    [InlineData("/api/v1/incidents/chatgpt-1")]
    [InlineData("/api/v1/services/chatgpt/series")]
    [InlineData("/api/v1/services/chatgpt/series?from=2024-11-08T00:00:00Z&to=2024-11-09T00:00:00Z&step=1h")]
    public async Task What_the_API_told_it_tells_again_with_the_age_of_then(string address)
    {
        var (app, clock) = await PageWorld.StartAsync(folder: _folder.Path);
        await using var owned = app;
        using var store = new StoreFile(_folder.Path);
        using var first = await app.Client.GetAsync(address);
        var told = await first.JsonAsync(HttpStatusCode.OK);
        clock.Jump(TimeSpan.FromSeconds(95));
        await app.Services.GetRequiredService<ICountStore>().ObserveAsync(clock.GetUtcNow(), CancellationToken.None);
        _ = await UntilAsync(app, "/methodology", "Counting now");
        store.Hide();
        clock.Jump(TimeSpan.FromSeconds(5));

        using var second = await app.Client.GetAsync(address);
        var again = await second.JsonAsync(HttpStatusCode.OK);

        Assert.Equal("stale;observed=@1731111690;age=100", Assert.Single(second.Headers.GetValues("Freshness")));
        Assert.NotEqual(first.Headers.ETag, second.Headers.ETag);
        foreach (var member in told.EnumerateObject().Where(m => m.Name != "freshness"))
            Assert.Equal(member.Value.GetRawText(), again.GetProperty(member.Name).GetRawText());
        using var other = await app.Client.GetAsync("/api/v1/services/claude/series.csv");
        _ = await other.ProblemAsync(HttpStatusCode.ServiceUnavailable, "store-unavailable");
        Assert.Null(other.Content.Headers.ContentDisposition);
        store.Show();
    }

    [Fact]
    public async Task However_many_searches_and_names_of_this_server_somebody_types_what_others_look_at_stays_known()
    {
        const int Many = 600;
        var (app, clock) = await PageWorld.StartAsync(s => s.AddSingleton(new LimitSettings { ReadsPerMinute = 0 }), _folder.Path);
        await using var owned = app;
        using var store = new StoreFile(_folder.Path);
        _ = await app.PageAsync("/incidents/chatgpt-1");
        _ = await app.PageAsync("/services/claude");
        await Parallel.ForEachAsync(Enumerable.Range(0, Many), async (i, cancellation) =>
        {
            _ = await app.PageAsync($"/?query=chat{i}");
            using var elsewhere = new HttpRequestMessage(HttpMethod.Get, "/methodology");
            elsewhere.Headers.Host = $"name{i}.example";
            using var answer = await app.Client.SendAsync(elsewhere, cancellation);
        });
        store.Hide();
        clock.Jump(TimeSpan.FromSeconds(60));

        _ = await UntilAsync(app, "/incidents/chatgpt-1", Away);
        _ = await UntilAsync(app, "/services/claude", Away);
        // A search of services needs no more than what is known of them.
        Assert.Contains("data-live=\"found\"", await UntilAsync(app, "/?query=whatsap", Away), StringComparison.Ordinal);
        store.Show();
    }

    [Fact]
    public async Task A_full_memory_forgets_what_nobody_has_asked_for_the_longest()
    {
        const int Most = 512;
        var (app, clock) = await PageWorld.StartAsync(s => s.AddSingleton(new LimitSettings { ReadsPerMinute = 0 }), _folder.Path);
        await using var owned = app;
        using var store = new StoreFile(_folder.Path);
        _ = await app.PageAsync("/services/claude");
        _ = await app.PageAsync("/services/gemini");
        for (var i = 0; i < Most - 1; i++)
        {
            using var elsewhere = new HttpRequestMessage(HttpMethod.Get, "/incidents/chatgpt-1");
            elsewhere.Headers.Host = $"name{i}.example";
            using var answer = await app.Client.SendAsync(elsewhere);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }
        store.Hide();
        clock.Jump(TimeSpan.FromSeconds(60));

        _ = await UntilAsync(app, "/services/gemini", Away);
        using var gone = await app.Client.GetAsync("/services/claude");
        _ = await gone.ProblemAsync(HttpStatusCode.ServiceUnavailable, "store-unavailable");
        store.Show();
    }

    // A page serves everybody for a real second.
    private static async Task<string> UntilAsync(WebApp app, string address, string text)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        using var again = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (true)
        {
            var html = WebUtility.HtmlDecode(await app.PageAsync(address));
            if (html.Contains(text, StringComparison.Ordinal))
                return html;
            Assert.False(deadline.IsCancellationRequested, html);
            _ = await again.WaitForNextTickAsync(CancellationToken.None);
        }
    }

    [GeneratedRegex(" data-status=\"([a-z]+)\"")]
    private static partial Regex Statuses();

    [GeneratedRegex("\"expected15m\":[0-9.]+")]
    private static partial Regex Usual();

    [GeneratedRegex("<h1[ >]")]
    private static partial Regex Headings();
}
