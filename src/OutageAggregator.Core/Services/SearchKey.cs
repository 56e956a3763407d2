using System.Numerics;

namespace OutageAggregator.Core.Services;

/// <summary>A name of a service, or what is looked for, prepared to be compared.</summary>
/// <param name="Text">Folded and joined.</param>
/// <param name="Words">Its words, folded.</param>
internal readonly record struct SearchKey(string Text, string[] Words)
{
    internal const int MaxTypos = 3;

    /// <summary>
    /// The set of its letters: a bit each for a-z and 0-9, the rest share 28 bits. A bit that is missing proves a letter missing.
    /// </summary>
    internal ulong Letters { get; } = LettersOf(Text);

    /// <summary>How well this name answers what is looked for.</summary>
    /// <param name="sought">What a person typed.</param>
    /// <param name="isUnfinished">True where it may only be the begin of a name.</param>
    internal NameRank Rank(in SearchKey sought, bool isUnfinished = false)
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
                // A letter begins too much to mean anything.
                if (length > 1 && !(isUnfinished && sought.Words.Length == 1 && Words[0].Length <= length))
                    return NameRank.Begins;
            }
            if (isUnfinished)
                return NameRank.None;
            if (HasWord(sought.Text, mayBegin: length >= 4))
                return NameRank.BeginsWord;
            if (sought.Words.Length > 1 && HasWords(sought.Words))
                return NameRank.HasWords;
            if (length >= 5 && Text.Contains(sought.Text, StringComparison.Ordinal))
                return NameRank.Contains;
        }
        return isUnfinished ? NameRank.None : RankOfTypos(sought.Text, missing);
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
        if (distance > 1 && isSameBegin && Text.Length > sought.Length && sought.Length >= 6)
            distance = Math.Min(distance, Spelling.Distance(Text.AsSpan(0, sought.Length), sought, allowed));
        return distance <= allowed ? NameRank.Typo + distance - 1 : NameRank.None;
    }

    private static int AllowedTypos(int length) => length switch { < 4 => 0, < 8 => 1, < 16 => 2, _ => MaxTypos };

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
