using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace OutageAggregator.Core.Services;

/// <summary>
/// Finds services by what people type. Names are folded (case, accents, anything but letters and digits) and ranked:
/// the same, starts with, a word starts with, contains, then the optimal-string-alignment distance (Damerau-Levenshtein
/// with adjacent swaps) up to one error in four letters. A linear scan: 300 names take microseconds, 50,000 a few
/// milliseconds, and no index has to be kept in step.
/// </summary>
internal sealed class ServiceSearch
{
    private const int MaxQueryLength = 64;
    private const int NoMatch = int.MaxValue;

    private readonly ImmutableArray<(Service Service, Name[] Names)> _entries;
    private readonly Dictionary<string, Service?> _exact = new(StringComparer.Ordinal);

    internal ServiceSearch(ImmutableArray<Service> services)
    {
        _entries = [.. services.Select(s => (s, NamesOf(s)))];
        foreach (var (service, names) in _entries)
        {
            foreach (var folded in names.Select(n => n.Folded).Distinct(StringComparer.Ordinal))
            {
                // A name that two services share names neither of them exactly.
                _exact[folded] = _exact.TryGetValue(folded, out var other) && other != service ? null : service;
            }
        }
        foreach (var service in services)
            _exact[Fold(service.Slug.ToString())] = service;
    }

    internal Service? Exact(string text) =>
        text.Length > MaxQueryLength ? null : _exact.GetValueOrDefault(Fold(text));

    internal IReadOnlyList<Service> Find(string query, int limit)
    {
        var folded = Fold(query.Length > MaxQueryLength ? query[..MaxQueryLength] : query);
        if (folded.Length > MaxQueryLength)
            folded = folded[..MaxQueryLength];
        if (folded.Length == 0)
            return [];
        return [.. _entries
            .Select(e => (e.Service, Rank: e.Names.Min(n => Rank(n, folded))))
            .Where(e => e.Rank < NoMatch)
            .OrderBy(e => e.Rank)
            .ThenBy(e => e.Service.Name, StringComparer.OrdinalIgnoreCase)
            .Take(limit)
            .Select(e => e.Service)];
    }

    private static int Rank(Name name, string query)
    {
        if (name.Folded == query)
            return 0;
        if (name.Folded.StartsWith(query, StringComparison.Ordinal))
            return 1;
        if (query.Length >= 2 && name.Words.Any(w => w.StartsWith(query, StringComparison.Ordinal)))
            return 2;
        if (query.Length >= 3 && name.Folded.Contains(query, StringComparison.Ordinal))
            return 3;
        var allowed = query.Length / 4 + (query.Length is 3 ? 1 : 0);
        if (allowed == 0)
            return NoMatch;
        // A typo in what was typed so far must not hide the name: compare with as much of it as was typed, too.
        var distance = Distance(name.Folded, query, allowed);
        if (name.Folded.Length > query.Length && query.Length >= 4)
            distance = Math.Min(distance, Distance(name.Folded[..query.Length], query, allowed));
        return distance <= allowed ? 10 + distance : NoMatch;
    }

    /// <summary>Optimal string alignment distance; any number above <paramref name="allowed"/> where it is more than that.</summary>
    private static int Distance(string a, string b, int allowed)
    {
        if (Math.Abs(a.Length - b.Length) > allowed)
            return allowed + 1;
        var width = b.Length + 1;
        Span<int> before = stackalloc int[MaxQueryLength + 1];
        Span<int> previous = stackalloc int[MaxQueryLength + 1];
        Span<int> current = stackalloc int[MaxQueryLength + 1];
        for (var j = 0; j < width; j++)
            previous[j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            current[0] = i;
            for (var j = 1; j < width; j++)
            {
                var cost = a[i - 1] == b[j - 1] ? 0 : 1;
                current[j] = Math.Min(Math.Min(previous[j] + 1, current[j - 1] + 1), previous[j - 1] + cost);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    current[j] = Math.Min(current[j], before[j - 2] + 1);
            }
            var spare = before;
            before = previous;
            previous = current;
            current = spare;
        }
        return previous[b.Length];
    }

    private static Name[] NamesOf(Service service) =>
        [.. new[] { service.Slug.ToString(), service.Name }.Concat(service.Aliases)
            .Select(n => new Name(Fold(n), Words(n)))
            .Where(n => n.Folded.Length > 0)];

    private static string[] Words(string text) =>
        [.. text.Split([' ', '-', '.', '/', '(', ')', '&'], StringSplitOptions.RemoveEmptyEntries).Select(Fold).Where(w => w.Length > 0)];

    private static string Fold(string text)
    {
        var folded = new StringBuilder(text.Length);
        foreach (var c in text.Normalize(NormalizationForm.FormKD))
        {
            if (char.IsLetterOrDigit(c) && CharUnicodeInfo.GetUnicodeCategory(c) != UnicodeCategory.NonSpacingMark)
                _ = folded.Append(char.ToLowerInvariant(c));
            else if (c == '+')
                _ = folded.Append("plus");
        }
        return folded.ToString();
    }

    private readonly record struct Name(string Folded, string[] Words);
}
