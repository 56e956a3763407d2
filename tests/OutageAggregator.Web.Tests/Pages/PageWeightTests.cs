using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using OutageAggregator.Runtime.Services;
using OutageAggregator.Storage;
using OutageAggregator.TestKit.Web;
using OutageAggregator.Web.Admission;

namespace OutageAggregator.Web.Tests.Pages;

/// <summary>
/// What a first visit costs over the wire in an outage, with a catalog of 840 services whose names are of chance, and with ours: the page and
/// all that it asks for.
/// </summary>
public sealed partial class PageWeightTests
{
    private const int Most = 30 * 1024;

    private static async Task<WebApp> StartAsync(Catalog catalog)
    {
        var (app, clock) = await PageWorld.StartAsync(s => s.AddSingleton(catalog).AddSingleton(new LimitSettings { ReadsPerMinute = 0 }));
        // Nothing repeats: a fortnight of noise from three regions over the quiet one.
        var chance = new Random(20241109);
        var now = Minute.Of(clock.GetUtcNow());
        foreach (var region in new[] { "DE", "GB", "JP" })
        {
            var cells = Enumerable.Range(0, 14 * Minute.PerDay).Where(_ => chance.Next(3) == 0)
                .Select(m => new CellCount(now - m, ReportCell.Of(ReportKind.Down, (Problem)chance.Next(7), (Surface)chance.Next(6)), 1 + chance.Next(4)));
            await app.Services.GetRequiredService<ICountStore>().ImportAsync(
                new WatchKey(ServiceSlug.Parse("chatgpt"), Region.Parse(region)), [.. cells.OrderBy(c => c.Minute)], CancellationToken.None);
        }
        return app;
    }

    [Theory]
    [InlineData("/", "br")]
    [InlineData("/", "gzip")]
    [InlineData("/services/chatgpt", "br")]
    [InlineData("/services/chatgpt", "gzip")]
    [InlineData("/services/chatgpt?range=7d", "br")]
    [InlineData("/services/chatgpt?range=30d", "br")]
    [InlineData("/services/chatgpt?range=13mo", "br")]
    [InlineData("/services/chatgpt?region=DE&range=7d", "br")]
    [InlineData("/services/chatgpt?problem=login", "br")]
    [InlineData("/incidents/chatgpt-2", "br")]
    [InlineData("/?category=banks", "br")]
    public async Task A_first_visit_stays_under_30_kilobytes_and_6_requests(string address, string encoding)
    {
        await using var app = await StartAsync(TestCatalog.OfHundreds());
        await WeighAsync(app, address, encoding);
    }

    [Fact]
    public async Task With_the_catalog_that_we_ship_too()
    {
        var catalog = await CatalogFile.LoadAsync(Path.Combine(AppContext.BaseDirectory, "catalog.json"), CancellationToken.None);
        await using var app = await StartAsync(catalog);

        Assert.InRange(catalog.Services.Length, 800, 1_000);
        foreach (var address in new[] { "/", "/services/chatgpt", "/?zone=Asia/Kathmandu", "/services/chatgpt?range=7d&zone=Europe/Rome", "/services/openai" })
            await WeighAsync(app, address, "br");
    }

    private static async Task WeighAsync(WebApp app, string address, string encoding)
    {
        var (page, weight) = await FetchAsync(app, address, encoding);
        Assert.Contains("status-outage", address.Contains("category", StringComparison.Ordinal) ? "status-outage" : page, StringComparison.Ordinal);
        var assets = Assets().Matches(page).Select(m => m.Groups["address"].Value).Distinct(StringComparer.Ordinal).ToList();
        // Two sheets, the script with its words, what answers a tap where one can be made, and the icon, for which a browser asks last.
        Assert.Equal(page.Contains("modulepreload", StringComparison.Ordinal) ? 5 : 4, assets.Count);
        foreach (var asset in assets)
            weight += (await FetchAsync(app, asset, encoding)).Weight;

        TestContext.Current.TestOutputHelper?.WriteLine($"{address} {encoding}: {weight} bytes");
        Assert.InRange(weight, 1, Most);
    }

    [Fact]
    public async Task Home_has_a_tile_for_every_service_and_says_what_they_are_in_a_few_words()
    {
        await using var app = await StartAsync(TestCatalog.OfHundreds());
        var (page, _) = await FetchAsync(app, "/", null);

        var grid = page[page.IndexOf("class=\"glance\"", StringComparison.Ordinal)..];
        Assert.Equal(840, Tiles().Count(grid));
        Assert.InRange(Statuses().Count(grid), 4, 40);
        Assert.Contains("<ul class=\"heat heat-few heat-outage\" aria-label=\"Outage\"><li><a href=\"/services/chatgpt\">ChatGPT</a></li>", grid, StringComparison.Ordinal);
        Assert.Contains("<ul class=\"heat heat-normal\" aria-label=\"As usual\">", grid, StringComparison.Ordinal);
    }

    private static async Task<(string Text, int Weight)> FetchAsync(WebApp app, string address, string? encoding)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        if (encoding is not null)
            request.Headers.AcceptEncoding.ParseAdd(encoding);
        using var answer = await app.Client.SendAsync(request);
        var body = await answer.Content.ReadAsByteArrayAsync();
        return (encoding is null ? Encoding.UTF8.GetString(body) : (await FetchAsync(app, address, null)).Text, body.Length);
    }

    [GeneratedRegex("(?:href|src|data-words)=\"(?<address>/assets/[^\"]+)\"")]
    private static partial Regex Assets();

    [GeneratedRegex("<li><a href=\"/services/")]
    private static partial Regex Tiles();

    [GeneratedRegex("As usual|Outage|Elevated|No history yet|No fresh data")]
    private static partial Regex Statuses();
}
