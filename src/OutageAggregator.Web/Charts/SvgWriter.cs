namespace OutageAggregator.Web.Charts;

/// <summary>
/// Writes SVG text. Everything that comes from outside passes <see cref="Escape"/>: a service's name with a bracket in it stays a
/// name. There are no style attributes and no scripts in it, so a strict content security policy holds.
/// </summary>
internal sealed class SvgWriter
{
    private readonly StringBuilder _text = new();

    public override string ToString() => _text.ToString();
    internal SvgWriter Open(string name, params ReadOnlySpan<(string Name, string Value)> attributes) => Tag(name, attributes, ">");

    internal SvgWriter Close(string name)
    {
        _ = _text.Append("</").Append(name).Append('>');
        return this;
    }

    internal SvgWriter Empty(string name, params ReadOnlySpan<(string Name, string Value)> attributes) => Tag(name, attributes, "/>");

    internal SvgWriter Element(string name, string text, params ReadOnlySpan<(string Name, string Value)> attributes) =>
        Tag(name, attributes, ">").Text(text).Close(name);

    /// <summary>A line between two shares of the width, 0 to 1, and two heights in pixels.</summary>
    internal SvgWriter Line(string code, double from, double to, double top, double bottom) => Empty("line",
        ("class", code), ("x1", Percent(from)), ("x2", Percent(to)), ("y1", Number(top)), ("y2", Number(bottom)));

    internal SvgWriter Text(string text)
    {
        _ = _text.Append(Escape(text));
        return this;
    }

    internal static string Number(double value) => Math.Round(value, 2).ToString("0.##", CultureInfo.InvariantCulture);
    internal static string Percent(double share) => Math.Round(share * 100, 3).ToString("0.###", CultureInfo.InvariantCulture) + "%";

    /// <summary>Text for an element or a quoted attribute; characters that XML forbids become U+FFFD.</summary>
    internal static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length + 16);
        foreach (var rune in text.EnumerateRunes())
        {
            _ = rune.Value switch
            {
                '&' => escaped.Append("&amp;"),
                '<' => escaped.Append("&lt;"),
                '>' => escaped.Append("&gt;"),
                '"' => escaped.Append("&quot;"),
                '\'' => escaped.Append("&#39;"),
                < 0x20 and not ('\t' or '\n' or '\r') or 0xFFFE or 0xFFFF => escaped.Append('\uFFFD'),
                _ => escaped.Append(rune.ToString()),
            };
        }
        return escaped.ToString();
    }

    private SvgWriter Tag(string name, ReadOnlySpan<(string Name, string Value)> attributes, string end)
    {
        _ = _text.Append('<').Append(name);
        foreach (var (key, value) in attributes)
            _ = _text.Append(' ').Append(key).Append("=\"").Append(Escape(value)).Append('"');
        _ = _text.Append(end);
        return this;
    }
}
