using System.Text;
using AnyAscii;

namespace OutageAggregator.Core.Services;

/// <summary>
/// Brings spellings of one name to one form: lower case, no accents, nothing but letters and digits. "Télécom", "TELECOM" and
/// "tele com" become <c>telecom</c>, "كلود" and "کلود" become one word, "٢" and "２" become <c>2</c>, "Disney+" becomes <c>disneyplus</c>.
/// <para>
/// <c>string.Normalize</c> would take the accents off, but it does nothing where the program runs without ICU, as ours does (a bare
/// machine has none). So the letters are tables here: what Unicode's compatibility decomposition says of the Latin blocks, a dot where
/// it says nothing, and the variants that Arabic and Persian keyboards write for the same letter. Other scripts keep their letters, those
/// from India to Cambodia with the marks that are their vowels.
/// </para>
/// </summary>
internal static class NameFolding
{
    // The base letter of each character from U+00C0 on, 192 of them: Latin-1 and Latin Extended-A.
    private const string Latin =
        "aaaaaa.ceeeeiiiidnooooo.ouuuuy..aaaaaa.ceeeeiiiidnooooo.ouuuuy.y"
        + "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiii..jjkkkllllll..llnnnnnnnnnoooooo..rrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";

    // The same from U+1E00 on, 256 of them: Latin Extended Additional, with Vietnamese.
    private const string LatinAdditional =
        "aabbbbbbccddddddddddeeeeeeeeeeffgghhhhhhhhhhiiiikkkkkkllllllllmmmmmmnnnnnnnnoooooooopppprrrrrrrrssssssssssttttttttuuuuuuuuuuvvvv"
        + "wwwwwwwwwwxxxxyyzzzzzzhtwy.s....aaaaaaaaaaaaaaaaaaaaaaaaeeeeeeeeeeeeeeeeiiiioooooooooooooooooooooooouuuuuuuuuuuuuuyyyyyyyy......";

    /// <summary>The folded form; empty where a text holds no letter and no digit.</summary>
    internal static string Fold(ReadOnlySpan<char> text)
    {
        var folded = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            if (char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c))
                _ = folded.Append(c);
            else if (Letters(c) is { } letters)
                _ = folded.Append(letters);
            else if (char.IsDigit(c))
                _ = folded.Append((char)('0' + CharUnicodeInfo.GetDecimalDigitValue(c)));
            else if (BaseLetter(c) is var letter && (char.IsLetter(letter) || IsVowel(letter)))
                _ = folded.Append(char.ToLowerInvariant(letter));
        }
        return folded.ToString();
    }

    /// <summary>The same in Latin letters, as they would write it who hear it: "ютуб" becomes <c>yutub</c>, "微信" <c>weixin</c>.</summary>
    internal static string InLatin(ReadOnlySpan<char> text)
    {
        // Pictures have names in the tables, too, which nobody typed.
        var letters = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            _ = !IsOfWord(c) ? letters : c switch
            {
                'ا' or 'أ' or 'إ' or 'آ' or 'ٱ' or 'ى' or 'א' => letters.Append('a'), // which the tables leave out
                'ッ' or 'っ' => letters, // the tables make a t of what only doubles the next consonant
                >= '가' and <= '힣' when HangulEnd(c) is 7 or 19 or 20 or 22 or 23 or 25 => letters.Append((char)(c - HangulEnd(c))).Append('t'),
                _ => letters.Append(c),
            };
        }
        if (text.ContainsAnyInRange('\u0370', '\u03FF'))
            _ = letters.Replace("μπ", "b").Replace("ντ", "d").Replace("γκ", "g").Replace("ου", "u").Replace("γι", "y");
        if (text.ContainsAnyInRange('\u0E00', '\u0E7F'))
            PutVowelsBehind(letters);
        if (text.ContainsAnyInRange('\u0590', '\u05FF'))
            _ = letters.Replace("וו", "w").Replace('ו', 'u').Replace('ב', 'b').Replace('פ', 'p');
        return Fold(letters.ToString().Transliterate());
    }

    /// <summary>How words are told apart in the script of a letter.</summary>
    internal static Spacing SpacingOf(char letter) => letter switch
    {
        >= '\u0590' and < '\u0900' => Spacing.Articles,
        >= '\u0E00' and < '\u0F00' or >= '\u1000' and < '\u10A0' or >= '\u1780' => Spacing.None,
        _ => Spacing.Words,
    };

    // Thai writes some vowels before the consonant after which they are spoken.
    private static void PutVowelsBehind(StringBuilder letters)
    {
        for (var i = 0; i + 1 < letters.Length; i++)
        {
            if (letters[i] is >= 'เ' and <= 'ไ' && letters[i + 1] is >= 'ก' and <= 'ฮ')
            {
                (letters[i], letters[i + 1]) = (letters[i + 1], letters[i]);
                i++;
            }
        }
    }

    // Unicode arranges the syllables of Hangul by their last consonant, of which there are 27; six of them end like a t.
    private static int HangulEnd(char syllable) => (syllable - '가') % 28;

    /// <summary>How far what is written in the script of a letter tells its sounds.</summary>
    internal static Hearing HearingOf(char letter) => letter switch
    {
        < '\u0590' => Hearing.Sharp,
        < '\u0900' => Hearing.Voiceless,
        _ => Hearing.Dull,
    };

    /// <summary>False for what stands between words.</summary>
    internal static bool IsOfWord(char c) => char.IsLetterOrDigit(c) || Letters(c) is not null
        || char.GetUnicodeCategory(c) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark;

    private static bool IsVowel(char c) => c is >= '\u0900' and <= '\u109F' or >= '\u1780' and <= '\u17FF'
        && char.GetUnicodeCategory(c) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark
        && (c & 0x7F) != 0x3C; // a dot below, which keyboards leave out

    /// <summary>What stands for more or less than one letter; null for everything else.</summary>
    private static string? Letters(char c) => c switch
    {
        '+' => "plus",
        'ß' or 'ẞ' => "ss",
        'Æ' or 'æ' => "ae",
        'Œ' or 'œ' => "oe",
        'Þ' or 'þ' => "th",
        'Ĳ' or 'ĳ' => "ij",
        'ـ' => "", // a stroke that only stretches an Arabic word
        _ => null,
    };

    private static char BaseLetter(char c) => c switch
    {
        >= '\u00C0' and <= '\u017F' => Latin[c - '\u00C0'] is var l and not '.' ? l : c,
        >= '\u1E00' and <= '\u1EFF' => LatinAdditional[c - '\u1E00'] is var l and not '.' ? l : c,
        >= '\uFF01' and <= '\uFF5E' => (char)(c - 0xFEE0), // full-width ASCII
        'Ơ' or 'ơ' => 'o',
        'Ư' or 'ư' => 'u',
        'Ș' or 'ș' => 's',
        'Ț' or 'ț' => 't',
        'Ё' or 'ё' => 'е', // Cyrillic
        'ي' or 'ى' or 'ئ' => 'ی',
        'ك' => 'ک',
        'ة' or 'ۀ' => 'ه',
        'أ' or 'إ' or 'آ' or 'ٱ' => 'ا',
        'ؤ' => 'و',
        _ => c,
    };
}

/// <summary>How words are told apart in a script.</summary>
internal enum Spacing
{
    /// <summary>By spaces, but for compounds.</summary>
    Words,

    /// <summary>By spaces; what is short is joined to the next word, as in Arabic and Hebrew.</summary>
    Articles,

    /// <summary>Not at all, as in Chinese, Japanese and Thai, or not always, as in Korean.</summary>
    None,
}
