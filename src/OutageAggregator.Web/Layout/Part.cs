namespace OutageAggregator.Web.Layout;

/// <summary>A part of a page: it knows how old what it shows is, where it is, and in which language and zone it speaks.</summary>
public abstract class Part : ComponentBase
{
    /// <summary>Of the page's content. Null where nothing could ever be read, or nobody tells: never as if it were of now.</summary>
    [CascadingParameter] public Freshness? Freshness { get; set; }

    [CascadingParameter] internal Place Place { get; set; } = null!;

    /// <summary>True where nothing can be said of how things stand now: no part that speaks of now may do so then.</summary>
    protected bool IsStale => Freshness is not { IsStale: false };
    internal English Words => Place.Words;
}
