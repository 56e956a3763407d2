namespace OutageAggregator.Web.Features.Home;

/// <summary>A service in trouble, with the shape of its last 12 hours in quarters of an hour.</summary>
/// <param name="Shape">Reports a quarter of an hour, oldest first; empty where they can't be read now.</param>
/// <param name="Upper">The most that chance makes plausible in such a quarter; null where unknown.</param>
public sealed record Trouble(ServiceSummary Summary, ImmutableArray<int> Shape, double? Upper);

/// <summary>A category with its services, or the first of them.</summary>
public sealed record HeatBlock(Category Category, ImmutableArray<ToldStatus> Services, bool HasMore);

/// <param name="Blocks">All services, by category; none where one category was asked for, or a search found something.</param>
/// <param name="OfCategory">The services of the category that was asked for.</param>
/// <param name="JustOver">Services whose incident is over for an hour at most, the most reported first.</param>
/// <param name="Slightly">Services without one that stand out among all, most significant first.</param>
/// <param name="History">What had been seen when this was told.</param>
/// <param name="IsStale">True where the data is too old to say what is in trouble now.</param>
/// <param name="LookedAt">When the look at the store began that the lists are told from.</param>
public sealed record HomeModel(
    string? Query, ImmutableArray<ServiceSummary> Found, ImmutableArray<Trouble> Troubles, ImmutableArray<ServiceSummary> JustOver,
    ImmutableArray<ServiceSummary> Slightly, ImmutableArray<HeatBlock> Blocks, Category? Category, ImmutableArray<ServiceSummary> OfCategory, History History, bool IsStale, bool HasMoreTroubles, DateTimeOffset LookedAt) : IDated
{
    /// <summary>True where what was searched for is listed, and need not be proposed.</summary>
    public bool IsListed { get; init; }

    /// <summary>True where more are just over than are named.</summary>
    public bool HasMoreOver { get; init; }
}

/// <summary>The home page: what is in trouble now, the search, and everything there is.</summary>
public static class HomePages
{
    private const int MaxQueryLength = 200;
    private const int MostTroubles = 12;
    private const int MostOver = 8;
    private const int MostSlightly = 5;
    private const int MostFound = 20;
    private const int MostTiles = 1_000;
    private const int MostOfOneCategory = 1_000;
    private const int ShapeStep = 15;
    private const int ShapeSteps = 48;

    public static void MapHome(this IEndpointRouteBuilder app) => app.MapMethods("/", ReadRoutes.Methods, ShowAsync).ExcludeFromDescription();

    private static Task<IResult> ShowAsync(
        string? query, string? category, HttpContext context, PageAnswers pages, ServiceReader services, SeriesReader series,
        Catalog catalog, FreshnessReader freshness, ObservedReader observed, TimeProvider clock)
    {
        var typed = string.IsNullOrWhiteSpace(query) ? null : query.Trim();
        if (typed?.Length > MaxQueryLength)
            typed = typed[..MaxQueryLength];
        if (typed is not null && catalog.Asked(typed) is { } asked)
            return Task.FromResult(Results.Redirect(PageZone.Of(context.Request).Keep($"/services/{asked.Slug}")));
        var chosen = catalog.Categories.FirstOrDefault(c => c.Code == category);
        return pages.SharedAsync<HomePage>(
            context, $"/?{chosen?.Code}&{typed}", AddressOf(typed, chosen),
            async () => await ReadAsync(typed, chosen, services, series, catalog, freshness, observed, clock),
            isKept: typed is null, isNamed: typed is null);
    }

    private static string AddressOf(string? typed, Category? chosen) => (typed, chosen) switch
    {
        (null, null) => "/",
        (null, _) => $"/?category={chosen.Code}",
        (_, null) => $"/?query={Uri.EscapeDataString(typed)}",
        _ => $"/?query={Uri.EscapeDataString(typed)}&category={chosen.Code}",
    };

