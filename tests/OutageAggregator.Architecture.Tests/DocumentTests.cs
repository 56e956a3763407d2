using System.Text.RegularExpressions;

namespace OutageAggregator.Architecture.Tests;

/// <summary>What documents name is there, and the first of them stays short.</summary>
public sealed partial class DocumentTests
{
    private const int MostLines = 120;
    private const int MostRows = 10;
    private const RegexOptions Options = RegexOptions.ExplicitCapture;

    // Folders at the root whose paths are looked for. Addresses, such as /api/v1, settings and code stand in backticks, too.
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
        var links = Links(document).ToList();

        Assert.NotEmpty(links);
        Assert.DoesNotContain(links, link => !Exists(link));
    }

    [Fact]
    public void The_architecture_names_files_of_every_project()
    {
        var paths = Paths(SourceTree.Read("docs/architecture.md")).ToList();

        var projects = Directory.EnumerateDirectories(Path.Combine(SourceTree.Root, "src"), "OutageAggregator.*").ToList();

        Assert.NotEmpty(projects);
        Assert.DoesNotContain(projects, project => !paths.Contains($"src/{Path.GetFileName(project)}", StringComparer.Ordinal));
    }

    [Fact]
    public void A_decision_has_a_number_of_its_own_and_names_others_that_are_there()
    {
        var decisions = Directory.EnumerateFiles(Path.Combine(SourceTree.Root, "docs/adr"), "*.md")
            .Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal).ToList();

        Assert.NotEmpty(decisions);
        Assert.Equal(
            Enumerable.Range(1, decisions.Count).Select(n => n.ToString("0000", CultureInfo.InvariantCulture)),
            decisions.Select(d => d[..4]));
        Assert.DoesNotContain(decisions.SelectMany(d => Links($"docs/adr/{d}")), link => !Exists(link));
    }

    [Fact]
    public void The_readme_is_short_and_shows_its_picture_in_both_colour_schemes()
    {
        var lines = SourceTree.Read("README.md").TrimEnd().Split('\n');

        Assert.InRange(lines.Length, 1, MostLines);
        var pictures = lines.Take(10).Select(l => Picture().Match(l)).Where(m => m.Success).ToList();
        Assert.Equal(["dark", "light"], pictures.Select(p => p.Groups["scheme"].Value));
        Assert.DoesNotContain(pictures, p => !Exists(p.Groups["path"].Value));
        Assert.InRange(LongestTable(lines), 0, MostRows);
    }

    [Fact]
    public void A_path_that_is_not_there_and_a_long_table_are_found()
    {
        const string Text = "See `src/No/Such.cs`, `/api/v1/live`, `python3 docs/none.py` and\n```\ncat src/Nor/This\n```\n";

        Assert.Equal(["src/No/Such.cs", "docs/none.py", "src/Nor/This"], Paths(Text).Where(p => !Exists(p)));
        Assert.Equal(2, LongestTable(["| a |", "| --- |", "| 1 |", "| 2 |", "", "| b |", "| --- |", "| 1 |"]));
    }

    private static bool Exists(string path)
    {
        var full = Path.Combine(SourceTree.Root, path);
        return File.Exists(full) || Directory.Exists(full);
    }

    /// <summary>Paths from the root among the words in backticks, those of commands as well.</summary>
    private static IEnumerable<string> Paths(string text) => Quoted().Matches(text)
        .SelectMany(m => m.Groups["text"].Value.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries))
        .Where(word => s_roots.Contains(word.Split('/')[0], StringComparer.Ordinal));

    /// <summary>What a document links to, from the root.</summary>
    private static IEnumerable<string> Links(string document) => Link().Matches(SourceTree.Read(document))
        .Select(m => Path.Combine(Path.GetDirectoryName(document)!, m.Groups["path"].Value));

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

    [GeneratedRegex("```(?<text>.*?)```|`(?<text>[^`\n]+)`", Options | RegexOptions.Singleline, SourceTree.PatienceMilliseconds)]
    private static partial Regex Quoted();

    [GeneratedRegex(@"\]\((?!https?:|#)(?<path>[^)#\s]+)(?:#[^)\s]*)?\)", Options, SourceTree.PatienceMilliseconds)]
    private static partial Regex Link();

    [GeneratedRegex(@"(?:src|srcset)=""(?<path>[^""]*-(?<scheme>light|dark)\.svg)""", Options, SourceTree.PatienceMilliseconds)]
    private static partial Regex Picture();
}
