using OutageAggregator.Storage;
using OutageAggregator.Storage.Sqlite;
using OutageAggregator.Storage.Sqlite.Database;

namespace OutageAggregator.TestKit;

/// <summary>A data folder of a test's own.</summary>
public sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("outages-").FullName;

    public string Database => System.IO.Path.Combine(Path, "outages.db");

    public string Log => Database + "-wal";

    /// <summary>Writes a file.</summary>
    /// <returns>Its path.</returns>
    public string File(string name, string content)
    {
        var path = System.IO.Path.Combine(Path, name);
        System.IO.File.WriteAllText(path, content);
        return path;
    }

    internal SqliteStorage Open(StorageSettings? settings = null, Action<string?>? tell = null) =>
        SqliteStorage.Open(Path, settings ?? new StorageSettings(), tell);

    /// <summary>A connection of somebody else: a shell, a backup.</summary>
    internal Connection Shell() => Connection.Open(Database, create: true, busyMilliseconds: 5_000);

    /// <summary>What a crash of the process would leave behind now: the files as they are, without anything being closed.</summary>
    public TemporaryFolder CopyAsCrashed()
    {
        var copy = new TemporaryFolder();
        foreach (var file in new[] { Database, Log }.Where(System.IO.File.Exists))
            System.IO.File.Copy(file, System.IO.Path.Combine(copy.Path, System.IO.Path.GetFileName(file)));
        return copy;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
