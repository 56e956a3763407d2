using System.Text;

namespace OutageAggregator.Core.Services;

/// <summary>What a person typed, cut to a bounded length and taken apart once for all names.</summary>
internal sealed class TypedQuery
{
    /// <summary>So much of a text is looked at: a pasted address has its host there.</summary>
    private const int MaxTextLength = 256;

    private TypedQuery(List<TypedWord> words, string? host, bool isCut)
    {
        IsCut = isCut;
        Words = words;
        Host = host;
        Folded = string.Concat(words.Select(w => w.Folded));
        Latin = string.Concat(words.Select(w => w.Latin));
        Meant = [.. words.Where(w => !w.Asks)];
        IsForeign = words.Exists(w => w.IsForeign);
    }

    internal IReadOnlyList<TypedWord> Words { get; }

    /// <summary>Those of the words that don't only ask.</summary>
    internal IReadOnlyList<TypedWord> Meant { get; }

    /// <summary>True where something was typed that is left out, because it is too long.</summary>
    internal bool IsCut { get; }

    /// <summary>The host of the first address in it.</summary>
    internal string? Host { get; }

    /// <summary>True for an address and nothing else.</summary>
    internal bool IsAddress => Host is not null && Words.All(w => w.IsOfHost);

    /// <summary>True for an address, and words that ask about it.</summary>
    internal bool AsksForAddress => Host is not null && Meant.All(w => w.IsOfHost);

    /// <summary>True for several numbers and nothing else, as of a machine's address: no service is called so.</summary>
    internal bool IsNumbers => Words.Count > 2 && Words.All(w => w.Folded.All(char.IsAsciiDigit));

    /// <summary>All words, folded and joined; and the same in Latin letters.</summary>
    internal string Folded { get; }
    internal string Latin { get; }

    /// <summary>True where it holds letters of another script.</summary>
    internal bool IsForeign { get; }

    internal SearchKey Key => new(Folded, [.. Words.Select(w => w.Folded)]);
    internal SearchKey MeantKey => new(string.Concat(Meant.Select(w => w.Folded)), [.. Meant.Select(w => w.Folded)]);
    internal SearchKey MeantLatinKey => new(string.Concat(Meant.Select(w => w.Latin)), [.. Meant.Select(w => w.Latin)]);

    internal static TypedQuery Read(string text)
    {
        var words = new List<TypedWord>();
        string? first = null;
        var whole = text.AsSpan().Trim();
        var parts = whole[..Math.Min(whole.Length, MaxTextLength)].ToString().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        var isCut = whole.Length > MaxTextLength;
        foreach (var part in parts)
        {
            if (TypedAddress.HostOf(part.AsSpan().Trim("\"'«»“”()[]<>,;!")) is not { } host)
            {
                foreach (var word in Split(part))
                    Add(word, isName: true, isOfHost: false);
                continue;
            }
            var labels = host.Split('.');
            var named = Array.IndexOf(labels, TypedAddress.NameIn(host));
            for (var i = labels[0] == "www" ? 1 : 0; i < labels.Length; i++)
            {
                foreach (var word in Split(labels[i]))
                    Add(word, isName: i <= named, isOfHost: first is null);
            }
            first ??= host;
        }
        // What was cut off an address is its path.
        return new TypedQuery(words, first, isCut && (first is null || parts.Length > 1));

        void Add(string word, bool isName, bool isOfHost)
        {
            var last = words.Count > 0 ? words[^1] : null;
            if (TypedWord.Of(word, last?.FoldedTo ?? 0, last?.LatinTo ?? 0, isName, isOfHost) is not { } read)
                return;
            // What is longer than any name is none.
            if (read.FoldedTo <= Spelling.MaxLength && read.LatinTo <= 2 * Spelling.MaxLength)
                words.Add(read);
            else
                isCut = true;
        }
    }

    /// <summary>The words of a text, as they are written.</summary>
    internal static IEnumerable<string> Split(string text)
    {
        for (var at = 0; at < text.Length; at++)
        {
            var from = at;
            while (at < text.Length && NameFolding.IsOfWord(text[at]))
                at++;
            if (at > from)
                yield return text[from..at];
        }
    }

    /// <summary>Some of the words, joined.</summary>
    internal ReadOnlySpan<char> Written(int first, int last) => Folded.AsSpan(Words[first].FoldedFrom..Words[last].FoldedTo);
    internal ReadOnlySpan<char> InLatin(int first, int last) => Latin.AsSpan(Words[first].LatinFrom..Words[last].LatinTo);

    /// <summary>True where all the others only ask.</summary>
    internal bool IsAllMeant(int first, int last)
    {
        for (var i = 0; i < Words.Count; i++)
        {
            if (!Words[i].Asks && (i < first || i > last))
                return false;
        }
        return true;
    }

    internal bool OnlyAsks(int first, int last)
    {
        for (var i = first; i <= last; i++)
        {
            if (!Words[i].Asks)
                return false;
        }
        return true;
    }
}

/// <summary>A word of a query, and where it stands in the joined text.</summary>
/// <param name="Latin">The same in Latin letters.</param>
/// <param name="Asks">True for what names no service but asks about one: "down", and the "com" of an address.</param>
/// <param name="IsOfHost">True for a part of the first address in the text.</param>
internal sealed record TypedWord(string Folded, string Latin, int FoldedFrom, int LatinFrom, bool Asks, bool IsOfHost)
{
    internal int FoldedTo => FoldedFrom + Folded.Length;
    internal int LatinTo => LatinFrom + Latin.Length;
    internal bool IsForeign { get; } = !Ascii.IsValid(Folded);
    internal Spacing Spacing => NameFolding.SpacingOf(Folded[0]);
    internal Hearing Hearing => NameFolding.HearingOf(Folded[0]);

    /// <summary>Null for what holds no letter.</summary>
    internal static TypedWord? Of(string text, int foldedFrom, int latinFrom, bool isName, bool isOfHost)
    {
        var folded = NameFolding.Fold(text);
        if (folded.Length == 0)
            return null;
        var latin = Ascii.IsValid(folded) ? folded : NameFolding.InLatin(text);
        return new TypedWord(folded, latin, foldedFrom, latinFrom, !isName || AskingWords.Contain(folded), isOfHost);
    }
}
