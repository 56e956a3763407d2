using System.Globalization;
using System.Text.RegularExpressions;

namespace OutageAggregator.Architecture.Tests;

/// <summary>What documents name is there, and the first of them stays short.</summary>
public sealed partial class DocumentTests
{
    private const int MostLines = 120;
    private const int MostRows = 10;

    // Folders and files at the root whose paths are looked for. Addresses, such as /api/v1, settings and code are other things in backticks.
    private static readonly string[] s_roots = ["src", "tests", "docs", "data", "deploy", "benchmarks"];

    [Theory]
    [InlineData("README.md")]
    [InlineData("CONTRIBUTING.md")]
    [InlineData("docs/architecture.md")]
    public void Paths_that_a_document_names_are_there(string document)
    {
        var paths = Paths(SourceTree.Read(document)).ToList();

        Assert.NotEmpty(paths);
        Assert.DoesNotContain(paths, p => !Exists(p));
    }

    [Theory]
    [InlineData("README.md")]
    [InlineData("CONTRIBUTING.md")]
    [InlineData("docs/api.md")]
    [InlineData("docs/architecture.md")]
    [InlineData("docs/operations.md")]
    [InlineData("docs/replay.md")]
    [InlineData("benchmarks/README.md")]
    public void Links_of_a_document_lead_to_files(string document)
    {
        var links = Link().Matches(SourceTree.Read(document)).Select(m => m.Groups["path"].Value).ToList();

        Assert.NotEmpty(links);
        Assert.DoesNotContain(links, l => !Exists(Path.Combine(Path.GetDirectoryName(document)!, l)));
    }

    [Fact]
    public void The_architecture_names_files_of_every_project()
    {
        var paths = Paths(SourceTree.Read("docs/architecture.md")).ToList();

        Assert.DoesNotContain(
            Directory.EnumerateDirectories(Path.Combine(SourceTree.Root, "src"), "OutageAggregator.*").Select(d => $"src/{Path.GetFileName(d)}"),
            project => !paths.Contains(project, StringComparer.Ordinal));
    }

    [Fact]
    public void A_decision_has_a_number_of_its_own_and_names_others_that_are_there()
    {
        var decisions = Directory.EnumerateFiles(Path.Combine(SourceTree.Root, "docs/adr"), "*.md").Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal).ToList();

        Assert.Equal(Enumerable.Range(1, decisions.Count).Select(n => n.ToString("0000", CultureInfo.InvariantCulture)), decisions.Select(d => d[..4]));
        Assert.All(decisions, d => Assert.DoesNotContain(Link().Matches(SourceTree.Read($"docs/adr/{d}")), l => !Exists($"docs/adr/{l.Groups["path"].Value}")));
    }

    [Fact]
    public void The_readme_is_short_and_shows_its_picture_in_both_colour_schemes()
    {
        var lines = SourceTree.Read("README.md").TrimEnd().Split('\n');

        Assert.InRange(lines.Length, 1, MostLines);
        Assert.All(["light", "dark"], scheme => Assert.Contains(
            lines.Take(10), l => Picture().Match(l) is { Success: true } picture && picture.Groups["scheme"].Value == scheme && Exists(picture.Groups["path"].Value)));
        Assert.InRange(LongestTable(lines), 0, MostRows);
    }

    [Fact]
    public void A_path_that_is_not_there_and_a_long_table_are_found()
    {
        Assert.Equal(["src/No/Such.cs"], Paths("See `src/No/Such.cs`, `/api/v1/live` and\n```\nsrc/Code\n```\n").Where(p => !Exists(p)));
        Assert.Equal(2, LongestTable(["| a |", "| --- |", "| 1 |", "| 2 |", "", "| b |", "| --- |", "| 1 |"]));
    }

    private static bool Exists(string path) => Path.Join(SourceTree.Root, path) is var full && (File.Exists(full) || Directory.Exists(full));

    private static IEnumerable<string> Paths(string text) =>
        Quoted().Matches(Fenced().Replace(text, "")).Select(m => m.Groups["text"].Value).Where(t => s_roots.Contains(t.Split('/')[0], StringComparer.Ordinal));

    /// <summary>Rows below the head of the longest table.</summary>
    private static int LongestTable(IEnumerable<string> lines)
    {
        var (longest, rows) = (0, 0);
        foreach (var line in lines)
        {
            rows = line.StartsWith('|') ? rows + 1 : 0;
            longest = Math.Max(longest, rows - 2);
        }
        return longest;
    }

    [GeneratedRegex("```.*?```", RegexOptions.Singleline, matchTimeoutMilliseconds: SourceTree.PatienceMilliseconds)]
    private static partial Regex Fenced();

    [GeneratedRegex("`(?<text>[^`\n]+)`", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: SourceTree.PatienceMilliseconds)]
    private static partial Regex Quoted();

    [GeneratedRegex(@"\]\((?!https?:|#)(?<path>[^)#\s]+)(?:#[^)\s]*)?\)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: SourceTree.PatienceMilliseconds)]
    private static partial Regex Link();

    [GeneratedRegex(@"(?:src|srcset)=""(?<path>docs/pictures/[^""]*-(?<scheme>light|dark)\.svg)""", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: SourceTree.PatienceMilliseconds)]
    private static partial Regex Picture();
}
