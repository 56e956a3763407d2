namespace OutageAggregator.Web.Http;

/// <summary>
/// What is kept of a text that strangers send and others read. Nothing of it is refused; what is dangerous or shows nothing is left out:
/// <code>
///   line breaks, tabs        one space for each run of them
///   left out                 controls (Cc), what turns text around or shows nothing (Cf: bidi controls, soft hyphen, zero width space,
///                            tags), blank letters, private use (Co), halves of surrogate pairs, code points that are no characters
///   joiners U+200C U+200D    stay where they are spelling: one between letters of scripts that join or stack (Persian, Hindi), U+200D also
///                            after them at the end of a word, and between the parts of an emoji (families, flags)
///   variation selectors      stay behind what they vary: text or emoji style, a Han or Mongolian letter
///   tags                     stay in the three flags that are made of them: England, Scotland, Wales
/// </code>
/// Emoji of all other kinds, flags of two letters among them, are plain characters. Cleaning makes nothing longer.
/// </summary>
internal static class CleanText
{
    private const int NonJoiner = 0x200C;
    private const int Joiner = 0x200D;
    private const int BlackFlag = 0x1F3F4;
    private const int CancelTag = 0xE007F;
    private static readonly string[] s_tagFlags = ["gbeng", "gbsct", "gbwls"];

    /// <summary>True where it would stay as it is: most texts are plain ASCII.</summary>
    internal static bool IsPlain(ReadOnlySpan<char> text) =>
        Ascii.IsValid(text) && !text.ContainsAnyInRange('\0', '\x1F') && !text.Contains('\x7F');

    internal static string Of(ReadOnlySpan<char> text)
    {
        var clean = new StringBuilder(text.Length);
        // The last two code points that stay, 0 where there are none.
        var (before, beforeThat) = (0, 0);
        while (!text.IsEmpty)
        {
            if (Rune.DecodeFromUtf16(text, out var rune, out var width) != OperationStatus.Done)
            {
                text = text[1..];
                continue;
            }
            text = text[width..];
            if (IsBreak(rune.Value))
            {
                if (before is not 0 and not ' ')
                    (before, beforeThat) = (Add(clean, ' '), before);
                while (!text.IsEmpty && IsBreak(text[0]))
                    text = text[1..];
                continue;
            }
            if (!Stays(rune, before, beforeThat, text))
                continue;
            _ = clean.Append(rune.ToString());
            (before, beforeThat) = (rune.Value, before);
            if (rune.Value == BlackFlag)
                text = TakeTags(clean, text);
        }
        return clean.ToString().Trim();
    }

    /// <summary>The first characters of a text, as people count them (extended grapheme clusters of UAX 29).</summary>
    /// <param name="most">How many of them, and four times as many UTF-16 units: a character may carry any number of marks.</param>
    internal static ReadOnlySpan<char> Cut(ReadOnlySpan<char> text, int most)
    {
        if (text.Length <= most)
            return text;
        var length = 0;
        for (var count = 0; count < most && length < text.Length; count++)
        {
            var next = StringInfo.GetNextTextElementLength(text[length..]);
            if (length + next > 4 * most)
                break;
            length += next;
        }
        return text[..length];
    }

    private static char Add(StringBuilder clean, char character)
    {
        _ = clean.Append(character);
        return character;
    }

    private static bool IsBreak(int value) => value is (>= 0x09 and <= 0x0D) or 0x85 or 0x2028 or 0x2029;

    private static bool Stays(Rune rune, int before, int beforeThat, ReadOnlySpan<char> rest) => rune.Value switch
    {
        NonJoiner => IsJoining(before) && IsJoining(First(rest)),
        Joiner => IsJoining(before) || (IsEmojiPart(before, beforeThat) && IsPictograph(First(rest))),
        0xFE0E or 0xFE0F => IsPictograph(before) || before is '#' or '*' or (>= '0' and <= '9'),
        (>= 0xFE00 and <= 0xFE0F) or (>= 0xE0100 and <= 0xE01EF) => IsHan(before),
        (>= 0x180B and <= 0x180D) or 0x180F => before is >= 0x1820 and <= 0x18AA,
        _ => !IsLeftOut(rune),
    };

    private static int First(ReadOnlySpan<char> text) =>
        Rune.DecodeFromUtf16(text, out var rune, out _) == OperationStatus.Done ? rune.Value : 0;

    // Where a joiner is spelling: Arabic and what is written like it, the Indic scripts, Myanmar, Khmer, Mongolian.
    private static bool IsJoining(int value) => value is (>= 0x0620 and <= 0x08FF) or (>= 0x0900 and <= 0x0DFF) or (>= 0x1000 and <= 0x109F)
        or (>= 0x1780 and <= 0x18AF) or (>= 0xA840 and <= 0xA8FF) or (>= 0xFB50 and <= 0xFDFF) or (>= 0xFE70 and <= 0xFEFC)
        && Rune.IsValid(value) && Rune.GetUnicodeCategory(new Rune(value)) is UnicodeCategory.OtherLetter or UnicodeCategory.ModifierLetter
            or UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;

    // Before the joiner of an emoji: a picture, or its skin or style.
    private static bool IsEmojiPart(int before, int beforeThat) => IsPictograph(before) || (before == 0xFE0F && IsPictograph(beforeThat));

    private static bool IsPictograph(int value) => value is 0xA9 or 0xAE or 0x203C or 0x2049 or 0x3030 or 0x303D
        || (value is (>= 0x2100 and <= 0x2BFF) or (>= 0x3297 and <= 0x3299) or (>= 0x1F000 and <= 0x1FAFF)
            && Rune.GetUnicodeCategory(new Rune(value)) is UnicodeCategory.OtherSymbol or UnicodeCategory.MathSymbol
                or UnicodeCategory.ModifierSymbol or UnicodeCategory.OtherNotAssigned);

    private static bool IsHan(int value) => value is (>= 0x3400 and <= 0x4DBF) or (>= 0x4E00 and <= 0x9FFF) or (>= 0xF900 and <= 0xFAFF)
        or (>= 0x20000 and <= 0x323AF);

    private static bool IsLeftOut(Rune rune) => Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format
            or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse
        || PlainText.IsNoCharacter(rune) || PlainText.IsBlank(rune);

    // Behind a black flag: the tags of one of the three flags, or none.
    private static ReadOnlySpan<char> TakeTags(StringBuilder clean, ReadOnlySpan<char> text)
    {
        foreach (var flag in s_tagFlags)
        {
            var tags = string.Concat(flag.Select(letter => char.ConvertFromUtf32(0xE0000 + letter))) + char.ConvertFromUtf32(CancelTag);
            if (!text.StartsWith(tags))
                continue;
            _ = clean.Append(tags);
            return text[tags.Length..];
        }
        return text;
    }
}
