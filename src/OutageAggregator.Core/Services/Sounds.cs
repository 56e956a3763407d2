namespace OutageAggregator.Core.Services;

/// <summary>How far the sounds of a script can be told apart in what is written in it.</summary>
internal enum Hearing
{
    /// <summary>Latin, Cyrillic and Greek letters: all but those that are written in several ways.</summary>
    Sharp,

    /// <summary>Syllables, as in Japan, Korea and India: b, p, f and v are one sound, and so are l and r, d and t, g and k.</summary>
    Dull,

    /// <summary>Arabic and Hebrew: the same, and most vowels aren't written.</summary>
    Voiceless,
}

/// <summary>
/// What is left of a name when it has gone through another script and back: "youtube", "yutub" and Korean's "yutyubeu" sound alike, and so
/// do "facebook", "feysbuk" and Arabic's "fysbwk".
/// <para>
/// A letter stands for all that sound like it, and <c>a</c> for one vowel or several. Soundex and Metaphone were rejected: they write
/// down how English is spoken, and don't tell how far apart two vowels are that only one of the two scripts writes.
/// </para>
/// </summary>
internal static class Sounds
{
    /// <summary>Shorter names sound like too many words.</summary>
    internal const int ShortestName = 5;

    private const char Vowel = 'a';

    /// <param name="latin">Letters of ASCII and digits, as <see cref="NameFolding.InLatin"/> gives them.</param>
    internal static string Of(ReadOnlySpan<char> latin, Hearing hearing)
    {
        Span<char> sounds = stackalloc char[4 * Spelling.MaxLength];
        var length = 0;
        // The last e of "youtube" is silent.
        var end = latin.Length > 3 && latin[^1] == 'e' ? latin.Length - 1 : latin.Length;
        for (var i = 0; i < Math.Min(end, 2 * Spelling.MaxLength); i++)
        {
            var next = i + 1 < latin.Length ? latin[i + 1] : ' ';
            if (latin[i] == 'x')
                Add(sounds, ref length, 'k');
            Add(sounds, ref length, Of(latin[i], next, isFirst: i == 0, hearing));
            // ph, sh, ch, gh, kh, th: the h only says how the letter before it sounds.
            if (next == 'h' && latin[i] is 'p' or 's' or 'c' or 'g' or 'k' or 't' or 'z' or 'w' or 'b' or 'd')
                i++;
        }
        // Syllables end with a vowel, whatever was heard.
        if (hearing == Hearing.Dull && length > 1 && sounds[length - 1] == Vowel)
            length--;
        return new string(sounds[..length]);
    }

    /// <summary>Sounds without their vowels.</summary>
    internal static string Consonants(string sounds) => sounds.Replace("a", "", StringComparison.Ordinal);

    /// <summary>
    /// True where what was heard may be a name that has the same consonants: three of them are many words', so they must stand between the
    /// same vowels; of more, one vowel may be missing, a third of all sounds where syllables are written, and those that Arabic and Hebrew
    /// leave out.
    /// </summary>
    internal static bool IsNear(string heard, string name, int consonants, Hearing hearing)
    {
        if (heard == name)
            return consonants >= 3;
        if (consonants < 4)
            return false;
        if (hearing == Hearing.Voiceless)
            return IsWithin(heard, name) || (heard.StartsWith("as", StringComparison.Ordinal) && IsWithin(heard[1..], name)); // "اسپاتیفای"
        var allowed = hearing == Hearing.Sharp ? 1 : Math.Max(heard.Length, name.Length) / 4;
        return Spelling.Distance(heard, name, allowed) <= allowed;
    }

    private static bool IsWithin(string part, string whole)
    {
        var at = 0;
        foreach (var sound in whole)
            at += at < part.Length && part[at] == sound ? 1 : 0;
        return at == part.Length;
    }

    private static void Add(Span<char> sounds, ref int length, char sound)
    {
        if (length == 0 || sounds[length - 1] != sound)
            sounds[length++] = sound;
    }

    private static char Of(char letter, char next, bool isFirst, Hearing hearing) => (letter, hearing) switch
    {
        ('i', Hearing.Dull) when isFirst && next is 'u' or 'o' => 'y', // Georgian and Bengali have no y
        ('a' or 'e' or 'i' or 'o' or 'u', _) => Vowel,
        ('w', Hearing.Sharp) when isFirst || next is 'a' or 'e' or 'i' or 'o' or 'u' or 'h' => 'v',
        ('y' or 'w', _) when !isFirst => Vowel,
        ('h', _) when !isFirst => Vowel,
        ('c', _) when next is 'e' or 'i' or 'y' => 's',
        ('c', _) when next is 'h' => 'x',
        ('p', Hearing.Sharp) when next is 'h' => 'f',
        ('s', _) when next is 'h' => 'x',
        ('j', Hearing.Voiceless) => 'k', // as in Cairo
        ('j', _) => 'x',
        ('c' or 'q', _) => 'k',
        ('z' or 'x', _) => 's',
        ('b' or 'f' or 'v' or 'w', not Hearing.Sharp) => 'p',
        ('d', not Hearing.Sharp) => 't',
        ('g', not Hearing.Sharp) => 'k',
        ('r', not Hearing.Sharp) => 'l',
        _ => letter,
    };
}
