namespace OutageAggregator.Core.Services;

/// <summary>The places of a catalog that a search found, each with the best that was found of it.</summary>
/// <param name="isAll">False where not all of the text was looked at: then it names nothing exactly.</param>
internal sealed class FoundPlaces(bool isAll)
{
    private const int MostGuesses = 5;
    private readonly Dictionary<int, (NameRank Rank, int Order)> _best = [];
    private int[] _preferred = [];

    internal bool IsEmpty => _best.Count == 0;

    /// <summary>True where something better than a guess is among them.</summary>
    internal bool IsSure { get; private set; }

    /// <param name="order">Among those of the same rank; then comes the place.</param>
    internal void Add(int place, NameRank rank, int order = 0)
    {
        if (rank == NameRank.Same && !isAll)
            rank = NameRank.Named;
        if (!_best.TryGetValue(place, out var best) || (rank, order).CompareTo(best) < 0)
            _best[place] = (rank, order);
        IsSure |= IsSureOf(rank);
    }

    /// <summary>What is named by more of the text than the others: where there is such, only that is the same.</summary>
    internal void Prefer(int[] places) => _preferred = places;

    /// <summary>The best of them in order. Guesses are left out where something was found, and else are few.</summary>
    internal IEnumerable<(int Place, Closeness Closeness)> Best(int limit)
    {
        var sorted = _best.Select(f => (Rank: RankOf(f.Key, f.Value.Rank), f.Value.Order, Place: f.Key)).Order().ToList();
        var sure = sorted.Count(f => IsSureOf(f.Rank));
        return sorted.Take(Math.Min(limit, sure > 0 ? sure : MostGuesses)).Select(f => (f.Place, Of(f.Rank)));
    }

    private NameRank RankOf(int place, NameRank rank) =>
        rank == NameRank.Same && _preferred.Length > 0 && !_preferred.Contains(place) ? NameRank.Named : rank;

    private static bool IsSureOf(NameRank rank) => rank < NameRank.Contains;

    private static Closeness Of(NameRank rank) => rank switch
    {
        NameRank.Same => Closeness.Exact,
        < NameRank.Contains => Closeness.Good,
        _ => Closeness.Guess,
    };
}
