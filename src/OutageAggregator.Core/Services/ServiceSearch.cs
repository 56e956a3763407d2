using System.Numerics;

namespace OutageAggregator.Core.Services;

/// <summary>
/// Finds services by what people type. Slugs, names and aliases are folded (<see cref="NameFolding"/>) and ranked: the same, starts
/// with, a word starts with, all words start a word in any order, contains, then up to one typo in four letters and three in all.
/// <para>
/// A linear scan, no index that has to be kept in step. Its work is bounded whatever is typed: a query is cut to 64 characters, a
/// name is compared letter by letter only where its set of letters (64 bits) lacks no more of the query's than typos are allowed, and
/// then in a band of 7 cells a letter at most. 200 services take microseconds, 50,000 tens of milliseconds.
/// </para>
/// </summary>
internal sealed class ServiceSearch
{
    private const int MaxQueryLength = Spelling.MaxLength;
    private const int MaxTypos = 3;
    private const int NoMatch = RankOfTypos + MaxTypos + 1;
    private const int RankOfTypos = 5;
    private static readonly char[] s_between = [' ', '-', '.', '/', '(', ')', '&', '\u200C'];

    private readonly ImmutableArray<(Service Service, Name[] Names)> _entries;
    private readonly Dictionary<string, Service?> _exact = new(StringComparer.Ordinal);

    /// <param name="services">In the order in which equally good matches are listed.</param>
    internal ServiceSearch(ImmutableArray<Service> services)
    {
        _entries = [.. services.Select(s => (s, NamesOf(s)))];
        // A name that two services share names neither of them exactly.
        foreach (var (service, name) in _entries.SelectMany(e => e.Names, (e, name) => (e.Service, name)))
            _exact[name.Folded] = _exact.TryGetValue(name.Folded, out var other) && other != service ? null : service;
        foreach (var service in services)
            _exact[NameFolding.Fold(service.Slug.ToString())] = service;
    }

    internal Service? Exact(string text) => text.Length > MaxQueryLength ? null : _exact.GetValueOrDefault(NameFolding.Fold(text));

    internal IReadOnlyList<Service> Find(string query, int limit)
    {
        var cut = query.Length > MaxQueryLength ? query[..MaxQueryLength] : query;
        // Folding can lengthen a text: "+" becomes "plus".
        var folded = NameFolding.Fold(cut) is { Length: > MaxQueryLength } long_ ? long_[..MaxQueryLength] : NameFolding.Fold(cut);
        if (folded.Length == 0 || limit <= 0)
            return [];
        var words = Words(cut);
        var letters = Letters(folded);
        var found = new List<Service>?[NoMatch];
        foreach (var (service, names) in _entries)
        {
            var best = names.Min(name => Rank(name, folded, words, letters));
            // Entries come in the order of the answer, so a rank's first ones are the ones to keep.
            if (best < NoMatch && (found[best] ??= []) is { } list && list.Count < limit)
                list.Add(service);
        }
        return [.. found.Where(l => l is not null).SelectMany(l => l!).Take(limit)];
    }

    private static int Rank(Name name, string query, string[] words, ulong letters)
    {
        var missing = BitOperations.PopCount(letters & ~name.Letters);
        if (missing > MaxTypos)
            return NoMatch;
        if (missing == 0)
        {
            if (name.Folded.StartsWith(query, StringComparison.Ordinal))
                return name.Folded.Length == query.Length ? 0 : 1;
            if (query.Length >= 2 && StartsWord(name, query))
                return 2;
            if (words.Length > 1 && Array.TrueForAll(words, w => StartsWord(name, w)))
                return 3;
            if (query.Length >= 3 && name.Folded.Contains(query, StringComparison.Ordinal))
                return 4;
        }
        var allowed = Math.Min(MaxTypos, query.Length == 3 ? 1 : query.Length / 4);
        if (missing > allowed)
            return NoMatch;
        // A typo in what was typed so far must not hide the name: compare with as much of it as was typed, too.
        var distance = Spelling.Distance(name.Folded, query, allowed);
        if (distance > 1 && name.Folded.Length > query.Length && query.Length >= 4)
            distance = Math.Min(distance, Spelling.Distance(name.Folded.AsSpan(0, query.Length), query, allowed));
        return distance <= allowed ? RankOfTypos + distance : NoMatch;
    }

    private static bool StartsWord(Name name, string query) =>
        Array.Exists(name.Words, word => word.StartsWith(query, StringComparison.Ordinal));

    private static Name[] NamesOf(Service service) =>
        [.. new[] { service.Slug.ToString(), service.Name }.Concat(service.Aliases)
            .Select(n => (Text: n, Folded: NameFolding.Fold(n)))
            .Where(n => n.Folded.Length > 0)
            .DistinctBy(n => n.Folded, StringComparer.Ordinal)
            .Select(n => new Name(n.Folded, Words(n.Text), Letters(n.Folded)))];

    private static string[] Words(string text) =>
        [.. text.Split(s_between, StringSplitOptions.RemoveEmptyEntries).Select(w => NameFolding.Fold(w)).Where(w => w.Length > 0)];

    /// <summary>
    /// The set of a text's letters: a bit each for a-z and 0-9, the rest share 28 bits. A bit that is missing proves a letter missing.
    /// </summary>
    private static ulong Letters(string folded)
    {
        var set = 0UL;
        foreach (var c in folded)
            set |= 1UL << (char.IsAsciiLetterLower(c) ? c - 'a' : char.IsAsciiDigit(c) ? 26 + c - '0' : 36 + (c % 28));
        return set;
    }

    private readonly record struct Name(string Folded, string[] Words, ulong Letters);
}
