using System.Runtime.CompilerServices;

namespace OutageAggregator.Replay.Tests;

/// <summary>Where the project's own data lie.</summary>
internal static class Repository
{
    internal static string Root { get; } = FindRoot();

    internal static string Corpus { get; } = Path.Combine(Root, "data", "detection");

    internal static string Score(string file) => Path.Combine(Root, "tests", "OutageAggregator.Replay.Tests", "Score", file);

    private static string FindRoot([CallerFilePath] string here = "")
    {
        var folder = Path.GetDirectoryName(here)!;
        while (!File.Exists(Path.Combine(folder, "OutageAggregator.sln")))
            folder = Path.GetDirectoryName(folder)!;
        return folder;
    }
}

/// <summary>A file with a text in it, deleted with this object.</summary>
internal sealed class TemporaryFile : IDisposable
{
    internal TemporaryFile(string text) => File.WriteAllText(Path, text);

    internal string Path { get; } = System.IO.Path.GetTempFileName();

    public void Dispose() => File.Delete(Path);
}
