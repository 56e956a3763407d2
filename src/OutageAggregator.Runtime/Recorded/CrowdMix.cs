namespace OutageAggregator.Runtime.Recorded;

/// <summary>What a crowd says, in parts: from where, on which surface, of which problem. The three are independent of each other.</summary>
public sealed record CrowdMix(Parts<Region> Regions, Parts<Surface> Surfaces, Parts<Problem> Problems);

/// <summary>Values with their weights.</summary>
public sealed class Parts<T>
{
    private readonly T[] _values;
    private readonly int[] _sums;

    /// <exception cref="ArgumentException">No value, a weight below 1, or more than a million in all.</exception>
    public Parts(IEnumerable<KeyValuePair<T, int>> weights)
    {
        var list = weights.ToList();
        if (list.Count == 0 || list.Exists(w => w.Value is < 1 or > 100_000) || list.Count > 1_000)
            throw new ArgumentException("Give at least one part, each with a whole number from 1 to 100000.", nameof(weights));
        _values = [.. list.Select(w => w.Key)];
        _sums = new int[list.Count];
        var sum = 0;
        for (var i = 0; i < list.Count; i++)
            _sums[i] = sum += list[i].Value;
    }

    /// <summary>The values, in the order given.</summary>
    public IReadOnlyList<T> Values => _values;

    /// <summary>The share of a value by its index, 0 to 1.</summary>
    public double Share(int index) => (double)(_sums[index] - (index == 0 ? 0 : _sums[index - 1])) / _sums[^1];

    /// <summary>One value, by chance.</summary>
    public T Pick(Random random)
    {
        ArgumentNullException.ThrowIfNull(random);
        var index = Array.BinarySearch(_sums, random.Next(_sums[^1]) + 1);
        return _values[index < 0 ? ~index : index];
    }
}
