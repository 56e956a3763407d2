using System.Text.Encodings.Web;

namespace OutageAggregator.Web.Words;

/// <summary>
/// Sentences with markup in them: what is written is HTML, and what is filled in is text unless it is HTML itself. So a language decides
/// where in its sentence a link or a time stands.
/// </summary>
internal static class Html
{
    internal static MarkupString Of(Text text) => new(text.ToString());

    /// <summary>Builds it; see the compiler's handling of interpolated strings.</summary>
    [InterpolatedStringHandler]
    internal readonly struct Text(int literalLength, int formattedCount)
    {
        private readonly StringBuilder _html = new(literalLength + (16 * formattedCount));

        public void AppendLiteral(string html) => _html.Append(html);
        public void AppendFormatted(MarkupString html) => _html.Append(html.Value);
        public void AppendFormatted(string text) => _html.Append(HtmlEncoder.Default.Encode(text));
        public void AppendFormatted(int number) => _html.Append(CultureInfo.InvariantCulture, $"{number}");
        public override string ToString() => _html.ToString();
    }
}
