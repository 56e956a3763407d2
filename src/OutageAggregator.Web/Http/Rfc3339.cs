using System.Diagnostics.CodeAnalysis;

namespace OutageAggregator.Web.Http;

/// <summary>
/// Instants as RFC 3339 writes them, and nothing else: <c>2024-11-09T00:10:00Z</c>, <c>2024-11-09T01:10:00.25+01:00</c>. .NET's own parsers
/// take much more ("tomorrow's" formats of many cultures, dates without a zone), and a time that is read otherwise than it was meant
/// is worse than one that is refused.
/// </summary>
internal static class Rfc3339
{
    private const int TicksPerSecondDigits = 7;

    /// <param name="text">The whole text.</param>
    /// <param name="instant">In UTC.</param>
    /// <returns>False where it is not an instant of RFC 3339, or not one of the years 1 to 9999.</returns>
    [SuppressMessage("Design", "MA0051", Justification = "One grammar, read from left to right.")]
    internal static bool TryParse(ReadOnlySpan<char> text, out DateTimeOffset instant)
    {
        instant = default;
        // yyyy-MM-ddTHH:mm:ss is 19 characters; T and Z may be small.
        if (text.Length is < 20 or > 40 || text[4] != '-' || text[7] != '-' || text[10] is not ('T' or 't') || text[13] != ':' || text[16] != ':')
            return false;
        if (!Number(text[..4], out var year) || !Number(text[5..7], out var month) || !Number(text[8..10], out var day)
            || !Number(text[11..13], out var hour) || !Number(text[14..16], out var minute) || !Number(text[17..19], out var second))
        {
            return false;
        }
        if (year < 1 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month) || hour > 23 || minute > 59 || second > 60)
            return false;

        var rest = text[19..];
        long ticks = 0;
        if (rest[0] == '.')
        {
            var digits = 1;
            for (; digits < rest.Length && char.IsAsciiDigit(rest[digits]); digits++)
            {
                if (digits <= TicksPerSecondDigits)
                    ticks = (ticks * 10) + (rest[digits] - '0');
            }
            if (digits == 1)
                return false;
            for (var i = digits; i <= TicksPerSecondDigits; i++)
                ticks *= 10;
            rest = rest[digits..];
        }

        var offset = 0;
        if (rest is not ("Z" or "z"))
        {
            if (rest.Length != 6 || rest[0] is not ('+' or '-') || rest[3] != ':' || !Number(rest[1..3], out var hours) || !Number(rest[4..6], out var minutes)
                || hours > 23 || minutes > 59)
            {
                return false;
            }
            offset = ((hours * 60) + minutes) * (rest[0] == '-' ? -1 : 1);
        }

        // A leap second is the first instant of the next minute; no clock of ours has another place for it.
        var local = new DateTime(year, month, day, hour, minute, 0, DateTimeKind.Utc).Ticks + (second * TimeSpan.TicksPerSecond) + ticks;
        var utc = local - (offset * TimeSpan.TicksPerMinute);
        if (utc < DateTime.MinValue.Ticks || utc > DateTime.MaxValue.Ticks)
            return false;
        instant = new DateTimeOffset(utc, TimeSpan.Zero);
        return true;
    }

    private static bool Number(ReadOnlySpan<char> digits, out int value)
    {
        value = 0;
        foreach (var c in digits)
        {
            if (!char.IsAsciiDigit(c))
                return false;
            value = (value * 10) + (c - '0');
        }
        return true;
    }
}
