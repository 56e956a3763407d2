using System.Runtime.InteropServices;
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
    private readonly ILookup<string, int> _sharp;
    private readonly ILookup<string, int> _dull;
    private readonly ILookup<string, int> _brands;

    internal NameIndex(ImmutableArray<Service> services)
    {
        var (written, latin) = (ImmutableArray.CreateBuilder<NamedPlace>(), ImmutableArray.CreateBuilder<NamedPlace>());
        for (var place = 0; place < services.Length; place++)
            AddNames(services[place], place, written, latin);
        (Written, Latin) = (written.ToImmutable(), latin.ToImmutable());
        for (var place = 0; place < services.Length; place++)
        {
            // Whatever others are called, a slug names its service.
            _written[NameFolding.Fold(services[place].Slug.ToString())] = [place];
            foreach (var host in services[place].Domains)
                _ = _hosts.TryAdd(host, place);
        }
        _writtenPart = _written.GetAlternateLookup<ReadOnlySpan<char>>();
        _latinPart = _latin.GetAlternateLookup<ReadOnlySpan<char>>();
        var heard = Enumerable.Range(0, Written.Length).Where(i => !Written[i].Key.IsAlias && Written[i].Key.Text.Length >= Sounds.ShortestName && Ascii.IsValid(Written[i].Key.Text)).ToList();
        _sharp = heard.ToLookup(i => ConsonantsOf(Written[i].Key, Hearing.Sharp), StringComparer.Ordinal);
        _dull = heard.ToLookup(i => ConsonantsOf(Written[i].Key, Hearing.Dull), StringComparer.Ordinal);
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
        (hearing == Hearing.Sharp ? _sharp : _dull)[consonants].Select(i => Written[i]);

    /// <summary>The services of a brand: several whose names begin with the same word, which stands in no other's name.</summary>
    internal IEnumerable<int> OfBrand(string word) => _brands[word];

    private static string ConsonantsOf(SearchKey key, Hearing hearing) => Sounds.Consonants(Sounds.Of(key.Text, hearing));

    /// <summary>False where the place has that name already.</summary>
    private static bool Add(Dictionary<string, int[]> places, string text, int place)
    {
        ref var held = ref CollectionsMarshal.GetValueRefOrAddDefault(places, text, out _);
        if (held?.Contains(place) == true)
            return false;
        held = held is null ? [place] : [.. held, place];
        return true;
    }

    private void AddNames(
        Service service, int place, ImmutableArray<NamedPlace>.Builder written, ImmutableArray<NamedPlace>.Builder latin)
    {
        foreach (var (index, name) in ((IEnumerable<string>)[service.Slug.ToString(), service.Name, .. service.Aliases]).Index())
        {
            var isAlias = index > 1;
            var folded = NameFolding.Fold(name);
            if (folded.Length > 0 && Add(_written, folded, place))
                written.Add(new NamedPlace(new SearchKey(folded, WordsOf(name, NameFolding.Fold), isAlias), place));
            if (!Ascii.IsValid(folded) && NameFolding.InLatin(name) is { Length: > 0 } letters && Add(_latin, letters, place))
                latin.Add(new NamedPlace(new SearchKey(letters, WordsOf(name, NameFolding.InLatin), isAlias), place));
        }
    }

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
