using System.Net;
using System.Text.Encodings.Web;

namespace OutageAggregator.Web.Layout;

/// <summary>
/// Isolates what stands in another script on a whole page (<see cref="Isolates"/>): by <c>bdi</c> where text may hold elements, by
/// characters where it may not, in titles, options and pictures and in the attributes that people read or hear. Scripts and styles stay as
/// they are.
/// </summary>
internal static class IsolatedHtml
{
    private static readonly string[] s_read = ["title", "alt", "aria-label", "content", "placeholder", "data-status-text", "data-name"];
    private static readonly string[] s_plain = ["title", "option", "textarea", "svg"];
    private static readonly string[] s_code = ["script", "style"];

    /// <param name="html">Well-formed, as components are rendered: attributes in double quotes.</param>
    internal static string Of(string html, string language)
    {
        var page = new StringBuilder(html.Length + 256);
        // The element that decides how text in it is isolated, and how many of its name are open.
        var (within, depth) = ("", 0);
        for (var i = 0; i < html.Length;)
        {
            var tag = html.IndexOf('<', i);
            var text = html[i..(tag < 0 ? html.Length : tag)];
            _ = page.Append(s_code.Contains(within) || within == "bdi" ? text : Isolated(text, language, isMarkup: within.Length == 0));
            if (tag < 0)
                break;
            i = EndOfTag(html, tag);
            var (name, isEnd) = NameOf(html, tag);
            if (within.Length == 0 && !isEnd && (s_plain.Contains(name) || s_code.Contains(name) || name == "bdi"))
                (within, depth) = (name, 1);
            else if (within.Length > 0 && name == within && (depth += isEnd ? -1 : html[i - 2] == '/' ? 0 : 1) == 0)
                within = "";
            AppendTag(page, html[tag..i], language);
        }
        return page.ToString();
    }

    private static string Isolated(string encoded, string language, bool isMarkup)
    {
        if (encoded.Length == 0)
            return encoded;
        var text = WebUtility.HtmlDecode(encoded);
        var isolated = Isolates.In(text, language);
        // Untouched, it stays byte for byte as it was.
        if (ReferenceEquals(isolated, text))
            return encoded;
        var html = new StringBuilder(HtmlEncoder.Default.Encode(isolated));
        return (isMarkup ? html.Replace("&#x2068;", "<bdi>").Replace("&#x2069;", "</bdi>") : html).ToString();
    }

    private static void AppendTag(StringBuilder page, string tag, string language)
    {
        foreach (var name in s_read)
        {
            var at = tag.IndexOf($" {name}=\"", StringComparison.Ordinal);
            if (at < 0)
                continue;
            var from = at + name.Length + 3;
            var to = tag.IndexOf('"', from);
            if (to < 0)
                break;
            var value = Isolated(tag[from..to], language, isMarkup: false);
            tag = string.Concat(tag.AsSpan(0, from), value, tag.AsSpan(to));
        }
        _ = page.Append(tag);
    }

    // Attributes may hold a ">".
    private static int EndOfTag(string html, int tag)
    {
        var isQuoted = false;
        for (var i = tag; i < html.Length; i++)
        {
            if (html[i] == '"')
                isQuoted = !isQuoted;
            else if (html[i] == '>' && !isQuoted)
                return i + 1;
        }
        return html.Length;
    }

    private static (string Name, bool IsEnd) NameOf(string html, int tag)
    {
        var isEnd = tag + 1 < html.Length && html[tag + 1] == '/';
        var from = tag + (isEnd ? 2 : 1);
        var to = from;
        while (to < html.Length && char.IsAsciiLetterOrDigit(html[to]))
            to++;
        return (html[from..to].ToLowerInvariant(), isEnd);
    }
}
