using System.Text.RegularExpressions;
using OutageAggregator.TestKit.Deployment;

namespace OutageAggregator.Architecture.Tests.Deployment;

/// <summary>The files that a deployment is made of, and what they say of each other.</summary>
internal static partial class Deployed
{
    /// <summary>The target of the Dockerfile.</summary>
    internal const string Image = "server";

    internal static Dockerfile Dockerfile { get; } = Dockerfile.Read(SourceTree.Read("Dockerfile"));

    internal static ComposeFile Compose { get; } = ComposeFile.Read(SourceTree.Read("docker-compose.yml"));

    /// <summary>The port that the images listen on.</summary>
    internal static int Port { get; } = int.Parse(Dockerfile.VariablesOf(Image)["OUTAGE_Urls"].Split(':')[^1], CultureInfo.InvariantCulture);

    /// <summary>Services of the cluster that run our program, by name.</summary>
    internal static IReadOnlyList<KeyValuePair<string, YamlMap>> Nodes { get; } =
        [.. Compose.Services.Where(s => s.Key.StartsWith("node", StringComparison.Ordinal)).OrderBy(s => s.Key, StringComparer.Ordinal)];

    /// <summary>Lines of <c>deploy/haproxy.cfg</c> without comments, each with the section it stands in, such as <c>backend ready</c>.</summary>
    internal static IReadOnlyList<(string Section, string Line)> Balancer { get; } = [.. Lines("deploy/haproxy.cfg")];

    /// <summary>Lines of <c>deploy/redis.conf</c>: what each directive is set to.</summary>
    internal static ILookup<string, string> Redis { get; } = SourceTree.Read("deploy/redis.conf").Split('\n')
        .Where(l => l.Length > 0 && !l.StartsWith('#')).ToLookup(l => l.Split(' ')[0], l => l[(l.IndexOf(' ', StringComparison.Ordinal) + 1)..], StringComparer.Ordinal);

    /// <summary>Lines of a section of the balancer.</summary>
    internal static IEnumerable<string> BalancerSection(string name) => Balancer.Where(l => l.Section == name).Select(l => l.Line);

    /// <summary>A time as HAProxy and Compose write it: <c>500ms</c>, <c>15s</c>, <c>1m</c>.</summary>
    internal static TimeSpan Time(string text)
    {
        var match = TimeText().Match(text);
        Assert.True(match.Success, $"'{text}' is no time.");
        var number = int.Parse(match.Groups["number"].Value, CultureInfo.InvariantCulture);
        return match.Groups["unit"].Value switch
        {
            "ms" => TimeSpan.FromMilliseconds(number),
            "s" => TimeSpan.FromSeconds(number),
            _ => TimeSpan.FromMinutes(number),
        };
    }

    /// <summary>Bytes as Redis and Compose write them: <c>1gb</c>, <c>2560m</c>, <c>1g</c>.</summary>
    internal static long Bytes(string text)
    {
        var match = BytesText().Match(text);
        Assert.True(match.Success, $"'{text}' is no size.");
        return long.Parse(match.Groups["number"].Value, CultureInfo.InvariantCulture) << (match.Groups["unit"].Value is "m" or "mb" ? 20 : 30);
    }

    /// <summary>A variable of our program must be a setting, as docs/settings.md names them all.</summary>
    internal static void AssertIsSetting(string variable) =>
        Assert.Contains(s_settings, s => Regex.IsMatch(variable, s, RegexOptions.None, SourceTree.Patience));

    // Keys in the first column: Proxies:Trusted:# is OUTAGE_Proxies__Trusted__0.
    private static readonly string[] s_settings =
    [
        .. SourceTree.Read("docs/settings.md").Split('\n').Where(l => l.StartsWith("| `", StringComparison.Ordinal)).Select(l => l.Split('`')[1])
            .Select(k => $"^OUTAGE_{k.Replace(":", "__", StringComparison.Ordinal).Replace("#", @"\d+", StringComparison.Ordinal).Replace("NAME", ".+", StringComparison.Ordinal)}$"),
    ];

    private static IEnumerable<(string Section, string Line)> Lines(string path)
    {
        var section = "";
        foreach (var line in SourceTree.Read(path).Split('\n').Where(l => l.Trim().Length > 0 && !l.TrimStart().StartsWith('#')))
        {
            if (!char.IsWhiteSpace(line[0]))
                section = line.Trim();
            else
                yield return (section, line.Trim());
        }
    }

    [GeneratedRegex(@"^(?<number>\d+)(?<unit>ms|s|m)$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: SourceTree.PatienceMilliseconds)]
    private static partial Regex TimeText();

    [GeneratedRegex(@"^(?<number>\d+)(?<unit>m|mb|g|gb)$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: SourceTree.PatienceMilliseconds)]
    private static partial Regex BytesText();
}
