using System.Numerics;

namespace OutageAggregator.Core.Services;

/// <summary>A name of a service, or what is looked for, prepared to be compared.</summary>
/// <param name="Text">Folded and joined.</param>
/// <param name="Words">Its words, folded.</param>
/// <param name="IsAlias">True for another name than the one it goes by.</param>
internal readonly record struct SearchKey(string Text, string[] Words, bool IsAlias = false)
{
    internal const int MaxTypos = 3;

    /// <summary>
    /// The set of its letters: a bit each for a-z and 0-9, the rest share 28 bits. A bit that is missing proves a letter missing.
    /// </summary>
    internal ulong Letters { get; } = LettersOf(Text);

    /// <summary>How well this name answers what is looked for.</summary>
    /// <param name="sought">What a person typed.</param>
    internal NameRank Rank(in SearchKey sought, Typed typed = Typed.SoFar)
    {
        var missing = BitOperations.PopCount(sought.Letters & ~Letters);
        if (missing > MaxTypos)
            return NameRank.None;
        var length = sought.Text.Length;
        if (missing == 0)
        {
            if (Text.StartsWith(sought.Text, StringComparison.Ordinal))
            {
                if (Text.Length == length)
                    return NameRank.Same;
                if (RankOfBegin(length, sought.Words.Length, typed) is var begins and not NameRank.None)
                    return begins;
            }
            if (typed == Typed.AsBegin)
                return NameRank.None;
            if (!IsAlias && HasWord(sought.Text, mayBegin: typed == Typed.SoFar && length >= 4))
                return NameRank.BeginsWord;
            if (IsAlias && length >= 5 && HasWord(sought.Text, mayBegin: false))
                return NameRank.Contains;
            if (sought.Words.Length > 1 && HasWords(sought.Words))
                return NameRank.HasWords;
            if (!IsAlias && length >= 6 && Text.Contains(sought.Text, StringComparison.Ordinal))
                return NameRank.Contains;
        }
        return typed == Typed.AsBegin ? NameRank.None : RankOfTypos(sought.Text, missing);
    }

    private NameRank RankOfBegin(int length, int words, Typed typed)
    {
        // A letter begins too much to mean anything, and two letters too many aliases.
        if (length < 2 || (length == 2 && IsAlias))
            return NameRank.None;
        var end = 0;
        for (var i = 0; i < Words.Length && end < length; i++)
            end += Words[i].Length;
        var endsWord = end == length;
        return typed switch
        {
            Typed.SoFar => NameRank.Begins,
            // One word must be on its way: a bank is not Bank of America.
            Typed.AsBegin => words == 1 && (endsWord || Words[0].Length <= length) ? NameRank.None : NameRank.Begins,
            _ => endsWord ? NameRank.Begins : length >= 5 ? NameRank.Contains : NameRank.None,
        };
    }

    private NameRank RankOfTypos(string sought, int missing)
    {
        var allowed = AllowedTypos(sought.Length);
        if (missing > allowed || Text.Length < 4)
            return NameRank.None;
        // Short words become others by a letter: what begins otherwise is another word.
        var isSameBegin = Text[0] == sought[0];
        if (sought.Length <= 5 && !isSameBegin)
            return NameRank.None;
        var distance = Spelling.Distance(Text, sought, allowed);
        // Of four letters one may be left out, doubled or swapped; another one in its place makes another word.
        if (distance == 1 && sought.Length == 4 && Text.Length == 4 && LettersOf(sought) != Letters)
            return NameRank.None;
        // A typo in what was typed so far must not hide the name: compare with as much of it as was typed, too.
        if (distance > 1 && !IsAlias && isSameBegin && Text.Length > sought.Length && sought.Length >= 7
            && Spelling.Distance(Text.AsSpan(0, sought.Length), sought, 1) <= 1)
            distance = 1;
        return distance <= allowed ? NameRank.Typo + distance - 1 : NameRank.None;
    }

    // There are many aliases, so a typo of one of them is a word more often.
    private int AllowedTypos(int length) => IsAlias
        ? length switch { < 6 => 0, < 10 => 1, < 16 => 2, _ => MaxTypos }
        : length switch { < 4 => 0, < 9 => 1, < 16 => 2, _ => MaxTypos };

    private bool HasWord(string sought, bool mayBegin) => Array.Exists(
        Words, word => mayBegin ? word.StartsWith(sought, StringComparison.Ordinal) : word == sought);

    private bool HasWords(string[] sought)
    {
        foreach (var word in sought)
        {
            if (!HasWord(word, mayBegin: word.Length >= 2))
                return false;
        }
        return true;
    }

    private static ulong LettersOf(string folded)
    {
        var set = 0UL;
        foreach (var c in folded)
            set |= 1UL << (char.IsAsciiLetterLower(c) ? c - 'a' : char.IsAsciiDigit(c) ? 26 + c - '0' : 36 + (c % 28));
        return set;
    }
}

/// <summary>What a text that is looked for may be a part of.</summary>
internal enum Typed
{
    /// <summary>It may go on.</summary>
    SoFar,

    /// <summary>Words that ask, which are only looked for as they may begin a name.</summary>
    AsBegin,

    /// <summary>Something else was typed after it, so its last word is whole: "car won't start" asks for no Careem.</summary>
    ToItsEnd,
}

/// <summary>How well a name answers, the best first.</summary>
internal enum NameRank
{
    /// <summary>The same, once the words that ask have fallen away.</summary>
    Same,
    Begins,

    /// <summary>A word of it is the same, or begins so.</summary>
    BeginsWord,

    /// <summary>All words that were typed begin words of it.</summary>
    HasWords,

    /// <summary>It was typed, and something else beside it.</summary>
    Named,

    /// <summary>What was typed is in the middle of it.</summary>
    Contains,
    Typo,
    TwoTypos,
    ThreeTypos,

    /// <summary>It sounds the same.</summary>
    Sounds,

    /// <summary>It was typed with a typo, and something else beside it.</summary>
    NamedWithTypo,

    /// <summary>The brand was typed, and something else that this one is not called.</summary>
    Brand,
    None,
}
