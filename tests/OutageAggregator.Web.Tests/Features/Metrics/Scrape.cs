using System.Text.RegularExpressions;

namespace OutageAggregator.Web.Tests.Features.Metrics;

/// <summary>Reads the text format 0.0.4 of Prometheus as strictly as it is written down, and fails where it is broken.</summary>
public sealed partial class Scrape
{
    private readonly Dictionary<string, double> _values = new(StringComparer.Ordinal);

    private Scrape() { }

    /// <summary>Name of each family with its type, in the order in which they came.</summary>
    public List<(string Name, string Type)> Families { get; } = [];

    /// <summary>A value by its name with its labels, as they are written.</summary>
    public double this[string series] => _values.TryGetValue(series, out var value) ? value : throw new KeyNotFoundException($"No {series} in:\n{string.Join('\n', _values.Keys)}");

    public IEnumerable<string> Series => _values.Keys;

    public static async Task<Scrape> OfAsync(HttpClient client) => Parse(await client.GetStringAsync("/metrics"));

    public static Scrape Parse(string text)
    {
        Assert.EndsWith("\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain('\r', text);
        var scrape = new Scrape();
        var helped = new HashSet<string>(StringComparer.Ordinal);
        foreach (var line in text.TrimEnd('\n').Split('\n'))
        {
            if (Help().Match(line) is { Success: true } help)
            {
                // Beside its type, before its samples.
                Assert.True(helped.Add(help.Groups["name"].Value), line);
                Assert.Equal(scrape.Families[^1].Name, help.Groups["name"].Value);
                Assert.DoesNotContain(scrape._values.Keys, k => IsOf(scrape.Families[^1], k.Split('{')[0]));
            }
            else if (Type().Match(line) is { Success: true } type)
            {
                // A family stands in one piece.
                var name = type.Groups["name"].Value;
                Assert.DoesNotContain(scrape.Families, f => f.Name == name);
                scrape.Families.Add((name, type.Groups["type"].Value));
            }
            else
            {
                var sample = Sample().Match(line);
                Assert.True(sample.Success, line);
                Assert.True(IsOf(scrape.Families[^1], sample.Groups["name"].Value), line);
                Assert.True(scrape._values.TryAdd(line[..line.LastIndexOf(' ')], Number(sample.Groups["value"].Value)), line);
            }
        }
        return scrape;
    }

    private static bool IsOf((string Name, string Type) family, string sample) =>
        family.Type == "histogram" ? sample == family.Name + "_bucket" || sample == family.Name + "_sum" || sample == family.Name + "_count" : sample == family.Name;

    private static double Number(string text) => text switch
    {
        "+Inf" => double.PositiveInfinity,
        "-Inf" => double.NegativeInfinity,
        "NaN" => double.NaN,
        _ => double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture),
    };

    [GeneratedRegex(@"^# HELP (?<name>[a-zA-Z_:][a-zA-Z0-9_:]*) (?<text>(?:[^\\\n]|\\\\|\\n)*)$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 60_000)]
    private static partial Regex Help();

    [GeneratedRegex("^# TYPE (?<name>[a-zA-Z_:][a-zA-Z0-9_:]*) (?<type>counter|gauge|histogram)$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 60_000)]
    private static partial Regex Type();

    [GeneratedRegex("""^(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)(?<labels>\{[a-zA-Z_][a-zA-Z0-9_]*="(?:[^\\"\n]|\\\\|\\"|\\n)*"(?:,[a-zA-Z_][a-zA-Z0-9_]*="(?:[^\\"\n]|\\\\|\\"|\\n)*")*\})? (?<value>[-+0-9.eE]+|NaN|[-+]Inf)$""", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 60_000)]
    private static partial Regex Sample();
}
