using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace OutageAggregator.Architecture.Tests;

/// <summary>Who may know whom.</summary>
public sealed class LayoutTests
{
    private static readonly Dictionary<string, string[]> s_references = new(StringComparer.Ordinal)
    {
        ["Core"] = [],
        ["Storage"] = ["Core"],
        ["Runtime"] = ["Core", "Storage"],
        ["Web"] = ["Core", "Runtime"],
        ["Cluster"] = ["Runtime"],
        ["Server"] = ["Cluster", "Storage", "Runtime", "Web"],
        ["Replay"] = ["Core", "Runtime"],
    };

    [Fact]
    public void Projects_reference_only_what_lies_before_them_in_the_data_flow()
    {
        foreach (var path in Directory.EnumerateFiles(Path.Combine(SourceTree.Root, "src"), "*.csproj", SearchOption.AllDirectories))
        {
            var name = Short(path);
            Assert.True(s_references.ContainsKey(name), $"{name} has no place in the data flow: add it to this test and say why.");
            foreach (var reference in XDocument.Load(path).Descendants("ProjectReference"))
                Assert.Contains(Short(reference.Attribute("Include")!.Value), s_references[name]);
        }
    }

    [Fact]
    public void The_core_is_pure()
    {
        var core = SourceTree.Below("src/OutageAggregator.Core").ToList();

        Assert.NotEmpty(core);
        Assert.Empty(SourceTree.Find(core, @"^\s*(global )?using (static )?(Microsoft|Orleans|StackExchange|System\.IO|System\.Net|System\.Text\.Json|System\.Diagnostics\.Process)\b"));
        Assert.Empty(SourceTree.Find(core, @"\b(DateTime(Offset)?\.(Utc)?Now|TimeProvider|Stopwatch|Environment\.TickCount|File\.|Directory\.|HttpClient|JsonSerializer|SystemClock)\b"));
        var packages = XDocument.Parse(SourceTree.Read("src/OutageAggregator.Core/OutageAggregator.Core.csproj"))
            .Descendants("PackageReference").Select(p => p.Attribute("Include")!.Value);
        Assert.Equal(["AnyAscii", "MathNet.Numerics", "NodaTime"], packages.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Now_comes_from_the_servers_clock()
    {
        var files = SourceTree.Below("src/OutageAggregator.Runtime").Concat(SourceTree.Below("src/OutageAggregator.Web"));

        Assert.Empty(SourceTree.Find(files, @"\bDateTime(Offset)?\.(Utc)?Now\b"));
    }

    [Fact]
    public void Only_one_project_knows_Redis_and_only_one_knows_Orleans()
    {
        var files = SourceTree.Below("src").ToList();

        Assert.Empty(SourceTree.Find(files.Where(f => !f.Path.StartsWith("src/OutageAggregator.Storage/", StringComparison.Ordinal)), @"\bStackExchange\b"));
        Assert.Empty(SourceTree.Find(files.Where(f => !f.Path.StartsWith("src/OutageAggregator.Cluster/", StringComparison.Ordinal)), @"\busing Orleans\b"));
    }

    [Fact]
    public void Features_do_not_import_each_other()
    {
        foreach (var file in SourceTree.Below("src/OutageAggregator.Web/Features"))
        {
            var own = file.Path.Split('/')[3];
            foreach (Match used in Regex.Matches(file.Text, @"(?:\bWeb\.|(?<![\w.]))Features\.(?<feature>[A-Z]\w+)", RegexOptions.ExplicitCapture, SourceTree.Patience))
                Assert.True(used.Groups["feature"].Value == own, $"{file.Path} knows the feature {used.Groups["feature"].Value}.");
        }
    }

    [Fact]
    public void Only_the_composition_knows_the_features()
    {
        var shared = SourceTree.Below("src/OutageAggregator.Web")
            .Where(f => !f.Path.Contains("/Features/", StringComparison.Ordinal) && f.Name != "WebComposition");

        Assert.Empty(SourceTree.Find(shared, @"(?:\bWeb\.|(?<![\w.]))Features\.[A-Z]"));
    }

    [Fact]
    public void Program_files_say_what_runs_and_no_more()
    {
        foreach (var program in SourceTree.Below("src").Where(f => f.Name == "Program"))
            Assert.True(program.Text.Split('\n').Length <= 80, $"{program.Path} has over 80 lines.");
    }

    [Fact]
    public void Versions_stand_in_one_file()
    {
        foreach (var path in SourceTree.Projects())
        {
            foreach (var package in XDocument.Load(path).Descendants("PackageReference"))
                Assert.True(package.Attribute("Version") is null && package.Attribute("VersionOverride") is null, $"{path} sets a version of {package.Attribute("Include")?.Value}.");
        }
    }

    [Fact]
    public void The_readme_begins_with_the_two_commands()
    {
        var readme = SourceTree.Read("README.md");

        Assert.Contains("dotnet run --project src/OutageAggregator.Server", readme, StringComparison.Ordinal);
        Assert.Contains("./test.sh", readme, StringComparison.Ordinal);
        Assert.Contains("test.sh", SourceTree.Read(".ci/run"), StringComparison.Ordinal);
    }

    private static string Short(string project) =>
        Path.GetFileNameWithoutExtension(project.Replace('\\', '/')).Replace("OutageAggregator.", "", StringComparison.Ordinal);
}
