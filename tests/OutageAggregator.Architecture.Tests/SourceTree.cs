using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace OutageAggregator.Architecture.Tests;

/// <summary>The project's own files, as its rules are told of them: text, not assemblies, so that a finding names a file and a line.</summary>
internal static partial class SourceTree
{
    internal const int PatienceMilliseconds = 60_000;

    internal static string Root { get; } = FindRoot();

    /// <summary>How long a pattern may look at a text: by the clock on the wall, which goes on while other machines have this one.</summary>
    internal static TimeSpan Patience { get; } = TimeSpan.FromMilliseconds(PatienceMilliseconds);

    /// <summary>C# and Razor files below a folder, without build output.</summary>
    internal static IEnumerable<SourceFile> Below(string folder) =>
        Directory.EnumerateFiles(Path.Combine(Root, folder), "*", SearchOption.AllDirectories)
            .Where(f => f.EndsWith(".cs", StringComparison.Ordinal) || f.EndsWith(".razor", StringComparison.Ordinal))
            .Where(f => !BuildOutput().IsMatch(f))
            .Order(StringComparer.Ordinal)
            .Select(f => new SourceFile(Path.GetRelativePath(Root, f).Replace('\\', '/'), File.ReadAllText(f)));

    internal static IEnumerable<string> Projects() =>
        Directory.EnumerateFiles(Root, "*.csproj", SearchOption.AllDirectories).Where(f => !BuildOutput().IsMatch(f)).Order(StringComparer.Ordinal);

    internal static string Read(string path) => File.ReadAllText(Path.Combine(Root, path));

    /// <summary>Lines of code (comments and strings of documentation left out) that match, as "file:line: text".</summary>
    internal static List<string> Find(IEnumerable<SourceFile> files, string pattern)
    {
        var regex = new Regex(pattern, RegexOptions.None, Patience);
        return [.. from file in files
                   from line in file.CodeLines()
                   where regex.IsMatch(line.Text)
                   select $"{file.Path}:{line.Number}: {line.Text.Trim()}"];
    }

    private static string FindRoot([CallerFilePath] string here = "")
    {
        var folder = Path.GetDirectoryName(here)!;
        while (!File.Exists(Path.Combine(folder, "OutageAggregator.sln")))
            folder = Path.GetDirectoryName(folder)!;
        return folder;
    }

    [GeneratedRegex(@"[\\/](?:bin|obj)[\\/]", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: PatienceMilliseconds)]
    private static partial Regex BuildOutput();
}

/// <param name="Path">From the root, with slashes.</param>
/// <param name="Text">Its content.</param>
internal sealed record SourceFile(string Path, string Text)
{
    internal string Name => System.IO.Path.GetFileNameWithoutExtension(Path);

    internal IEnumerable<(int Number, string Text)> CodeLines() =>
        Text.Split('\n')
            .Select((text, index) => (Number: index + 1, Text: text))
            .Where(line => !line.Text.TrimStart().StartsWith("//", StringComparison.Ordinal))
            .Select(line => (line.Number, WithoutComment(line.Text)));

    private static string WithoutComment(string line)
    {
        var comment = line.IndexOf(" // ", StringComparison.Ordinal);
        return comment < 0 ? line : line[..comment];
    }
}
