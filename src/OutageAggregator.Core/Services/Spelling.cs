namespace OutageAggregator.Core.Services;

/// <summary>How far apart two spellings are, for typos in searches and in settings.</summary>
public static class Spelling
{
    /// <summary>Longer texts are not compared: they are never a typo of each other.</summary>
    public const int MaxLength = 64;

    /// <summary>
    /// Optimal string alignment distance: insertions, deletions, replacements and swaps of neighbours that lead from one text to
    /// the other. Any number above <paramref name="allowed"/> where it is more than that, or where a text is longer than
    /// <see cref="MaxLength"/>. Only a band of 2 * allowed + 1 cells a row can hold an answer, so the work is at most
    /// <see cref="MaxLength"/> * (2 * allowed + 1) steps, and it stops at the first row that has none.
    /// </summary>
    public static int Distance(ReadOnlySpan<char> a, ReadOnlySpan<char> b, int allowed)
    {
        var tooFar = allowed + 1;
        if (Math.Abs(a.Length - b.Length) > allowed || a.Length > MaxLength || b.Length > MaxLength)
            return tooFar;
        // Three rows take turns.
        const int Width = MaxLength + 2;
        Span<int> rows = stackalloc int[3 * Width];
        for (var j = 0; j <= b.Length; j++)
            rows[j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            var (current, previous, before) = (i % 3 * Width, (i - 1) % 3 * Width, (i + 1) % 3 * Width);
            var first = Math.Max(1, i - allowed);
            var last = Math.Min(b.Length, i + allowed);
            var best = rows[current + first - 1] = first == 1 ? i : tooFar;
            for (var j = first; j <= last; j++)
            {
                var cost = a[i - 1] == b[j - 1] ? 0 : 1;
                // The cell above the band's right end was never written; it lies outside the band, so it is too far.
                var above = j == i + allowed ? tooFar : rows[previous + j];
                var cell = Math.Min(Math.Min(above, rows[current + j - 1]) + 1, rows[previous + j - 1] + cost);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    cell = Math.Min(cell, rows[before + j - 2] + 1);
                rows[current + j] = cell;
                best = Math.Min(best, cell);
            }
            if (best > allowed)
                return tooFar;
        }
        return rows[(a.Length % 3 * Width) + b.Length];
    }

    /// <summary>The candidate nearest to an unknown text, whatever the case; null where none is within a third of its length.</summary>
    public static string? Nearest(string text, IEnumerable<string> candidates)
    {
        var allowed = Math.Max(1, text.Length / 3);
        var folded = text.ToUpperInvariant();
        return candidates
            .Select(c => (Candidate: c, Distance: Distance(c.ToUpperInvariant(), folded, allowed)))
            .Where(c => c.Distance <= allowed)
            .OrderBy(c => c.Distance)
            .ThenBy(c => c.Candidate, StringComparer.Ordinal)
            .FirstOrDefault().Candidate;
    }
}
