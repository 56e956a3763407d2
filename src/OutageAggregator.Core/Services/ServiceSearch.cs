namespace OutageAggregator.Core.Services;

/// <summary>
/// Finds services by what people type: a name, an address, a question. The words that only ask fall away (<see cref="AskingWords"/>),
/// and what is left is compared with slugs, names and aliases, folded (<see cref="NameFolding"/>), best first (<see cref="NameRank"/>).
/// A text in another script is compared as it is and in Latin letters.
/// <para>
/// First whatever part of the text is a name is looked up, so that words nobody knows are no veto. Then comes a linear scan. Its work is
/// bounded whatever is typed: a query is cut, a name is compared letter by letter only where its set of letters (64 bits) lacks no more of
/// the query's than typos are allowed, and then in a band of 7 cells a letter at most. Only where all that finds nothing, guesses are
/// made: the same sound, a typo in one word of several, a brand. 650 services take tens of microseconds, 50,000 some milliseconds.
/// </para>
/// </summary>
internal sealed class ServiceSearch
{
    /// <summary>More words than that are in no name.</summary>
    private const int MostWordsOfName = 6;

    /// <summary>So many words of a text are guessed at, and so many parts of a word.</summary>
    private const int MostGuessed = 4;
    private const int MostBare = 6;
    private const int ShortestPart = 6;
    private const int ShortestWithTwoTypos = 8;

    private readonly ImmutableArray<Service> _services;
    private readonly NameIndex _names;

    /// <param name="services">In the order in which equally good matches are listed.</param>
    internal ServiceSearch(ImmutableArray<Service> services) => (_services, _names) = (services, new NameIndex(services));

    /// <summary>The service that a text names or is the address of; null where none or more than one does.</summary>
    internal Service? Exact(string text)
    {
        if (TypedQuery.Read(text) is not { IsCut: false, Folded.Length: > 0 } query)
            return null;
        return query.IsAddress && _names.At(query.Host) is { } place ? _services[place]
            : _names.Named(query.Folded) is [var only] ? _services[only] : null;
    }

    internal IReadOnlyList<SearchHit> Find(string text, int limit)
    {
        var query = TypedQuery.Read(text);
        return query.Folded.Length == 0 || query.IsNumbers || limit <= 0 ? []
            : [.. Look(query).Best(limit).Select(f => new SearchHit(_services[f.Place], f.Closeness))];
    }

    /// <summary>
    /// True where all that a text means is called so: it names a service, or several and nothing else, or begins names with whole words.
    /// </summary>
    internal bool Lists(string text)
    {
        if (Find(text, 1) is [{ Closeness: Closeness.Exact }])
            return true;
        var query = TypedQuery.Read(text);
        if (query.IsCut || query.Meant.Count == 0)
            return false;
        var meant = query.Meant.Select(w => w.Folded).ToList();
        return Enumerable.Range(0, query.Words.Count).All(at => query.Words[at].Asks || IsOfName(query, at))
            || _names.Written.Any(n => !n.Key.IsAlias && n.Key.Words.Take(meant.Count).SequenceEqual(meant, StringComparer.Ordinal));
    }

    private bool IsOfName(TypedQuery query, int at)
    {
        for (var first = Math.Max(0, at - MostWordsOfName + 1); first <= at; first++)
        {
            for (var last = at; last < query.Words.Count && last < first + MostWordsOfName; last++)
            {
                if (_names.Named(query.Written(first, last)).Length > 0)
                    return true;
            }
        }
        return false;
    }

    private FoundPlaces Look(TypedQuery query)
    {
        var found = new FoundPlaces(isAll: !query.IsCut);
        if (_names.At(query.Host) is { } place)
        {
            found.Add(place, query.AsksForAddress ? NameRank.Same : NameRank.Named, order: int.MinValue);
            // The words of an address that is known name nothing else.
            if (query.AsksForAddress)
                return found;
        }
        LookUp(query, found);
        Scan(query, found);
        // The last word may be the begin of another one: "micorsoft te".
        if (!found.IsSure && query.Meant.Count is > 0 and var meant && meant < query.Words.Count)
            Scan(_names.Written, query.Key, Typed.SoFar, found);
        if (found.IsEmpty)
            Guess(query, found);
        return found;
    }

