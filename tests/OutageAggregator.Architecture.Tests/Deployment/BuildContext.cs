using System.Text.RegularExpressions;

namespace OutageAggregator.Architecture.Tests.Deployment;

/// <summary>What <c>.dockerignore</c> lets into a build: the last line that matches a path, or a folder above it, decides.</summary>
internal sealed class BuildContext(string ignoreFile)
{
    private readonly (Regex Matches, bool LetsIn)[] _rules =
    [
        .. ignoreFile.Split('\n').Select(l => l.Trim()).Where(l => l.Length > 0 && !l.StartsWith('#')).Select(Rule),
    ];

    public bool Holds(string path) => Array.FindLast(_rules, r => r.Matches.IsMatch(path)) is not { Matches: not null, LetsIn: false };

    private static (Regex Matches, bool LetsIn) Rule(string line)
    {
        var pattern = Regex.Escape(line.TrimStart('!').Trim('/')).Replace(@"\*\*/", "(?:.*/)?", StringComparison.Ordinal).Replace(@"\*", "[^/]*", StringComparison.Ordinal);
        return (new Regex($"^{pattern}(?:/|$)", RegexOptions.CultureInvariant, SourceTree.Patience), line.StartsWith('!'));
    }
}
