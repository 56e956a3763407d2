using System.Text.RegularExpressions;

namespace OutageAggregator.Architecture.Tests;

/// <summary>How code is written here, as far as a program can tell.</summary>
public sealed class HouseRulesTests
{
    [Fact]
    public void An_interface_has_two_implementations()
    {
        var files = SourceTree.Below("src").ToList();
        var declared = files.SelectMany(f => Matches(f.Text, @"^\s*(?:public|internal) (?:partial )?interface (I[A-Z]\w*)")).ToList();

        Assert.NotEmpty(declared);
        foreach (var name in declared.Where(n => !n.EndsWith("Grain", StringComparison.Ordinal)))
        {
            var count = files.Sum(f => Matches(f.Text, $@"(?:class|struct|record)\s+\w+[^{{;]*?[:,]\s*(?:[\w.<>]+,\s*)*({name})\b").Count);
            Assert.True(count >= 2, $"{name} has {count} implementation(s): an interface needs two.");
        }
    }

    [Fact]
    public void Names_say_what_a_thing_is()
    {
        foreach (var file in SourceTree.Below("src").Concat(SourceTree.Below("tests")))
        {
            foreach (var name in Matches(file.Text, @"^\s*(?:public|internal|private|file)?\s*(?:static |sealed |abstract |partial |readonly )*(?:class|struct|record|interface|enum)(?: struct| class)? (\w+)"))
            {
                Assert.False(Regex.IsMatch(name, "(Manager|Helper|Utils?|Common|Base|Impl|Processor)$", RegexOptions.ExplicitCapture, SourceTree.Patience), $"{file.Path}: {name} says nothing.");
                Assert.False(name.EndsWith("Service", StringComparison.Ordinal) && name != "Service", $"{file.Path}: {name}. A service is what people report; call this something else.");
            }
        }
    }

    [Fact]
    public void Nothing_blocks_a_thread_on_a_task()
    {
        Assert.Empty(SourceTree.Find(SourceTree.Below("src"), @"\.(Result|Wait\(\)|GetAwaiter\(\)\.GetResult\(\))(?![\w(])|\bThread\.Sleep\b"));
    }

    [Fact]
    public void Tests_do_not_sleep()
    {
        Assert.Empty(SourceTree.Find(SourceTree.Below("tests"), @"\bThread\.S" + @"leep\b|\bTask\.D" + @"elay\("));
    }

    [Fact]
    public void A_file_holds_one_thought()
    {
        // Mostly under 250 lines; what is longer is one table or one algorithm, and even that has an end.
        const int Longest = 350;

        Assert.DoesNotContain(
            SourceTree.Below("src").Concat(SourceTree.Below("tests")).Select(f => (f.Path, Lines: f.Text.Count(c => c == '\n'))),
            f => f.Lines > Longest);
    }

    [Fact]
    public void A_grain_hosts_and_decides_nothing()
    {
        var grains = SourceTree.Below("src/OutageAggregator.Cluster/Grains").Where(f => f.Text.Contains(" : Grain, ", StringComparison.Ordinal)).ToList();

        Assert.Equal(3, grains.Count);
        Assert.All(grains, f => Assert.InRange(f.Text[f.Text.IndexOf("internal sealed", StringComparison.Ordinal)..].Count(c => c == '\n'), 20, 70));
    }

    [Fact]
    public void Nothing_is_left_to_do()
    {
        Assert.Empty(SourceTree.Find(SourceTree.Below("src").Concat(SourceTree.Below("tests")), @"\bNotImplemented" + @"Exception\b|\bTO" + @"DO\b|\bFIX" + @"ME\b|""being " + @"built"""));
    }

    [Fact]
    public void Namespaces_are_imported_in_order()
    {
        foreach (var file in new[] { "src", "tests", "benchmarks" }.SelectMany(SourceTree.Below).Where(f => f.Path.EndsWith(".cs", StringComparison.Ordinal)))
        {
            var imported = Matches(file.Text, @"^using ([A-Z][\w.]*);");
            Assert.True(
                imported.SequenceEqual(imported.OrderByDescending(n => n.Split('.')[0] == "System").ThenBy(n => n.Replace('.', ' '), StringComparer.OrdinalIgnoreCase), StringComparer.Ordinal),
                $"{file.Path}: System first, then by name, a namespace before those within it.");
        }
    }

    private static List<string> Matches(string text, string pattern) =>
        [.. Regex.Matches(text, pattern, RegexOptions.Multiline, SourceTree.Patience).Select(m => m.Groups[1].Value)];
}
