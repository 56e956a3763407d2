namespace OutageAggregator.Web.Http;

/// <summary>
/// Which characters may stand in a text that strangers send and others read, where none may be left out (<see cref="CleanText"/>). Refused
/// is what shows nothing or reorders what is shown: controls (Cc), separators (Zl, Zp), format characters (Cf), blank letters, halves of
/// surrogate pairs, and code points that are no characters. The joiners U+200C and U+200D are spelling in Persian and Indic scripts and
/// part of many emoji: they may stand between two characters that are neither ASCII nor refused.
/// </summary>
internal static class PlainText
{
    private const int NonJoiner = 0x200C;
    private const int Joiner = 0x200D;

    /// <summary>Null where every character is allowed, else what is wrong with the first that is not.</summary>
    internal static string? Fault(ReadOnlySpan<char> text)
    {
        if (Ascii.IsValid(text) && !text.ContainsAnyInRange('\0', '\x1F') && !text.Contains('\x7F'))
            return null;

        var before = 0;
        for (var i = 0; i < text.Length;)
        {
            if (Rune.DecodeFromUtf16(text[i..], out var rune, out var width) != System.Buffers.OperationStatus.Done)
                return $"Character {i + 1} is half of a surrogate pair (U+{(int)text[i]:X4}); send whole characters.";
            var isJoiner = rune.Value is NonJoiner or Joiner;
            if (isJoiner ? !Joins(before, text[(i + width)..]) : IsRefused(rune))
                return Describe(rune, i + 1);
            before = rune.Value;
            i += width;
        }
        return null;
    }

    /// <summary>The text with what is refused shown as U+FFFD, cut to a length: for quoting bad input in an answer.</summary>
    internal static string Quote(ReadOnlySpan<char> text, int maxLength = 60)
    {
        var quoted = new StringBuilder(maxLength + 1);
        foreach (var rune in text.EnumerateRunes())
        {
            if (quoted.Length + rune.Utf16SequenceLength > maxLength)
            {
                _ = quoted.Append('…');
                break;
            }
            _ = quoted.Append(rune.Value is NonJoiner or Joiner || IsRefused(rune) ? "\uFFFD" : rune.ToString());
        }
        return quoted.ToString();
    }

    private static bool Joins(int before, ReadOnlySpan<char> rest) =>
        before > 0x7F && before is not (NonJoiner or Joiner)
        && Rune.DecodeFromUtf16(rest, out var after, out _) == System.Buffers.OperationStatus.Done
        && after.Value > 0x7F && after.Value is not (NonJoiner or Joiner) && !IsRefused(after);

    private static bool IsRefused(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate
            or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
        || IsNoCharacter(rune) || IsBlank(rune);

    /// <summary>True of code points that never are a character.</summary>
    internal static bool IsNoCharacter(Rune rune) => (rune.Value & 0xFFFE) == 0xFFFE || rune.Value is >= 0xFDD0 and <= 0xFDEF;

    /// <summary>
    /// True of letters and marks that show nothing: combining grapheme joiner, Hangul fillers, Khmer inherent vowels, the braille blank.
    /// </summary>
    internal static bool IsBlank(Rune rune) =>
        rune.Value is 0x034F or 0x115F or 0x1160 or 0x17B4 or 0x17B5 or 0x2800 or 0x3164 or 0xFFA0;

    private static string Describe(Rune rune, int place)
    {
        var what = rune.Value switch
        {
            0 => "NUL",
            < 0x20 or (>= 0x7F and <= 0x9F) => "a control character",
            0x061C or 0x200E or 0x200F or (>= 0x202A and <= 0x202E) or (>= 0x2066 and <= 0x2069) =>
                "a character that changes the direction of text",
            0x2028 or 0x2029 => "a line separator",
            _ => "a character that shows nothing",
        };
        return $"Character {place} is {what} (U+{rune.Value:X4}); leave it out.";
    }
}
