namespace OutageAggregator.Core.Tests.Services;

public sealed class SpellingTests
{
    [Theory]
    [InlineData("", "", 0)]
    [InlineData("a", "", 1)]
    [InlineData("", "abc", 3)]
    [InlineData("same", "same", 0)]
    [InlineData("abcd", "abdc", 1)] // swapped neighbours
    [InlineData("chatgpt", "chatgbt", 1)]
    [InlineData("kitten", "sitting", 3)]
    [InlineData("ca", "abc", 3)] // a swapped pair isn't edited again
    public void The_distance_counts_insertions_deletions_replacements_and_swaps(string a, string b, int distance)
    {
        Assert.Equal(distance, Spelling.Distance(a, b, 3));
        Assert.Equal(distance, Spelling.Distance(b, a, 3));
    }

    [Fact]
    public void The_band_gives_what_the_whole_table_gives()
    {
        var random = new Random(7);
        for (var round = 0; round < 5_000; round++)
        {
            var a = Letters(random);
            var b = Letters(random);
            var allowed = random.Next(0, 5);
            var whole = WholeTable(a, b);
            var banded = Spelling.Distance(a, b, allowed);
            Assert.True(whole <= allowed ? banded == whole : banded > allowed, $"'{a}' and '{b}' within {allowed}: {banded}, not {whole}");
        }
    }

    [Fact]
    public void Long_texts_are_too_far_apart_without_being_compared() =>
        Assert.Equal(4, Spelling.Distance(new string('a', 65), new string('a', 65), 3));

    [Theory]
    [InlineData("--dat", "--data")]
    [InlineData("intake:maxwating", "Intake:MaxWaiting")]
    [InlineData("entirely-else", null)]
    public void The_nearest_candidate_is_offered_where_one_is_near(string text, string? nearest) =>
        Assert.Equal(nearest, Spelling.Nearest(text, ["--data", "--demo", "Intake:MaxWaiting"]));

    private static string Letters(Random random) => string.Concat(Enumerable.Range(0, random.Next(0, 9)).Select(_ => (char)('a' + random.Next(3))));

    private static int WholeTable(string a, string b)
    {
        var d = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
        {
            for (var j = 0; j <= b.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    d[i, j] = i + j;
                    continue;
                }
                d[i, j] = Math.Min(Math.Min(d[i - 1, j], d[i, j - 1]) + 1, d[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    d[i, j] = Math.Min(d[i, j], d[i - 2, j - 2] + 1);
            }
        }
        return d[a.Length, b.Length];
    }
}
