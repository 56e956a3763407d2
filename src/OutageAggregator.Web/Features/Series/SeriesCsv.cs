namespace OutageAggregator.Web.Features.Series;

/// <summary>
/// The points of a series as RFC 4180: a header line, CRLF, the columns and names of the JSON. Every field is a number, a time or one of
/// our own codes, so nothing needs quotes, nor can a spreadsheet take it for a formula.
/// </summary>
internal static class SeriesCsv
{
    internal const string Header = "t,reports,back,late,reporters,expected,upper,verdict";

    internal static byte[] Of(Runtime.Reading.Series series)
    {
        var text = new StringBuilder(Header, 64 * (series.Points.Length + 1)).Append("\r\n");
        foreach (var span in series.Points)
        {
            var point = PointAnswer.Of(span);
            _ = text.Append(CultureInfo.InvariantCulture,
                $"{Times.Text(point.T)},{point.Reports},{point.Back},{point.Late},{point.Reporters},{point.Expected},{point.Upper},{point.Verdict.Code()}\r\n");
        }
        return Encoding.UTF8.GetBytes(text.ToString());
    }
}
