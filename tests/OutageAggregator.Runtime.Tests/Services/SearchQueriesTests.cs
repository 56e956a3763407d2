using OutageAggregator.Runtime.Services;

namespace OutageAggregator.Runtime.Tests.Services;

/// <summary>
/// How well the search finds what people type, by a list of queries with their answers. It was written before the aliases by somebody who
/// had not seen them; only the half that nobody looked at while the search was made is judged here, and a second list, written when it was done.
/// </summary>
public sealed class SearchQueriesTests
{
    private const string Half = "test";
    private const string Second = "second";

    [Fact]
    public async Task The_list_is_large_enough_and_names_what_is_in_the_catalog()
    {
        var catalog = await ReadCatalogAsync();
        var all = ReadQueries();

        Assert.True(all.Count >= 400, $"There are {all.Count} queries.");
        var first = all.Count(q => q.Half != Second);
        Assert.InRange(all.Count(q => q.Half == Half), first * 2 / 5, first * 3 / 5);
        Assert.All(all, q => Assert.Contains(q.Half, new[] { "tune", Half, Second }));
        Assert.Empty(all.SelectMany(q => q.Answers).Where(a => catalog.Find(a) is null).Distinct());
        Assert.Empty(all.GroupBy(q => q.Text, StringComparer.Ordinal).Where(g => g.Count() > 1).Select(g => g.Key));
    }

    [Theory]
    [InlineData(Half)]
    [InlineData(Second)]
    public async Task What_people_look_for_is_the_first_answer_nine_times_of_ten_and_nearly_always_among_three(string half)
    {
        var catalog = await ReadCatalogAsync();
        var asked = ReadQueries().Where(q => q.Half == half && q.Answers.Length > 0).ToList();
        var missed = asked.Where(q => !IsFound(q, 1)).ToList();

        AssertShare(0.90, 1 - ((double)missed.Count / asked.Count), missed);
        missed = [.. missed.Where(q => !IsFound(q, 3))];
        AssertShare(0.97, 1 - ((double)missed.Count / asked.Count), missed);

        bool IsFound(Query query, int among) => catalog.Search(query.Text, among).Any(s => query.Answers.Contains(s.Slug));
    }

    [Theory]
    [InlineData(Half)]
    [InlineData(Second)]
    public async Task What_means_nothing_finds_nothing(string half)
    {
        var catalog = await ReadCatalogAsync();
        var asked = ReadQueries().Where(q => q.Half == half && q.Answers.IsEmpty).ToList();
        var found = asked.Where(q => catalog.Search(q.Text, 1).Count > 0).ToList();

        AssertShare(0.95, 1 - ((double)found.Count / asked.Count), found);
    }

    private static void AssertShare(double least, double share, List<Query> wrong) => Assert.True(
        share >= least,
        string.Create(CultureInfo.InvariantCulture, $"{share:0.000} instead of {least}; wrong: {string.Join(" · ", wrong.Select(q => q.Text))}"));

    private static Task<Catalog> ReadCatalogAsync() =>
        CatalogFile.LoadAsync(Path.Combine(AppContext.BaseDirectory, "catalog.json"), CancellationToken.None);

    // query TAB slugs separated by |, the best first, or - for none TAB half
    private static List<Query> ReadQueries() =>
        [.. File.ReadLines(Path.Combine(AppContext.BaseDirectory, "search-queries.tsv"))
            .Where(line => line.Length > 0 && line[0] != '#')
            .Select(line => line.Split('\t'))
            .Select(f => new Query(f[0], f[1] == "-" ? [] : [.. f[1].Split('|').Select(ServiceSlug.Parse)], f[2]))];

    private sealed record Query(string Text, ImmutableArray<ServiceSlug> Answers, string Half);
}
