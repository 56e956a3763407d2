namespace OutageAggregator.Web.Layout;

/// <summary>How old what a page shows is: every part of a page is told, and none that speaks of now may do so where it is stale.</summary>
/// <param name="Freshness">Of the page's content; null where nothing could ever be read.</param>
public sealed record PageAge(Freshness? Freshness)
{
    /// <summary>Where nobody tells: as if nothing could be read, never as if it were of now.</summary>
    internal static PageAge Unknown { get; } = new((Freshness?)null);

    /// <summary>True where nothing can be said of how things stand now.</summary>
    public bool IsStale => Freshness is not { IsStale: false };
}
