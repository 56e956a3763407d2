namespace OutageAggregator.Architecture.Tests;

/// <summary>Folders, which are namespaces: what a reader meets first.</summary>
public sealed class FolderTests
{
    private const int MostFiles = 20;

    public static TheoryData<string> Projects { get; } =
        [.. Directory.EnumerateDirectories(Path.Combine(SourceTree.Root, "src")).Select(d => Path.GetFileName(d)!).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Projects))]
    public void No_folders_of_a_project_know_each_other_in_a_circle(string project)
    {
        var known = FolderGraph.Read(project);

        Assert.NotEmpty(known.Folders);
        Assert.True(known.Circles().Count == 0, string.Join('\n', known.Circles()));
        // And each with all that lies in it, which is how the list of folders is read.
        var together = known.Together(project);
        Assert.True(together.Circles().Count == 0, string.Join('\n', together.Circles()));
    }

    [Fact]
    public void A_circle_of_any_length_is_found()
    {
        var known = new FolderGraph();
        known.Add("A", "B", "one");
        known.Add("B", "C", "two");
        Assert.Empty(known.Circles());

        known.Add("C", "A", "three");

        Assert.Equal(["A -> B (one), B -> C (two), C -> A (three)"], known.Circles());
    }

    [Fact]
    public void A_folder_is_known_where_one_inside_of_it_is()
    {
        var known = new FolderGraph();
        known.Add("Web.Charts", "Web.Words", "one");
        known.Add("Web.Words", "Web.Charts.Data", "two");
        Assert.Empty(known.Circles());

        Assert.Equal(["Web.Charts -> Web.Words (one), Web.Words -> Web.Charts (two)"], known.Together("Web").Circles());
    }

    [Fact]
    public void A_folder_is_small_enough_to_read()
    {
        var crowded = new[] { "src", "tests", "benchmarks" }.SelectMany(SourceTree.Below)
            .GroupBy(f => Path.GetDirectoryName(f.Path)!, (folder, files) => (Folder: folder, Files: files.Count()))
            .Where(f => f.Files > MostFiles);

        Assert.Empty(crowded);
    }
}
