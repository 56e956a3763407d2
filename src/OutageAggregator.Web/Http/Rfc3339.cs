using System.Text.RegularExpressions;

namespace OutageAggregator.Web.Http;

/// <summary>
/// Instants as RFC 3339 writes them, and nothing else: <c>2024-11-09T01:10:00.25+01:00</c>. .NET's own parsers take much more, and a time
/// that is read otherwise than it was meant is worse than one that is refused.
/// </summary>
internal static partial class Rfc3339
{
    private const int MostCharacters = 40;

    /// <summary>False where it is not an instant of RFC 3339, or not one of the years 1 to 9999.</summary>
    internal static bool TryParse(ReadOnlySpan<char> text, out DateTimeOffset instant)
    {
        instant = default;
        if (text.Length > MostCharacters || Form().Match(text.ToString()) is not { Success: true } match)
            return false;
        var parts = match.Groups;
        if (!DateTime.TryParseExact(
            $"{parts["date"]} {parts["time"]}", "yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var local))
            return false;
        var offset = parts["hours"].Success ? (60 * Number(parts["hours"].Value)) + Number(parts["minutes"].Value) : 0;
        // A leap second is the first instant of the next minute; no clock of ours has another place for it.
        var ticks = local.Ticks + (Number(parts["second"].Value) * TimeSpan.TicksPerSecond) + Number(
            parts["fraction"].Value.PadRight(7, '0')[..7])
            - ((parts["sign"].Value == "-" ? -offset : offset) * TimeSpan.TicksPerMinute);
        if (ticks < DateTime.MinValue.Ticks || ticks > DateTime.MaxValue.Ticks)
            return false;
        instant = new DateTimeOffset(ticks, TimeSpan.Zero);
        return true;
    }

    private static int Number(string digits) => int.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture);

    [GeneratedRegex(
        @"^(?<date>[0-9]{4}-[0-9]{2}-[0-9]{2})[Tt](?<time>[0-9]{2}:[0-9]{2}):(?<second>[0-5][0-9]|60)(\.(?<fraction>[0-9]+))?"
        + @"([Zz]|(?<sign>[+-])(?<hours>[01][0-9]|2[0-3]):(?<minutes>[0-5][0-9]))\z",
        RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Form();
}
