using System.Collections.Concurrent;
using System.IO.Compression;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Components;
using Microsoft.Net.Http.Headers;
using OutageAggregator.Storage;
using OutageAggregator.Web.Caching;

namespace OutageAggregator.Web.Layout;

/// <summary>
/// Answers with pages. In an outage everybody opens the same page, and every open page asks again every few seconds: so a page is
/// rendered once a second at most however many ask, those who ask meanwhile share it, and who has it already is told 304.
/// <para>
/// The second is one of real time: it bounds work, not truth. A page has no state of a visitor in it (no cookies, no accounts), so it
/// may be shared and compressed. While the store can't be read, a page that was shown before is shown again, rendered anew from what was known, and says
/// from when that is, and nothing of now where that is too long ago (<see cref="PageAge"/>); others are a 503. The thank-you page, which knows a token, goes another way (<see cref="OnceAsync"/>).
/// </para>
/// </summary>
internal sealed class PageAnswers(PageRenderer renderer, TimeProvider clock)
{
    private const int MaxPages = 512;
    private const int LifetimeMilliseconds = 1_000;

    // Below this, compressing costs more than it saves.
    private const int SmallBytes = 1_024;

    private readonly ConcurrentDictionary<string, Entry> _pages = new(StringComparer.Ordinal);
    private readonly LastKnown<object> _known = new(MaxPages, _ => 1);

    /// <summary>The page at a key, rendered from a model that is read only where it is needed.</summary>
    /// <param name="context">The request.</param>
    /// <param name="key">All that the page depends on besides time: its canonical address.</param>
    /// <param name="model">Reads the component's parameter "Model"; not cancelled when one of several callers leaves.</param>
    /// <param name="isKept">False for a page that is not remembered for while the store can't be read: what anybody may type would push out what others need.</param>
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
            entry = new Entry(now, new Lazy<Task<Page?>>(async () => await RenderAsync<TPage>(key, model, isKept) is { } html ? Page.Of(html) : null));
            _pages[key] = entry;
        }
        Page? page;
        try
        {
            page = await entry.Page.Value.WaitAsync(context.RequestAborted);
        }
        catch when (entry.Page.Value.IsFaulted)
        {
            _ = _pages.TryRemove(new KeyValuePair<string, Entry>(key, entry));
            throw;
        }
        return page is null ? null : new Answer(page);
    }

    /// <summary>A page for one visitor: never kept, here or anywhere.</summary>
    internal async Task<IResult> OnceAsync<TPage>(IDictionary<string, object?> parameters, int status = StatusCodes.Status200OK)
        where TPage : IComponent =>
        new PrivateAnswer(await renderer.RenderAsync<TPage>(parameters), status);

    private async Task<byte[]?> RenderAsync<TPage>(string key, Func<Task<object?>> model, bool isKept)
        where TPage : IComponent
    {
        var now = clock.GetUtcNow();
        Known<object> page;
        var isAway = false;
        try
        {
            if (await model() is not { } read)
                return null;
            page = new Known<object>(read, read is IDatedModel dated && dated.LookedAt < now ? dated.LookedAt : now);
            if (isKept)
                _known.Keep(key, page);
        }
        catch (StoreUnavailableException) when (_known.Find(key) is { } known)
        {
            (page, isAway) = (known, true);
        }
        return await renderer.RenderAsync<TPage>(
            new Dictionary<string, object?>(StringComparer.Ordinal) { ["Model"] = page.Told }, page.LookedAt, isAway);
    }

    private void MakeRoom(long now)
    {
        foreach (var (key, entry) in _pages)
        {
            if (!entry.Serves(now))
                _ = _pages.TryRemove(key, out _);
        }
        if (_pages.Count >= MaxPages)
            _pages.Clear();
    }

    private sealed record Entry(long BegunAt, Lazy<Task<Page?>> Page)
    {
        internal bool Serves(long now) => now - BegunAt < LifetimeMilliseconds || (Page.IsValueCreated && !Page.Value.IsCompleted);
    }

    private sealed record Page(byte[] Html, string ETag, Lazy<byte[]> Brotli, Lazy<byte[]> Gzip)
    {
        internal static Page Of(byte[] html) => new(
            html,
            $"W/\"{Convert.ToHexStringLower(SHA256.HashData(html).AsSpan(0, 12))}\"",
            new Lazy<byte[]>(() => Compression.Brotli(html, CompressionLevel.Fastest)),
            new Lazy<byte[]>(() => Compression.Gzip(html, CompressionLevel.Fastest)));
    }

    private sealed class Answer(Page page) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            var (request, response) = (httpContext.Request, httpContext.Response);
            response.Headers.ETag = page.ETag;
            response.Headers.CacheControl = "no-cache";
            response.Headers.Vary = HeaderNames.AcceptEncoding;
            if (EntityTags.Holds(request, page.ETag))
            {
                response.StatusCode = StatusCodes.Status304NotModified;
                return Task.CompletedTask;
            }
            var body = page.Html;
            if (body.Length > SmallBytes && Compression.Accepted(request) is { } encoding)
            {
                response.Headers.ContentEncoding = encoding;
                body = encoding == "br" ? page.Brotli.Value : page.Gzip.Value;
            }
            return WriteAsync(httpContext, body);
        }
    }

    private sealed class PrivateAnswer(byte[] html, int status) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.StatusCode = status;
            httpContext.Response.Headers.CacheControl = "no-store";
            return WriteAsync(httpContext, html);
        }
    }

    private static Task WriteAsync(HttpContext context, byte[] body)
    {
        context.Response.ContentType = "text/html; charset=utf-8";
        context.Response.ContentLength = body.Length;
        return HttpMethods.IsHead(context.Request.Method)
            ? Task.CompletedTask
            : context.Response.Body.WriteAsync(body, context.RequestAborted).AsTask();
    }
}
