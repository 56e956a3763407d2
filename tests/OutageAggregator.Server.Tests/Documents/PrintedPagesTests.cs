using OutageAggregator.TestKit;

namespace OutageAggregator.Server.Tests.Documents;

/// <summary>The pages that a command prints from the code.</summary>
public sealed class PrintedPagesTests
{
    [Fact]
    public async Task The_pages_of_the_documents_are_what_the_command_prints()
    {
        using var folder = new TemporaryFolder();
        var (code, _, errors) = await ProgramProcess.RunAsync("Server", ["docs", folder.Path]);
        Assert.Equal((0, ""), (code, errors));

        Assert.Equal(["metrics.md", "problems.md", "settings.md"], Directory.EnumerateFiles(folder.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        foreach (var printed in Directory.EnumerateFiles(folder.Path))
        {
            var kept = ProgramProcess.RepositoryFile($"docs/{Path.GetFileName(printed)}");
            Assert.True(
                await File.ReadAllTextAsync(printed) == await File.ReadAllTextAsync(kept),
                $"{kept} is not what the code says. Run: dotnet run --project src/OutageAggregator.Server -- docs docs");
        }
    }

    [Fact]
    public async Task Without_a_folder_the_command_says_what_is_missing()
    {
        var (code, _, errors) = await ProgramProcess.RunAsync("Server", ["docs"]);

        Assert.Equal(2, code);
        Assert.Contains("docs", errors, StringComparison.Ordinal);
    }
}
