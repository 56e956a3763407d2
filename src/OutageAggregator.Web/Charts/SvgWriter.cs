namespace OutageAggregator.Web.Charts;

/// <summary>
/// Writes SVG text: what is written is markup, and what is filled in is a number or text, which is escaped: a service's name with a
/// bracket in it stays a name. There are no style attributes and no scripts in it, so a strict content security policy holds.
/// </summary>
internal sealed class SvgWriter
{
    private readonly StringBuilder _text = new();

    public override string ToString() => _text.ToString();
    internal void Add(Markup markup) => _text.Append(markup.Text);

    /// <summary>A line between two shares of the width, 0 to 1, and two heights in pixels.</summary>
    internal void Line(string code, double from, double to, double top, double bottom) =>
        Add($"""<line class="{code}" x1="{Percent(from)}" x2="{Percent(to)}" y1="{top}" y2="{bottom}"/>""");

    /// <summary>A shape, where there is anything of it.</summary>
    internal void Path(string code, StringBuilder path)
    {
        if (path.Length > 0)
            Add($"""<path class="{code}" d="{path.ToString()}"/>""");
    }

    internal static string Number(double value) => Math.Round(value, 2).ToString("0.##", CultureInfo.InvariantCulture);
    internal static string Percent(double share) => Math.Round(share * 100, 3).ToString("0.###", CultureInfo.InvariantCulture) + "%";

    /// <summary>Builds it; see the compiler's handling of interpolated strings.</summary>
    [InterpolatedStringHandler]
    internal readonly struct Markup(int literalLength, int formattedCount)
    {
        internal StringBuilder Text { get; } = new(literalLength + (16 * formattedCount));

        public void AppendLiteral(string markup) => Text.Append(markup);
        public void AppendFormatted(double number) => Text.Append(Number(number));

        /// <summary>Text for an element or a quoted attribute; characters that XML forbids become U+FFFD.</summary>
        public void AppendFormatted(string text)
        {
            foreach (var rune in text.EnumerateRunes())
            {
                _ = Text.Append(rune.Value switch
                {
                    '&' => "&amp;",
                    '<' => "&lt;",
                    '>' => "&gt;",
                    '"' => "&quot;",
                    '\'' => "&#39;",
                    < 0x20 and not ('\t' or '\n' or '\r') or 0xFFFE or 0xFFFF => "\uFFFD",
                    _ => rune.ToString(),
                });
            }
        }
    }
}