    private static async Task<HomeModel> ReadAsync(
        string? typed, Category? chosen, ServiceReader services, SeriesReader series, Catalog catalog, FreshnessReader freshness,
        ObservedReader observed, TimeProvider clock)
    {
        var cancellation = CancellationToken.None;
        var lookedAt = clock.GetUtcNow();
        ImmutableArray<ServiceSummary> found = [];
        if (typed is not null)
        {
            var list = await services.ListAsync(new ServiceQuery(typed, Limit: MostFound, WithCounts: false), cancellation);
            (found, lookedAt) = (list.Items, list.LookedAt);
        }
        var troubles = ImmutableArray.CreateBuilder<Trouble>();
        var troubled = chosen is null ? await services.InTroubleAsync(MostTroubles + 1, cancellation) : [];
        foreach (var summary in troubled.Take(MostTroubles))
        {
            try
            {
                troubles.Add(await ShapeAsync(summary, series, clock, cancellation));
            }
            catch (StoreUnavailableException) when (typed is not null)
            {
                // A search is not remembered, so there is no better page to show: who looks for a service is not sent away for the sake of
                // a picture.
                troubles.Add(new Trouble(summary, [], null));
            }
        }
        var justOver = chosen is null ? await services.JustOverAsync(MostOver + 1, cancellation) : [];
        var slightly = chosen is null ? await services.SlightlyMoreAsync(MostSlightly, cancellation) : [];
        ImmutableArray<ServiceSummary> ofCategory = [];
        ImmutableArray<HeatBlock> blocks = [];
        if (chosen is not null)
        {
            var list = await services.ListAsync(new ServiceQuery(Category: chosen.Code, Limit: MostOfOneCategory, WithCounts: false), cancellation);
            (ofCategory, lookedAt) = (list.Items, Earlier(lookedAt, list.LookedAt));
        }
        // Who searched and found wants the finding, not everything there is below it.
        else if (found.IsEmpty)
        {
            var all = await services.StatusesAsync(cancellation);
            (blocks, lookedAt) = (BlocksOf(catalog, all.Services), Earlier(lookedAt, all.LookedAt));
        }
        var isStale = (await freshness.ReadAsync(lookedAt, cancellation)).IsStale;
        return new HomeModel(
            typed, found, troubles.ToImmutable(), [.. justOver.Take(MostOver)], slightly, blocks, chosen, ofCategory,
            await observed.HistoryAsync(cancellation), isStale, troubled.Length > MostTroubles, lookedAt)
        {
            IsListed = typed is not null && catalog.Lists(typed),
            HasMoreOver = justOver.Length > MostOver,
        };
    }

    // Where there are too many for one page, each category has as much room as any other.
    private static ImmutableArray<HeatBlock> BlocksOf(Catalog catalog, ImmutableArray<ToldStatus> services)
    {
        var most = services.Length <= MostTiles ? MostTiles : MostTiles / catalog.Categories.Length;
        var byCategory = services.ToLookup(s => s.Service.Category, StringComparer.Ordinal);
        return
        [
            .. catalog.Categories.Select(c => (Category: c, Services: byCategory[c.Code].ToList())).Where(b => b.Services.Count > 0)
                .Select(b => new HeatBlock(b.Category, [.. b.Services.OrderByDescending(s => s.Status).Take(most)], b.Services.Count > most)),
        ];
    }

    private static DateTimeOffset Earlier(DateTimeOffset one, DateTimeOffset other) => one < other ? one : other;

    private static async Task<Trouble> ShapeAsync(
        ServiceSummary summary, SeriesReader series, TimeProvider clock, CancellationToken cancellation)
    {
        var to = Minute.Of(clock.GetUtcNow()).FloorTo(ShapeStep) + ShapeStep;
        var read = await series.ReadAsync(
            new SeriesQuery(summary.Service, Region.World, to - (ShapeSteps * ShapeStep), to, ShapeStep), cancellation);
        var upper = read.Points.Max(p => p.Upper);
        return new Trouble(summary, [.. read.Points.Select(p => p.Counts.Reports)], upper);
    }
}
