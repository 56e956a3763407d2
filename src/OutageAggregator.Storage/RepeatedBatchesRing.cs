using System.Security.Cryptography;

namespace OutageAggregator.Storage;

/// <summary>
/// The file in which earlier versions remembered repeatable batches. Its notes move to the store when it is found, and it is deleted.
/// <code>
///   slots of 64 bytes:  number u64 | seen at, UTC ticks i64 | id 128 bits | body 128 bits | zero u64 | first 8 bytes of SHA-256 of all that
/// </code>
/// A slot that fails its check was torn by a crash, and is one that was never noted.
/// </summary>
internal static class RepeatedBatchesRing
{
    public const string FileName = "repeated-batches.ring";

    private const int SlotBytes = 64;
    private const int CheckedBytes = 56;

    /// <summary>The notes of a folder's ring, each id once; none where there is no ring.</summary>
    /// <exception cref="StoreUnavailableException">It can't be read: one line that names the file and says what to do.</exception>
    public static IReadOnlyCollection<Note> Read(string folder)
    {
        var path = Path.Combine(folder, FileName);
        if (!Path.Exists(path))
            return [];
        try
        {
            var notes = File.ReadAllBytes(path).Chunk(SlotBytes).Where(IsWhole).OrderBy(NumberOf).Select(NoteOf);
            return [.. notes.GroupBy(n => n.Id, (_, ofOne) => ofOne.Last())];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StoreUnavailableException(
                $"'{path}', left by an earlier version, can't be read ({e.Message.TrimEnd('.')}). Give this user permission to it, or move it away.", e);
        }
    }

    public static void Delete(string folder) => File.Delete(Path.Combine(folder, FileName));

    private static bool IsWhole(byte[] slot) =>
        slot.Length == SlotBytes
        && SHA256.HashData(slot.AsSpan(0, CheckedBytes)).AsSpan(0, SlotBytes - CheckedBytes).SequenceEqual(slot.AsSpan(CheckedBytes));

    private static ulong NumberOf(byte[] slot) => BinaryPrimitives.ReadUInt64LittleEndian(slot);

    private static Note NoteOf(byte[] slot) => new(
        BinaryPrimitives.ReadUInt128LittleEndian(slot.AsSpan(16)),
        BinaryPrimitives.ReadUInt128LittleEndian(slot.AsSpan(32)),
        new DateTimeOffset(BinaryPrimitives.ReadInt64LittleEndian(slot.AsSpan(8)), TimeSpan.Zero));

    internal readonly record struct Note(UInt128 Id, UInt128 Body, DateTimeOffset SeenAt);
}
