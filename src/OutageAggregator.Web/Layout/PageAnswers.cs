using System.Collections.Concurrent;

namespace OutageAggregator.Web.Layout;

/// <summary>
/// Answers with pages. In an outage everybody opens the same page, so a page is rendered once a real second at most however many ask, and
/// who has it already is told 304. It has no state of a visitor in it, so it may be shared and compressed: by all who ask for it in one
/// time zone, of which there are some hundreds, and most ask for none.
/// <para>
/// While the store can't be read, a page that was shown before is rendered anew from what was known, and says from when that is
/// (<see cref="Part.Freshness"/>); others are a 503. The thank-you page, which knows a token, goes another way (<see cref="OnceAsync"/>).
/// </para>
/// </summary>
internal sealed class PageAnswers(PageRenderer renderer, LastKnown known, SiteSettings site)
{
    private const int MaxPages = 512;
    private const int LifetimeMilliseconds = 1_000;
    private const string MediaType = "text/html; charset=utf-8";
    private readonly ConcurrentDictionary<string, Entry> _pages = new(StringComparer.Ordinal);

    /// <summary>The page at a key, rendered from a model that is read only where it is needed.</summary>
    /// <param name="key">All that the page depends on besides time and the zone in which it tells times: its canonical address.</param>
    /// <param name="address">Its address within the site.</param>
    /// <param name="model">Reads the component's parameter "Model"; not cancelled when one of several callers leaves.</param>
    /// <param name="isKept">False where anybody may type the address: such pages would push out of memory what others need.</param>
    /// <param name="isNamed">False where it should not be found under its address.</param>
    internal async Task<IResult> SharedAsync<TPage>(
        HttpContext context, string key, string address, Func<Task<object>> model, bool isKept = true, bool isNamed = true)
        where TPage : IComponent => (await FoundAsync<TPage>(context, key, address, async () => await model(), isKept, isNamed))!;

    /// <summary>The same, or null where the model is: what the page would be about is not there.</summary>
    internal async Task<IResult?> FoundAsync<TPage>(
        HttpContext context, string key, string address, Func<Task<object?>> model, bool isKept = true, bool isNamed = true)
        where TPage : IComponent
    {
        var now = Environment.TickCount64;
        var place = Here(context, address) with { Canonical = isNamed && site.PublicUrl is not null ? site.PublicUrl + address : null };
        var rooted = $"{place.Root}{key} {(place.Zone.IsMisnamed ? "?" : place.Zone.Name)}";
        if (!_pages.TryGetValue(rooted, out var entry) || !entry.Serves(now))
        {
            if (_pages.Count >= MaxPages)
                MakeRoom(now);
            entry = new Entry(now, new Lazy<Task<Rendered?>>(() => RenderAsync<TPage>(key, place, model, isKept)));
            _pages[rooted] = entry;
        }
        Rendered? page;
        try
        {
            page = await entry.Page.Value.WaitAsync(context.RequestAborted);
        }
        catch when (entry.Page.Value.IsFaulted)
        {
            _ = _pages.TryRemove(new KeyValuePair<string, Entry>(rooted, entry));
            throw;
        }
        return page is null ? null : new CachedAnswer(page);
    }

    /// <summary>A page for one visitor: never kept, here or anywhere.</summary>
    /// <param name="address">Its address within the site; null where nobody could come back to it.</param>
    internal Task<IResult> OnceAsync<TPage>(object model, int status = StatusCodes.Status200OK, string? address = null)
        where TPage : IComponent =>
        Task.FromResult<IResult>(new PrivateAnswer(context => renderer.RenderAsync<TPage>(model, Here(context, address)), status));

    private static Place Here(HttpContext context, string? address) =>
        new(context.Request.PathBase.Value ?? "", PageZone.Of(context.Request), address);

    private async Task<Rendered?> RenderAsync<TPage>(string key, Place place, Func<Task<object?>> model, bool isKept)
        where TPage : IComponent
    {
        return await known.ReadAsync(key, model, _ => isKept ? LastKnown.PageBytes : 0) is { } page
            ? new Rendered(await renderer.RenderAsync<TPage>(page.Told, place, page.LookedAt, page.IsAway), MediaType)
            : null;
    }

    private void MakeRoom(long now)
    {
        foreach (var (key, _) in _pages.Where(p => !p.Value.Serves(now)))
            _ = _pages.TryRemove(key, out _);
        if (_pages.Count >= MaxPages)
            _pages.Clear();
    }

    private sealed record Entry(long BegunAt, Lazy<Task<Rendered?>> Page)
    {
        internal bool Serves(long now) => now - BegunAt < LifetimeMilliseconds || (Page.IsValueCreated && !Page.Value.IsCompleted);
    }

    private sealed class PrivateAnswer(Func<HttpContext, Task<byte[]>> render, int status) : IResult
    {
        public async Task ExecuteAsync(HttpContext httpContext)
        {
            var html = await render(httpContext);
            httpContext.Response.StatusCode = status;
            httpContext.Response.Headers.CacheControl = "no-store";
            await JsonBody.WriteBytesAsync(httpContext, html, MediaType);
        }
    }
}
