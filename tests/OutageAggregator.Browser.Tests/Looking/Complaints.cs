using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace OutageAggregator.Browser.Tests.Looking;

/// <summary>What a page complains of: console errors and warnings, exceptions, requests to other hosts, violations of the security policy.</summary>
internal sealed class Complaints
{
    // The browser tells while a test reads.
    private readonly ConcurrentQueue<string> _lines = [];

    private Complaints() { }

    internal IReadOnlyList<string> Lines => [.. _lines];

    internal static Complaints Of(IPage page, Uri site)
    {
        var complaints = new Complaints();
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
                complaints._lines.Enqueue($"{message.Type}: {message.Text}");
        };
        page.PageError += (_, error) => complaints._lines.Enqueue($"exception: {error}");
        page.Request += (_, request) =>
        {
            if (!request.Url.StartsWith(site.ToString(), StringComparison.Ordinal) && !request.Url.StartsWith("data:", StringComparison.Ordinal))
                complaints._lines.Enqueue($"another site: {request.Url}");
        };
        page.Response += (_, response) =>
        {
            if (response.Status >= 400)
                complaints._lines.Enqueue($"{response.Status}: {response.Url}");
        };
        return complaints;
    }
}
