namespace OutageAggregator.Web.Tests;

/// <summary>An empty folder for one test.</summary>
public sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("outage-web-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
