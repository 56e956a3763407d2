using System.Text;

namespace OutageAggregator.Core.Services;

/// <summary>
/// Brings spellings of one name to one form: lower case, no accents, nothing but letters and digits. "Télécom", "TELECOM" and
/// "tele com" become <c>telecom</c>, "كلود" and "کلود" become one word, "٢" and "２" become <c>2</c>, "Disney+" becomes <c>disneyplus</c>.
/// <para>
/// <c>string.Normalize</c> would take the accents off, but it does nothing where the program runs without ICU, as ours does (a bare
/// machine has none). So the letters are tables here: what Unicode's compatibility decomposition says of the Latin blocks, a dot where
/// it says nothing, and the variants that Arabic and Persian keyboards write for the same letter. Other scripts keep their letters.
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
            else if (BaseLetter(c) is var letter && char.IsLetter(letter))
                _ = folded.Append(char.ToLowerInvariant(letter));
        }
        return folded.ToString();
    }

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
