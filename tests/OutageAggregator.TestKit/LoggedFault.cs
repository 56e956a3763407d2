using System.Text.RegularExpressions;

namespace OutageAggregator.TestKit;

/// <summary>Finds failures in what a server wrote, whichever formatter of the console wrote it.</summary>
internal static partial class LoggedFault
{
    private const int LinesOfOne = 8;

    /// <summary>Each line of a failure or worse, with those that follow it: a stack trace may take lines of its own.</summary>
    public static IEnumerable<string> AllIn(string output)
    {
        var lines = output.Split('\n');
        return Enumerable.Range(0, lines.Length).Where(i => Fault().IsMatch(lines[i])).Select(i => string.Join(" | ", lines.Skip(i).Take(LinesOfOne)));
    }

    // simple: "TIME fail: CATEGORY[0] ..." or "fail: CATEGORY[0]"; systemd: "<3>TIMECATEGORY[0] ..."; json: {"Timestamp":...,"LogLevel":"Error",...}
    [GeneratedRegex(
        @"^(?:[^\s{]+ )?(?:fail|crit): |^<[0-3]>|^\{.*""LogLevel"":""(?:Error|Critical)""", RegexOptions.None, matchTimeoutMilliseconds: 60_000)]
    private static partial Regex Fault();
}
