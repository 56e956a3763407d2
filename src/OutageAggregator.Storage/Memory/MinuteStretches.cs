namespace OutageAggregator.Storage.Memory;

/// <summary>A set of minutes, kept as disjoint stretches in time order that don't touch each other.</summary>
internal sealed class MinuteStretches
{
    private readonly List<MinuteRange> _stretches = [];

    public void Add(MinuteRange range)
    {
        if (range.Length == 0)
            return;
        var first = _stretches.FindIndex(s => s.To >= range.From);
        if (first < 0)
        {
            _stretches.Add(range);
            return;
        }
        var end = first;
        for (; end < _stretches.Count && _stretches[end].From <= range.To; end++)
            range = new MinuteRange(Minute.Min(range.From, _stretches[end].From), Minute.Max(range.To, _stretches[end].To));
        _stretches.RemoveRange(first, end - first);
        _stretches.Insert(first, range);
    }

    /// <summary>The stretches that touch [from, to), clipped to it.</summary>
    public IReadOnlyList<MinuteRange> Within(Minute from, Minute to) => ReceiptRules.Clip(_stretches, from, to);
}
