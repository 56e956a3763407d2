namespace OutageAggregator.Server;

/// <summary>
/// The folder that everything is kept in, held by one server at a time.
/// <code>
///   data/                what the setting Data names
///     store/             what people reported
///     demo/              what a demo made up: emptied at each start of a demo, never read without --demo
///       DEMO.txt         says so, and is asked for before anything is removed
/// </code>
/// A demo has a folder of its own, so that made-up counts can neither be taken for real ones nor be mixed with them.
/// </summary>
internal sealed class DataFolder(string path, FileStream held) : IDisposable
{
    private const string DemoMark = "DEMO.txt";

    /// <summary>Full path of <c>store</c> or <c>demo</c>.</summary>
    public string Path => path;

    /// <summary>Creates the folder where it is missing, makes sure that it can be written, and holds it until disposed.</summary>
    /// <param name="data">What the setting says.</param>
    /// <param name="demo">True for a demo's folder.</param>
    /// <param name="keepsKey">True where a demo goes on in Redis, whose nodes are known by this key.</param>
    /// <exception cref="SettingsException">It can't be written, or another server holds it, or it isn't the demo's.</exception>
    public static async Task<DataFolder> OpenAsync(string data, bool demo, bool keepsKey)
    {
        var path = System.IO.Path.GetFullPath(System.IO.Path.Combine(data, demo ? "demo" : "store"));
        try
        {
            CreatePrivate(path);
            var held = Hold(path);
            if (demo)
                await EmptyAsync(path, held, keepsKey);
            else if (File.Exists(System.IO.Path.Combine(path, DemoMark)))
                throw new SettingsException($"Data is '{data}', but {path} holds a demo's made-up reports. Allowed: a folder of your own, or --demo.");
            return new DataFolder(path, held);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new SettingsException($"Data is '{data}', but {path} can't be written: {e.Message} Allowed: a folder that this user can write to.", e);
        }
    }

    public void Dispose() => held.Dispose();

    // Comments, hashes and the key are for this user's eyes only; a folder that was there keeps the rights that its owner gave it.
    private static void CreatePrivate(string path) => _ = OperatingSystem.IsWindows()
        ? Directory.CreateDirectory(path)
        : Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

    private static FileStream Hold(string path)
    {
        var lockFile = System.IO.Path.Combine(path, "lock");
        try
        {
            return new FileStream(lockFile, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e) when (File.Exists(lockFile))
        {
            throw new SettingsException($"Data is '{path}', which another server is using. Allowed: a folder of its own for each server.", e);
        }
    }

    private static async Task EmptyAsync(string path, FileStream held, bool keepsKey)
    {
        var mark = System.IO.Path.Combine(path, DemoMark);
        var others = Directory.EnumerateFileSystemEntries(path).Where(e => e != held.Name).ToList();
        if (others.Count > 0 && !others.Contains(mark, StringComparer.Ordinal))
            throw new SettingsException($"{path} holds files that no demo wrote (there is no {DemoMark}). Allowed for --demo: a data folder whose 'demo' is empty or missing.");
        var key = System.IO.Path.Combine(path, ReporterKey.FileName);
        foreach (var entry in others.Where(e => e != mark && !(keepsKey && e == key)))
        {
            if (Directory.Exists(entry))
                Directory.Delete(entry, recursive: true);
            else
                File.Delete(entry);
        }
        await File.WriteAllTextAsync(mark, "Everything in this folder was made up by a demo (--demo): no person reported any of it. The next demo empties it.\n");
    }
}
