namespace OutageAggregator.Web.Admission;

/// <summary>
/// Finds who calls and under which address, before anything else is done. Where the site is mounted under a path, that is taken off here,
/// so that everything behind it is at home at <c>/</c>, and put before the address of a redirection: proxies may leave the path on what
/// they hand over or take it off. Pages and answers put it
/// before the addresses that they hold.
/// </summary>
internal sealed class Entrance(RequestDelegate next, TrustedProxies proxies, SiteSettings site, ProxySigns signs)
{
    private readonly PublicAddress _unforwarded = new(site.PublicUrl, forwarded: null);

    public Task InvokeAsync(HttpContext context)
    {
        var caller = proxies.Find(context);
        context.Features.Set(caller);
        if (!caller.PeerIsTrusted)
            signs.See(caller, context.Request.Headers);
        var address = caller.PeerIsTrusted ? new PublicAddress(site.PublicUrl, context.Request.Headers) : _unforwarded;
        context.Features.Set(address);
        if (address.Path.Length > 0)
            Mount(context, address.Path);
        return next(context);
    }

    private static void Mount(HttpContext context, PathString path)
    {
        var request = context.Request;
        request.PathBase = path;
        if (request.Path.StartsWithSegments(path, StringComparison.OrdinalIgnoreCase, out var rest))
            request.Path = rest.HasValue ? rest : "/";
        context.Response.OnStarting(static state =>
        {
            var (headers, path) = (((HttpContext)state).Response.Headers, ((HttpContext)state).Request.PathBase);
            if (headers.Location is [{ } location] && location.StartsWith('/') && !location.StartsWith("//", StringComparison.Ordinal))
                headers.Location = path + location;
            return Task.CompletedTask;
        }, context);
    }
}