    /// <summary>Finds what is named by a part of the text, or by a part of a word that asks otherwise.</summary>
    private void LookUp(TypedQuery query, FoundPlaces found)
    {
        var words = query.Words;
        var (longest, joined) = (query.Meant.Count, Array.Empty<int>());
        for (var first = 0; first < words.Count; first++)
        {
            for (var last = first; last < words.Count && last < first + MostWordsOfName; last++)
            {
                var isAll = query.IsAllMeant(first, last);
                if (query.OnlyAsks(first, last))
                {
                    // "we not working", "is now tv down": one word that asks is a name only where a text begins with it and asks no more.
                    if (query.Meant.Count > 0 || (first == last && first > 0))
                        continue;
                    isAll = last > first || words.Count == 1;
                }
                var named = _names.Named(query.Written(first, last));
                Add(named, isAll, query.Written(first, last).Length, first);
                if (isAll && query.Meant.Count > 0 && named.Length > 0 && last - first + 1 > longest)
                    (longest, joined) = (last - first + 1, named);
                if (query.IsForeign && query.InLatin(first, last) is var latin && latin.Length >= ShortestInLatin(words[first].Hearing))
                    Add(_names.NamedInLatin(latin), isAll, latin.Length, first);
            }
            if (words[first].Folded.Length > 3 && !words[first].Asks)
                LookInside(words[first], query.IsAllMeant(first, first), first);
        }

        // "you tube" names YouTube, not the Tube: words that ask are of a name where it is written so.
        found.Prefer(joined);

        void Add(int[] places, bool isAll, int length, int first)
        {
            foreach (var named in places)
            {
                if (isAll || length > 1)
                    found.Add(named, isAll ? NameRank.Same : NameRank.Named, (-length * Spelling.MaxLength) + first);
            }
        }

        // "インスタ障害", "whatsappstörung", "#chatgptdown", "الواتساب"; "美团外卖" begins with a name, and how it goes on nobody knows.
        void LookInside(TypedWord word, bool isAll, int first)
        {
            var text = word.Folded.AsSpan();
            // Where words are spaced much begins and ends with short ones.
            var (shortestBefore, shortestBehind, shortestName) = word.Spacing switch
            {
                Spacing.None => (1, 1, 2),
                Spacing.Articles => (2, 2, 4),
                _ => (2, 4, 5),
            };
            var before = AskingWords.Cover(text, shortestBefore, behind: false);
            var behind = AskingWords.Cover(text, shortestBehind, behind: true);
            // Two of China's letters are a name.
            var shortestBegin = text[0] is >= '\u3400' and < '\uA000' ? 2 : 4;
            for (var from = 0; from < text.Length; from++)
            {
                for (var to = from + shortestName; before[from] && to <= text.Length; to++)
                {
                    if (behind[to] && (word.Spacing == Spacing.Words ? to : to - from) < text.Length)
                        Add(_names.Named(text[from..to]), isAll, to - from, first);
                    else if (word.Spacing == Spacing.None && from == 0 && to >= shortestBegin && to * 2 >= text.Length)
                        Add(_names.Named(text[..to]), isAll: false, to, first);
                }
            }
        }
    }

    private void Scan(TypedQuery query, FoundPlaces found)
    {
        // What asks may begin a name: "open", "bank of", "now t".
        if (query.Meant.Count < query.Words.Count && (query.Words.Count > 1 || query.Folded.Length > 2))
            Scan(_names.Written, query.Key, Typed.AsBegin, found);
        if (query.Meant.Count == 0)
            return;
        var meant = query.MeantKey;
        var typed = query.Words[^1].Asks ? Typed.ToItsEnd : Typed.SoFar;
        Scan(_names.Written, meant, typed, found);
        if (query.IsForeign && query.MeantLatinKey is var latin && latin.Text.Length > ShortestInLatin(query.Meant[0].Hearing))
        {
            Scan(_names.Written, latin, typed, found);
            Scan(_names.Latin, latin, typed, found);
        }
    }

