using System.Text;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.Logging;

namespace OutageAggregator.Web.Layout;

/// <summary>
/// Renders a page's component to bytes. Not <c>RazorComponentResult</c>, which writes straight into one response: the bytes of a page
/// serve everybody who asks within a second, and have a hash.
/// </summary>
internal sealed class PageRenderer(IServiceProvider services, ILoggerFactory loggers)
{
    /// <summary>A page whose content was read before.</summary>
    /// <param name="model">Its content.</param>
    /// <param name="knownAt">When that was read.</param>
    internal Task<byte[]> RenderKnownAsync<TPage>(object model, DateTimeOffset knownAt)
        where TPage : IComponent => RenderAsync<CascadingValue<DateTimeOffset?>>(new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            [nameof(CascadingValue<>.Name)] = PageAnswers.KnownAt,
            [nameof(CascadingValue<>.Value)] = (DateTimeOffset?)knownAt,
            [nameof(CascadingValue<>.IsFixed)] = true,
            [nameof(CascadingValue<>.ChildContent)] = (RenderFragment)(page =>
            {
                page.OpenComponent(0, typeof(TPage));
                page.AddComponentParameter(1, "Model", model);
                page.CloseComponent();
            }),
        });

    /// <param name="parameters">The component's parameters by name.</param>
    internal async Task<byte[]> RenderAsync<TPage>(IDictionary<string, object?> parameters)
        where TPage : IComponent
    {
        await using var renderer = new HtmlRenderer(services, loggers);
        return await renderer.Dispatcher.InvokeAsync(async () =>
        {
            var page = await renderer.RenderComponentAsync<TPage>(ParameterView.FromDictionary(parameters));
            using var html = new StringWriter(new StringBuilder(32 * 1024));
            page.WriteHtmlTo(html);
            return Encoding.UTF8.GetBytes(html.ToString());
        });
    }
}
