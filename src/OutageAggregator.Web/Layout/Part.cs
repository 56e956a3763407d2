namespace OutageAggregator.Web.Layout;

/// <summary>A part of a page: it knows how old what it shows is, and in which language it speaks.</summary>
public abstract class Part : ComponentBase
{
    [CascadingParameter] public PageAge Age { get; set; } = PageAge.Unknown;

    internal English Words => Languages.English;
}
