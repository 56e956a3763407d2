namespace OutageAggregator.Replay.Score;

/// <summary>What a detection of a kind is worth in the Numenta Anomaly Benchmark: a window found, a window missed, a false alarm.</summary>
internal sealed record NabProfile(string Name, double Found, double Missed, double False)
{
    internal static ImmutableArray<NabProfile> All { get; } =
    [
        new("standard", 1, 1, 0.11),
        new("reward_low_FP_rate", 1, 1, 0.22),
        new("reward_low_FN_rate", 1, 2, 0.11),
    ];
}

/// <summary>The rows of one file and the stretches of rows, both ends included, in which something was wrong.</summary>
internal sealed record NabFile(string Name, ImmutableArray<string> Rows, (int First, int Last)[] Windows);

/// <summary>
/// The score of the Numenta Anomaly Benchmark (Lavin and Ahmad 2015, https://doi.org/10.1109/ICMLA.2015.141): the first detection in a
/// window is worth the more the earlier it is, each false one costs the more the farther it lies behind the last window; 0 is a detector
/// that says nothing, 100 one that finds each window in its first row. The first 15 % of a file (at most 750 rows) are for learning.
/// </summary>
/// <param name="Profile">Which worths.</param>
/// <param name="Score">0 to 100, negative for detectors worse than silence.</param>
/// <param name="Windows">Windows that count.</param>
/// <param name="Found">Windows with a detection.</param>
/// <param name="False">Rows outside of windows at which something was said.</param>
internal sealed record NabScore(string Profile, double Score, int Windows, int Found, int False)
{
    internal static NabScore Of(IReadOnlyList<NabFile> files, ILookup<string, int> said, NabProfile profile)
    {
        var (raw, windows, found, wrong) = (0.0, 0, 0, 0);
        foreach (var file in files)
        {
            var learning = Math.Min(Math.Floor(0.15 * file.Rows.Length), 0.15 * 5000);
            var best = Enumerable.Range(0, file.Windows.Length)
                .Where(w => file.Windows[w].Last >= learning)
                .ToDictionary(w => w, _ => -profile.Missed);
            foreach (var row in said[file.Name].Distinct().Where(r => r >= learning))
            {
                if (Array.FindIndex(file.Windows, w => row >= w.First && row <= w.Last) is >= 0 and var window)
                {
                    best[window] = Math.Max(best[window], InWindow(file.Windows[window], row, profile));
                }
                else
                {
                    raw += Outside(file, row, profile);
                    wrong++;
                }
            }
            windows += best.Count;
            found += best.Values.Count(v => v > -profile.Missed);
            raw += best.Values.Sum();
        }
        return new NabScore(profile.Name, 100 * (raw + (profile.Missed * windows)) / ((profile.Found + profile.Missed) * windows), windows, found, wrong);
    }

    /// <exception cref="ReplayException">The folder can't be read; the message says why.</exception>
    internal static IReadOnlyList<NabFile> ReadFiles(string folder)
    {
        var windows = Corpus.Json<OrderedDictionary<string, string[][]>>(Path.Combine(folder, "windows.json"), "can't be read");
        return [.. windows.Select(f => FileOf(folder, f.Key, f.Value))];
    }

    /// <summary>Rows at which a detector spoke, by file.</summary>
    /// <exception cref="ReplayException">A line can't be read or names a file that there is not.</exception>
    internal static ILookup<string, int> ReadSaid(string path, IReadOnlyList<NabFile> files)
    {
        var rows = files.ToDictionary(f => f.Name, f => f.Rows, StringComparer.Ordinal);
        return SaidIncidents.Read(path, rows.Keys, (name, told) =>
        {
            var at = told.GetProperty("start").GetString()!.Replace('T', ' ');
            var row = rows[name].BinarySearch(at.Length > 19 ? at[..19] : at, StringComparer.Ordinal);
            return Math.Min(row < 0 ? ~row : row, rows[name].Length - 1);
        });
    }

    private static NabFile FileOf(string folder, string name, string[][] windows)
    {
        ImmutableArray<string> rows = [.. Corpus.Rows(Path.Combine(folder, name + ".csv.gz")).Select(r => r.Line[..Math.Min(19, r.Line.Length)])];
        return new(name, rows, [.. windows.Select(w => w is [var from, var to] ? (RowOf(from), RowOf(to)) : throw NoRow(string.Join(" to ", w)))]);

        int RowOf(string at) => rows.IndexOf(at[..Math.Min(19, at.Length)]) is >= 0 and var row ? row : throw NoRow(at);

        ReplayException NoRow(string at) => new($"{name} has no row of {at}, where a window begins or ends.");
    }

    private static double InWindow((int First, int Last) window, int row, NabProfile profile) =>
        Sigmoid(-(window.Last - row + 1.0) / (window.Last - window.First + 1)) * profile.Found / Sigmoid(-1);

    private static double Outside(NabFile file, int row, NabProfile profile) => file.Windows.Where(w => w.Last < row).ToList() is [.., var before]
        ? Sigmoid((double)(row - before.Last) / (before.Last - before.First)) * profile.False
        : -profile.False;

    // From 1 far before the end of a window to -1 far behind it.
    private static double Sigmoid(double place) => place > 3 ? -1 : (2 / (1 + Math.Exp(5 * place))) - 1;
}
