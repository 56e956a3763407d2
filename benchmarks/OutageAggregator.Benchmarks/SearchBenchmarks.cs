using BenchmarkDotNet.Attributes;

namespace OutageAggregator.Benchmarks;

/// <summary>
/// What one search costs in a catalog of a few hundred services and in the largest one. The yardstick asks every name whether it
/// contains the text, which finds neither questions nor typos nor other scripts.
/// </summary>
[MemoryDiagnoser]
[BenchmarkCategory("search")]
public class SearchBenchmarks
{
    private static readonly string[] s_sounds = ["ba", "ko", "ri", "ten", "lu", "mo", "sha", "ver", "net", "pay", "gra", "zil", "dor", "fen", "qui", "sta"];
    private Catalog _catalog = null!;

    [Params(650, Catalog.MaxServices)]
    public int Services { get; set; }

    /// <summary>A name, a question, a typo, another script, an address, and what is not there.</summary>
    [Params("kopay", "is kopay down?", "kopya", "копай не работает", "https://www.kopay.example/a?b=c", "who won the match")]
    public string Query { get; set; } = "";

    [GlobalSetup]
    public void Fill()
    {
        var random = new Random(1);
        var names = Enumerable.Range(0, Services - 1).Select(i => $"{Word(random)} {Word(random)}").Prepend("Kopay").ToList();
        _catalog = new Catalog(
            [new Category("all", "All")],
            names.Select((name, i) => new Service(ServiceSlug.Parse($"s-{i}"), name, "all", [Word(random), $"{name} {i}"], null, "Etc/UTC", null)));
    }

    [Benchmark(Baseline = true)]
    public int Yardstick()
    {
        var found = 0;
        foreach (var service in _catalog.Services)
            found += service.Name.Contains(Query, StringComparison.OrdinalIgnoreCase) ? 1 : 0;
        return found;
    }

    [Benchmark]
    public int Search() => _catalog.Search(Query, 8).Count;

    private static string Word(Random random)
    {
        var word = string.Concat(Enumerable.Range(0, random.Next(2, 5)).Select(_ => s_sounds[random.Next(s_sounds.Length)]));
        return char.ToUpperInvariant(word[0]) + word[1..];
    }
}
