using System.Collections.Concurrent;

namespace OutageAggregator.Web.Layout;

/// <summary>
/// Answers with pages. In an outage everybody opens the same page, so a page is rendered once a real second at most however many ask, and
/// who has it already is told 304. It has no state of a visitor in it, so it may be shared and compressed.
/// <para>
/// While the store can't be read, a page that was shown before is rendered anew from what was known, and says from when that is
/// (<see cref="Part.Freshness"/>); others are a 503. The thank-you page, which knows a token, goes another way (<see cref="OnceAsync"/>).
/// </para>
/// </summary>
internal sealed class PageAnswers(PageRenderer renderer, LastKnown known)
{
    private const int MaxPages = 512;
    private const int LifetimeMilliseconds = 1_000;
    private const string MediaType = "text/html; charset=utf-8";
    private readonly ConcurrentDictionary<string, Entry> _pages = new(StringComparer.Ordinal);

    /// <summary>The page at a key, rendered from a model that is read only where it is needed.</summary>
    /// <param name="key">All that the page depends on besides time: its canonical address.</param>
    /// <param name="model">Reads the component's parameter "Model"; not cancelled when one of several callers leaves.</param>
    /// <param name="isKept">False where anybody may type the address: such pages would push out of memory what others need.</param>
    internal async Task<IResult> SharedAsync<TPage>(HttpContext context, string key, Func<Task<object>> model, bool isKept = true)
        where TPage : IComponent => (await FoundAsync<TPage>(context, key, async () => await model(), isKept))!;

    /// <summary>The same, or null where the model is: what the page would be about is not there.</summary>
    internal async Task<IResult?> FoundAsync<TPage>(HttpContext context, string key, Func<Task<object?>> model, bool isKept = true)
        where TPage : IComponent
    {
        var now = Environment.TickCount64;
        if (!_pages.TryGetValue(key, out var entry) || !entry.Serves(now))
        {
            if (_pages.Count >= MaxPages)
                MakeRoom(now);
            entry = new Entry(now, new Lazy<Task<Rendered?>>(() => RenderAsync<TPage>(key, model, isKept)));
            _pages[key] = entry;
        }
        Rendered? page;
        try
        {
            page = await entry.Page.Value.WaitAsync(context.RequestAborted);
        }
        catch when (entry.Page.Value.IsFaulted)
        {
            _ = _pages.TryRemove(new KeyValuePair<string, Entry>(key, entry));
            throw;
        }
        return page is null ? null : new CachedAnswer(page);
    }

    /// <summary>A page for one visitor: never kept, here or anywhere.</summary>
    internal async Task<IResult> OnceAsync<TPage>(object model, int status = StatusCodes.Status200OK)
        where TPage : IComponent => new PrivateAnswer(await renderer.RenderAsync<TPage>(model), status);

    private async Task<Rendered?> RenderAsync<TPage>(string key, Func<Task<object?>> model, bool isKept) where TPage : IComponent
    {
        return await known.ReadAsync(key, model, _ => isKept ? LastKnown.PageBytes : 0) is { } page
            ? new Rendered(await renderer.RenderAsync<TPage>(page.Told, page.LookedAt, page.IsAway), MediaType)
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

    private sealed class PrivateAnswer(byte[] html, int status) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.StatusCode = status;
            httpContext.Response.Headers.CacheControl = "no-store";
            return JsonBody.WriteBytesAsync(httpContext, html, MediaType);
        }
    }
}
