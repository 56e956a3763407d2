using System.Runtime.InteropServices;

namespace OutageAggregator.Runtime.Intake;

/// <summary>
/// Gives a finished file a name that nobody else may have given meanwhile. <see cref="File.Move(string, string, bool)"/> refuses to
/// overwrite in one step on Windows only: elsewhere it looks first and renames then, and of two that look at once the second takes the name
/// away from the first. A hard link is one step everywhere.
/// </summary>
internal static class ExclusiveName
{
    private const int AlreadyThere = 17; // EEXIST, the same number on Linux, macOS and the BSDs

    /// <summary>Links the file under the name.</summary>
    /// <returns>False where there are no hard links (Windows has a better way, a FAT file system none): to be moved instead.</returns>
    /// <exception cref="IOException">The name is taken.</exception>
    public static bool TryGive(string file, string name)
    {
        if (OperatingSystem.IsWindows())
            return false;
        if (Link(file, name) == 0)
            return true;
        return Marshal.GetLastPInvokeError() == AlreadyThere ? throw new IOException($"'{name}' is there already.") : false;
    }

    [DllImport("libc", EntryPoint = "link", SetLastError = true, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Link([MarshalAs(UnmanagedType.LPUTF8Str)] string file, [MarshalAs(UnmanagedType.LPUTF8Str)] string name);
}
