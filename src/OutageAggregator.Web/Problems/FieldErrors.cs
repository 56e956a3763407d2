namespace OutageAggregator.Web.Problems;

/// <summary>What is wrong with a request, field by field, and how to mend it: at most <see cref="MaxFields"/> of them.</summary>
public sealed class FieldErrors
{
    public const int MaxFields = 12;
    private readonly List<(string Field, string Message)> _items = [];

    public bool Any => _items.Count > 0;

    /// <summary>In the order in which they were found; a field may occur more than once.</summary>
    public IReadOnlyList<(string Field, string Message)> Items => _items;

    public void Add(string field, string message)
    {
        if (_items.Count < MaxFields)
            _items.Add((field, message));
    }

    /// <summary>The messages of each field, in the order in which the fields were found.</summary>
    public Dictionary<string, string[]> ByField() => _items.GroupBy(e => e.Field, e => e.Message, StringComparer.Ordinal)
        .ToDictionary(g => g.Key, g => g.ToArray(), StringComparer.Ordinal);

    public static FieldErrors Of(string field, string message)
    {
        var errors = new FieldErrors();
        errors.Add(field, message);
        return errors;
    }
}
