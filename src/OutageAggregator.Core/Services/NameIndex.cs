using System.Text;

namespace OutageAggregator.Core.Services;

/// <summary>A name of the service at a place in the catalog.</summary>
internal readonly record struct NamedPlace(SearchKey Key, int Place);

/// <summary>All names of all services: by place, by how they are written, by how they sound; and their addresses.</summary>
internal sealed class NameIndex
{
    private static readonly int[] s_none = [];
    private readonly Dictionary<string, int[]> _written = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int[]> _latin = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _hosts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int[]>.AlternateLookup<ReadOnlySpan<char>> _writtenPart;
    private readonly Dictionary<string, int[]>.AlternateLookup<ReadOnlySpan<char>> _latinPart;
    private readonly ILookup<string, NamedPlace> _sharp;
    private readonly ILookup<string, NamedPlace> _dull;
    private readonly ILookup<string, int> _brands;

    internal NameIndex(ImmutableArray<Service> services)
    {
        Written = [.. services.SelectMany((s, place) => KeysOf(s).Select(key => new NamedPlace(key, place)))];
        Latin = [.. services.SelectMany((s, place) => LatinOf(s).Select(key => new NamedPlace(key, place)))];
        foreach (var (key, place) in Written)
            Add(_written, key.Text, place);
        foreach (var (key, place) in Latin)
            Add(_latin, key.Text, place);
        for (var place = 0; place < services.Length; place++)
        {
            // Whatever others are called, a slug names its service.
            _written[NameFolding.Fold(services[place].Slug.ToString())] = [place];
            foreach (var host in services[place].Domains)
                _ = _hosts.TryAdd(host, place);
        }
        _writtenPart = _written.GetAlternateLookup<ReadOnlySpan<char>>();
        _latinPart = _latin.GetAlternateLookup<ReadOnlySpan<char>>();
        var ascii = Written.Where(n => Ascii.IsValid(n.Key.Text)).ToList();
        _sharp = ascii.ToLookup(n => ConsonantsOf(n.Key, Hearing.Sharp), StringComparer.Ordinal);
        _dull = ascii.ToLookup(n => ConsonantsOf(n.Key, Hearing.Dull), StringComparer.Ordinal);
        _brands = BrandsOf(services);
    }

    /// <summary>As they are written, folded; in the order of the places.</summary>
    internal ImmutableArray<NamedPlace> Written { get; }

    /// <summary>Those of other scripts in Latin letters.</summary>
    internal ImmutableArray<NamedPlace> Latin { get; }

    /// <summary>The places whose name a folded text is.</summary>
    internal int[] Named(ReadOnlySpan<char> folded) => _writtenPart.TryGetValue(folded, out var places) ? places : s_none;

    /// <summary>The places whose name a text in another script is, of which this is the transliteration.</summary>
    internal int[] NamedInLatin(ReadOnlySpan<char> latin) =>
        _latinPart.TryGetValue(latin, out var places) ? [.. places, .. Named(latin)] : Named(latin);

    /// <summary>The place that has an address, or the nearest one above it.</summary>
    internal int? At(string? host)
    {
        while (host is not null)
        {
            if (_hosts.TryGetValue(host, out var place))
                return place;
            host = host.IndexOf('.', StringComparison.Ordinal) is > 0 and var dot ? host[(dot + 1)..] : null;
        }
        return null;
    }

    /// <summary>Names with these consonants.</summary>
    internal IEnumerable<NamedPlace> Sounding(string consonants, Hearing hearing) =>
        (hearing == Hearing.Sharp ? _sharp : _dull)[consonants];

    /// <summary>The services of a brand: several whose names begin with the same word, which stands in no other's name.</summary>
    internal IEnumerable<int> OfBrand(string word) => _brands[word];

    private static string ConsonantsOf(SearchKey key, Hearing hearing) => Sounds.Consonants(Sounds.Of(key.Text, hearing));

    private static void Add(Dictionary<string, int[]> places, string text, int place)
    {
        if (!places.TryGetValue(text, out var held))
            places[text] = [place];
        else if (!held.Contains(place))
            places[text] = [.. held, place];
    }

    private static IEnumerable<SearchKey> KeysOf(Service service) =>
        NamesOf(service).Select(n => new SearchKey(NameFolding.Fold(n), WordsOf(n, NameFolding.Fold)))
            .Where(k => k.Text.Length > 0).DistinctBy(k => k.Text, StringComparer.Ordinal);

    private static IEnumerable<SearchKey> LatinOf(Service service) =>
        NamesOf(service).Where(n => !Ascii.IsValid(NameFolding.Fold(n))).Select(n => new SearchKey(NameFolding.InLatin(n), WordsOf(n, NameFolding.InLatin)))
            .Where(k => k.Text.Length > 0).ExceptBy(KeysOf(service).Select(k => k.Text), k => k.Text, StringComparer.Ordinal)
            .DistinctBy(k => k.Text, StringComparer.Ordinal);

    private static IEnumerable<string> NamesOf(Service service) => [service.Slug.ToString(), service.Name, .. service.Aliases];

    private static string[] WordsOf(string name, Func<ReadOnlySpan<char>, string> fold) =>
        [.. TypedQuery.Split(name).Select(w => fold(w)).Where(w => w.Length > 0)];

    private static ILookup<string, int> BrandsOf(ImmutableArray<Service> services)
    {
        var words = services.Select((s, place) => (Place: place, Words: WordsOf(s.Name, NameFolding.Fold))).ToList();
        var inside = words.SelectMany(w => w.Words.Skip(1)).ToHashSet(StringComparer.Ordinal);
        return words.Where(w => w.Words is [{ Length: >= 4 } first, ..] && !inside.Contains(first) && !AskingWords.Contain(first))
            .GroupBy(w => w.Words[0], w => w.Place, StringComparer.Ordinal).Where(g => g.Count() > 1)
            .SelectMany(g => g, (g, place) => (g.Key, Place: place)).ToLookup(g => g.Key, g => g.Place, StringComparer.Ordinal);
    }
}
