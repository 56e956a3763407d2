using Microsoft.Playwright;

namespace OutageAggregator.Browser.Tests.Looking;

/// <summary>What a page complains of: console errors and warnings, exceptions, requests to other hosts, violations of the security policy.</summary>
internal sealed class Complaints
{
    private readonly List<string> _lines = [];

    private Complaints() { }

    internal IReadOnlyList<string> Lines => _lines;

    internal static Complaints Of(IPage page, Uri site)
    {
        var complaints = new Complaints();
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
                complaints._lines.Add($"{message.Type}: {message.Text}");
        };
        page.PageError += (_, error) => complaints._lines.Add($"exception: {error}");
        page.Request += (_, request) =>
        {
            if (!request.Url.StartsWith(site.ToString(), StringComparison.Ordinal) && !request.Url.StartsWith("data:", StringComparison.Ordinal))
                complaints._lines.Add($"another site: {request.Url}");
        };
        page.Response += (_, response) =>
        {
            if (response.Status >= 400)
                complaints._lines.Add($"{response.Status}: {response.Url}");
        };
        return complaints;
    }
}