    private static void Scan(ImmutableArray<NamedPlace> names, SearchKey sought, Typed typed, FoundPlaces found)
    {
        foreach (var (key, place) in names)
        {
            if (key.Rank(sought, typed) is var rank and not NameRank.None)
                found.Add(place, rank, (-2 * sought.Text.Length) + (key.IsAlias ? 1 : 0));
        }
    }

    private void Guess(TypedQuery query, FoundPlaces found)
    {
        if (query.Meant.Count == 0)
            return;
        foreach (var place in query.Meant.Count > 1 ? _names.OfBrand(query.Meant[0].Folded) : [])
            found.Add(place, NameRank.Brand);
        GuessSound(query.MeantLatinKey.Text, query.Meant[0], found);
        foreach (var word in query.Meant.Take(MostGuessed))
        {
            foreach (var bare in Bare(word))
            {
                Scan(_names.Written, new SearchKey(bare, []), Typed.ToItsEnd, found);
                GuessSound(NameFolding.InLatin(bare), word, found);
            }
            // Beside words that nobody knows a short one resembles too much.
            if (query.Meant.Count == 1 || (word.Folded.Length < ShortestPart && !word.IsForeign))
                continue;
            GuessSound(word.Latin, word, found, isPart: true);
            if (word.Folded.Length < ShortestPart)
                continue;
            var sought = new SearchKey(word.Folded, []);
            foreach (var (key, place) in _names.Written)
            {
                // As much as a typo longer, no begin of another name.
                var rank = key.Text.Length <= word.Folded.Length + 1 ? key.Rank(sought, Typed.ToItsEnd) : NameRank.None;
                if (rank == NameRank.Typo || (rank == NameRank.TwoTypos && word.Folded.Length >= ShortestWithTwoTypos))
                    found.Add(place, NameRank.NamedWithTypo);
            }
        }
    }

    // Without vowels few letters are many words'.
    private static int ShortestInLatin(Hearing hearing) => hearing switch { Hearing.Sharp => 3, Hearing.Dull => 4, _ => 5 };

    /// <summary>What a word of another script, which may join words, is without those that ask at its begin or its end.</summary>
    private static IEnumerable<string> Bare(TypedWord word)
    {
        if (!word.IsForeign)
            return [];
        var text = word.Folded;
        var before = AskingWords.Cover(text, 2, behind: false);
        var behind = AskingWords.Cover(text, 2, behind: true);
        return Enumerable.Range(2, Math.Max(0, text.Length - 4))
            .SelectMany(at => new[] { before[at] ? text[at..] : "", behind[at] ? text[..at] : "" }).Where(t => t.Length > 0).Take(MostBare);
    }

    private void GuessSound(string latin, TypedWord word, FoundPlaces found, bool isPart = false)
    {
        var hearing = word.Hearing;
        var heard = Sounds.Of(latin, hearing);
        var consonants = Sounds.Consonants(heard);
        if (latin.Length < (word.IsForeign ? 4 : 5) || consonants.Length < 3)
            return;
        foreach (var (key, place) in _names.Sounding(consonants, hearing))
        {
            var sounds = Sounds.Of(key.Text, hearing);
            // One of several words in the alphabet of the names has more chances to sound like one of them.
            var isNear = isPart && !word.IsForeign ? heard == sounds : Sounds.IsNear(heard, sounds, consonants.Length, hearing);
            if (isNear)
                found.Add(place, NameRank.Sounds, Spelling.Distance(key.Text, latin, Spelling.MaxLength) - (Spelling.MaxLength * latin.Length));
        }
    }
}
