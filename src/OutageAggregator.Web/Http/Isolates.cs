namespace OutageAggregator.Web.Http;

/// <summary>
/// Isolates what stands in another script within a sentence, a service's name above all: with U+2068 before and U+2069 after it (UAX 9,
/// section 2.4.2), neither turns what is around it nor is turned by it. In an English sentence "دیجی‌کالا: 12 reports" would otherwise be
/// laid out with the 12 before the name.
/// <para>
/// It is done where a text leaves, on pages (<c>IsolatedHtml</c>) and in answers (<c>AnswerJson</c>), for whatever stands in it and
/// wherever that came from; so no sentence has to think of it. What is isolated is a run from the first letter of another script to the
/// last, with the spaces, digits and marks that names have inside, and the digits and the "+" that stand right beside it. A comma, a full
/// stop, a quotation mark or a bracket ends it: names in a list stay in order.
/// </para>
/// </summary>
internal static class Isolates
{
    internal const char Begin = '\u2068';
    internal const char End = '\u2069';
    private const string WithinNames = "-'’.・&/_";

    /// <summary>The text, isolated as a language needs it; the same object where nothing is to be done.</summary>
    /// <param name="language">Its code, as in <c>&lt;html lang&gt;</c>: what is written in its own script stands as it is.</param>
    internal static string In(string text, string language = "en")
    {
        var isOwn = ScriptOf(language);
        // Nearly all text is ASCII, and in a language that is written otherwise it is not.
        if (Ascii.IsValid(text) && isOwn('a'))
            return text;
        StringBuilder? isolated = null;
        var copied = 0;
        for (var i = 0; i < text.Length;)
        {
            if (text[i] is Begin or '\u2066' or '\u2067' && text.IndexOf(End, i) is > 0 and var end)
            {
                i = end + 1;
                continue;
            }
            if (!IsForeign(text, i, isOwn, out var width))
            {
                i += width;
                continue;
            }
            var (from, to) = (FirstOf(text, i, copied), EndOf(text, i, isOwn));
            isolated ??= new StringBuilder(text.Length + 8);
            _ = isolated.Append(text, copied, from - copied).Append(Begin).Append(text, from, to - from).Append(End);
            i = copied = to;
        }
        return isolated?.Append(text, copied, text.Length - copied).ToString() ?? text;
    }

    // Digits right before it, as in "9GAG".
    private static int FirstOf(string text, int at, int from)
    {
        var first = at;
        while (first > from && char.IsDigit(text[first - 1]))
            first--;
        return first == from || !char.IsLetter(text[first - 1]) ? first : at;
    }

    private static int EndOf(string text, int from, Func<int, bool> isOwn)
    {
        var end = from;
        for (var i = from; i < text.Length;)
        {
            if (IsForeign(text, i, isOwn, out var width))
                end = i + width;
            else if (end == i && (char.IsDigit(text[i]) || text[i] == '+'))
                end = i + 1;
            else if (!IsWithinNames(text, i))
                break;
            i += width;
        }
        return end;
    }

    // A space, a digit, or a mark that no space follows: what separates sentences and parts of a list is none.
    private static bool IsWithinNames(string text, int at) => text[at] == ' ' || char.IsDigit(text[at])
        || (WithinNames.Contains(text[at]) && at + 1 < text.Length && text[at + 1] != ' ');

    // Letters of another script, the marks and joiners on them, and digits that are no 0 to 9.
    private static bool IsForeign(string text, int at, Func<int, bool> isOwn, out int width)
    {
        width = Rune.DecodeFromUtf16(text.AsSpan(at), out var rune, out var units) == OperationStatus.Done ? units : 1;
        if (isOwn(rune.Value))
            return false;
        return rune.Value is 0x200C or 0x200D || Rune.IsLetter(rune) || Rune.GetUnicodeCategory(rune) switch
        {
            UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark => true,
            UnicodeCategory.DecimalDigitNumber => rune.Value > 0x7F,
            _ => false,
        };
    }

    private static Func<int, bool> ScriptOf(string language) => language switch
    {
        "fa" or "ar" => static c => c is 0x200C or 0x200D or (>= 0x0600 and <= 0x06FF) or (>= 0x0750 and <= 0x077F)
            or (>= 0x08A0 and <= 0x08FF) or (>= 0xFB50 and <= 0xFDFF) or (>= 0xFE70 and <= 0xFEFC),
        "ja" => static c => IsLatin(c) || c is (>= 0x2E80 and <= 0x9FFF) or (>= 0xF900 and <= 0xFAFF) or (>= 0xFF00 and <= 0xFFEF)
            or (>= 0x20000 and <= 0x323AF),
        "hi" => static c => IsLatin(c) || c is 0x200C or 0x200D or (>= 0x0900 and <= 0x097F) or (>= 0xA8E0 and <= 0xA8FF),
        _ => IsLatin,
    };

    // With all that is no letter of any script in the blocks beside it. Japanese and Hindi have Latin words within theirs, laid out alike.
    private static bool IsLatin(int c) => c is < 0x0370 or (>= 0x1D00 and <= 0x1D7F) or (>= 0x1E00 and <= 0x1EFF)
        or (>= 0x2000 and <= 0x2BFF and not (0x200C or 0x200D)) or (>= 0x2C60 and <= 0x2C7F) or (>= 0xA720 and <= 0xA7FF)
        or (>= 0xFF21 and <= 0xFF5A);
}
