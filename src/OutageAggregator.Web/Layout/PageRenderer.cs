using Microsoft.AspNetCore.Components.Web;

namespace OutageAggregator.Web.Layout;

/// <summary>
/// Renders a page's component to bytes, and tells its parts how old its content is. <c>RazorComponentResult</c> writes into one response;
/// these bytes serve everybody who asks within a second, and have a hash.
/// </summary>
internal sealed class PageRenderer(FreshnessReader freshness, IServiceProvider services, ILoggerFactory loggers)
{
    /// <param name="model">The component's parameter "Model".</param>
    /// <param name="place">Where the page is.</param>
    /// <param name="isAway">True where the store can't be read now, and the content was known before.</param>
    internal async Task<byte[]> RenderAsync<TPage>(object model, Place place, DateTimeOffset? lookedAt = null, bool isAway = false)
        where TPage : IComponent
    {
        // After the content was read, which may have taken its time: it is never called younger than it is.
        var age = await AgeAsync(lookedAt ?? DateTimeOffset.MaxValue, isAway);
        await using var renderer = new HtmlRenderer(services, loggers);
        return await renderer.Dispatcher.InvokeAsync(async () =>
        {
            var parameters = new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                [nameof(CascadingValue<>.Value)] = age,
                [nameof(CascadingValue<>.IsFixed)] = true,
                [nameof(CascadingValue<>.ChildContent)] = Told(place, page =>
                {
                    page.OpenComponent(0, typeof(TPage));
                    page.AddComponentParameter(1, "Model", model);
                    page.CloseComponent();
                }),
            };
            var page = await renderer.RenderComponentAsync<CascadingValue<Freshness?>>(ParameterView.FromDictionary(parameters));
            using var html = new StringWriter(new StringBuilder(32 * 1024));
            page.WriteHtmlTo(html);
            return Encoding.UTF8.GetBytes(place.Below(IsolatedHtml.Of(html.ToString(), Languages.English.Code)));
        });
    }

    private static RenderFragment Told(Place place, RenderFragment page) => content =>
    {
        content.OpenComponent<CascadingValue<Place>>(0);
        content.AddComponentParameter(1, nameof(CascadingValue<>.Value), place);
        content.AddComponentParameter(2, nameof(CascadingValue<>.IsFixed), true);
        content.AddComponentParameter(3, nameof(CascadingValue<>.ChildContent), page);
        content.CloseComponent();
    };

    private async Task<Freshness?> AgeAsync(DateTimeOffset lookedAt, bool isAway)
    {
        try
        {
            var age = await freshness.ReadAsync(lookedAt, CancellationToken.None);
            return age with { IsAway = isAway || age.IsAway };
        }
        catch (StoreUnavailableException)
        {
            // The page that says so is rendered here, too.
            return null;
        }
    }
}
