using Microsoft.Extensions.DependencyInjection;
using OutageAggregator.Storage;
using OutageAggregator.TestKit.Web;

namespace OutageAggregator.Web.Tests.Pages;

/// <summary>Everything there is at a glance.</summary>
public sealed class HeatGridTests
{
    [Fact]
    public async Task What_is_worst_comes_first_in_each_category_and_a_family_with_its_member()
    {
        var (app, _) = await PageWorld.StartAsync();
        await using var owned = app;

        var grid = Grid(await app.PageAsync("/"));

        Assert.Contains("heat-outage\" aria-label=\"Outage\"><li><a href=\"/services/chatgpt\">ChatGPT</a></li><li><a href=\"/services/openai\">OpenAI</a></li></ul>", grid, StringComparison.Ordinal);
        Assert.Contains("heat-normal\" aria-label=\"As usual\"><li><a href=\"/services/telegram\">Telegram</a></li><li><a href=\"/services/whatsapp\">WhatsApp</a></li></ul>", grid, StringComparison.Ordinal);
        Assert.InRange(grid.IndexOf("heat-outage", StringComparison.Ordinal), 0, grid.IndexOf("heat-normal", StringComparison.Ordinal));
        Assert.Contains("</span> <b>6</b>", grid, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_history_all_tiles_are_grey_and_it_is_said_once_a_category()
    {
        await using var app = await WebApp.StartAsync();
        await app.Services.GetRequiredService<ICountStore>().ObserveAsync(
            new MinuteRange(Minute.Of(DateTimeOffset.UtcNow) - 30, Minute.Of(DateTimeOffset.UtcNow) + 1), CancellationToken.None);

        var grid = Grid(await app.PageAsync("/"));

        Assert.Equal(8, grid.Split("<li>").Length - 1);
        Assert.Equal(3, grid.Split("<ul class=\"heat heat-unknown\"").Length - 1);
        Assert.DoesNotContain("heat-normal", grid, StringComparison.Ordinal);
        Assert.DoesNotContain("status-normal", grid, StringComparison.Ordinal);
        Assert.InRange(grid.Split("No history yet").Length - 1, 1, 4);
    }

    [Fact]
    public async Task Of_stale_data_nothing_is_in_trouble_over_or_as_usual()
    {
        var (app, clock) = await PageWorld.StartAsync();
        await using var owned = app;
        clock.Jump(TimeSpan.FromMinutes(5));

        var grid = Grid(await app.PageAsync("/"));

        Assert.Equal(3, grid.Split("<ul class=\"heat heat-unknown\" aria-label=\"No fresh data\">").Length - 1);
        Assert.DoesNotContain("heat-outage", grid, StringComparison.Ordinal);
        Assert.DoesNotContain("heat-normal", grid, StringComparison.Ordinal);
    }

    [Fact]
    public async Task For_an_hour_after_an_outage_its_tile_says_that_it_is_over()
    {
        var (app, clock) = await PageWorld.StartAsync();
        await using var owned = app;
        var log = app.Services.GetRequiredService<IIncidentLog>();
        var slug = ServiceSlug.Parse("chatgpt");
        var open = (await log.FindAsync(new IncidentQuery(slug, State: IncidentState.Open), CancellationToken.None))[0];
        var over = open with { State = IncidentState.Resolved, EndedAt = Minute.Of(clock.GetUtcNow()) - 2, ResolvedAt = clock.GetUtcNow() };
        _ = await log.AppendAsync(
            [new IncidentEvent(slug, 4, IncidentEventKind.Resolved, clock.GetUtcNow(), ServiceStatus.Normal, over)], CancellationToken.None);

        var grid = Grid(await app.PageAsync("/"));

        Assert.Contains("heat-over\" aria-label=\"Over\"><li><a href=\"/services/chatgpt\">ChatGPT</a></li><li><a href=\"/services/openai\">OpenAI</a></li></ul>", grid, StringComparison.Ordinal);
        Assert.DoesNotContain("heat-outage", grid, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_catalog_of_thousands_shows_a_part_of_each_category_the_worst_of_it_surely()
    {
        var services = Enumerable.Range(0, 2_400).Select(i => new Service(
                ServiceSlug.Parse($"a{i}"), $"A{i}", i % 2 == 0 ? "ai" : "social", [], null, "UTC", null))
            .Append(new Service(ServiceSlug.Parse("chatgpt"), "ChatGPT", "ai", [], null, "UTC", null));
        var (app, _) = await PageWorld.StartAsync(s => s.AddSingleton(new Catalog([new Category("ai", "AI"), new Category("social", "Social")], services)));
        await using var owned = app;

        var grid = Grid(await app.PageAsync("/"));

        Assert.Equal(1_000, grid.Split("<li>").Length - 1);
        Assert.Contains(">ChatGPT</a>", grid, StringComparison.Ordinal);
        Assert.Contains("<a href=\"/?category=social\">All of Social</a>", grid, StringComparison.Ordinal);
    }

    private static string Grid(string html) =>
        html[html.IndexOf("class=\"glance\"", StringComparison.Ordinal)..html.IndexOf("</main>", StringComparison.Ordinal)];
}
