using System.Buffers.Binary;
using System.Security.Cryptography;
using OutageAggregator.Runtime.Settings;
using OutageAggregator.Storage;
using OutageAggregator.Storage.Redis.Counts;

namespace OutageAggregator.Runtime.Intake;

/// <summary>
/// Remembers for a day which repeatable batches were seen, when, and with which body, so that a repetition is read as of the same instant
/// and another body is told apart. It is noted durably before the batch is counted; receipts are the store's to remember.
/// <code>
///   repeated-batches.ring, 131,072 slots of 64 bytes (8 MiB), slot = number modulo slots
///     number u64 | seen at, UTC ticks i64 | id 128 bits | body 128 bits | zero u64 | first 8 bytes of SHA-256 of all that
/// </code>
/// A ring never grows and never needs to be compacted; a slot that a crash tore fails its check and is one that was never noted. The
/// price: of more than 131,072 batches in a day (1.5 each second) the oldest are forgotten, and their
/// repetition is a new batch, whose reports count like any others: once per reporter and 30 minutes.
/// </summary>
public sealed class RepeatedBatches : IRepeatedBatches, IDisposable
{
    /// <summary>The file in the data folder.</summary>
    public const string FileName = "repeated-batches.ring";

    private const int Slots = 131_072;
    private const int SlotBytes = 64;
    private const int Checked = 56;

    private static readonly TimeSpan s_lifetime = TimeSpan.FromDays(1);

    private readonly Dictionary<UInt128, Note> _notes = [];
    private readonly Note?[] _ring = new Note?[Slots];
    private readonly SemaphoreSlim _writing = new(1);
    private readonly Microsoft.Win32.SafeHandles.SafeFileHandle? _file;
    private ulong _next;

    private RepeatedBatches(Microsoft.Win32.SafeHandles.SafeFileHandle? file) => _file = file;

    /// <summary>A ring that is forgotten with the process, for memory stores.</summary>
    public static RepeatedBatches InMemory() => new(null);

    /// <summary>The ring of a data folder.</summary>
    /// <exception cref="SettingsException">The file can't be opened for writing or read.</exception>
    public static RepeatedBatches Open(string folder)
    {
        var path = Path.Combine(folder, FileName);
        try
        {
            _ = Directory.CreateDirectory(folder);
            // WriteThrough: a write that has completed is on the disk.
            var file = File.OpenHandle(
                path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, FileOptions.WriteThrough | FileOptions.Asynchronous);
            var ring = new RepeatedBatches(file);
            ring.Load(file);
            return ring;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SettingsException($"Data can't be used: {path} can't be read and written ({e.Message}). Allowed: files of this user, held by no other program.", e);
        }
    }

    /// <summary>Notes elsewhere what is noted here.</summary>
    internal async Task HandOverAsync(RedisRepeatedBatches others, CancellationToken cancellation)
    {
        foreach (var note in _notes.Values)
            await others.KeepAsync(note.Id, note.Body, note.SeenAt, cancellation);
    }

    public async Task<BatchMemory> BeginAsync(UInt128 id, UInt128 body, DateTimeOffset now, CancellationToken cancellation)
    {
        await _writing.WaitAsync(cancellation);
        try
        {
            if (_notes.TryGetValue(id, out var known) && now - known.SeenAt < s_lifetime)
                return new BatchMemory(known.SeenAt, known.Body == body);
            var note = new Note(_next, now.ToUniversalTime(), id, body);
            if (_file is not null)
                await WriteAsync(_file, note);
            Keep(note);
            return new BatchMemory(note.SeenAt, IsSameBody: true);
        }
        finally
        {
            _writing.Release();
        }
    }

    public void Dispose()
    {
        _file?.Dispose();
        _writing.Dispose();
    }

    private static async Task WriteAsync(Microsoft.Win32.SafeHandles.SafeFileHandle file, Note note)
    {
        var slot = new byte[SlotBytes];
        BinaryPrimitives.WriteUInt64LittleEndian(slot, note.Number);
        BinaryPrimitives.WriteInt64LittleEndian(slot.AsSpan(8), note.SeenAt.UtcTicks);
        BinaryPrimitives.WriteUInt128LittleEndian(slot.AsSpan(16), note.Id);
        BinaryPrimitives.WriteUInt128LittleEndian(slot.AsSpan(32), note.Body);
        SHA256.HashData(slot.AsSpan(0, Checked)).AsSpan(0, SlotBytes - Checked).CopyTo(slot.AsSpan(Checked));
        try
        {
            await RandomAccess.WriteAsync(file, slot, (long)(note.Number % Slots) * SlotBytes, CancellationToken.None);
        }
        catch (IOException e)
        {
            throw new StoreUnavailableException("The ring of repeated batches can't be written.", e);
        }
    }

    private void Load(Microsoft.Win32.SafeHandles.SafeFileHandle file)
    {
        var notes = new List<Note>();
        var bytes = new byte[Math.Min(RandomAccess.GetLength(file), (long)Slots * SlotBytes)];
        var length = 0;
        for (int read; length < bytes.Length && (read = RandomAccess.Read(file, bytes.AsSpan(length), length)) > 0;)
            length += read;
        for (var at = 0; at + SlotBytes <= length; at += SlotBytes)
        {
            var slot = bytes.AsSpan(at, SlotBytes);
            if (!SHA256.HashData(slot[..Checked]).AsSpan(0, SlotBytes - Checked).SequenceEqual(slot[Checked..]))
                continue;
            notes.Add(new Note(
                BinaryPrimitives.ReadUInt64LittleEndian(slot),
                new DateTimeOffset(BinaryPrimitives.ReadInt64LittleEndian(slot[8..]), TimeSpan.Zero),
                BinaryPrimitives.ReadUInt128LittleEndian(slot[16..]),
                BinaryPrimitives.ReadUInt128LittleEndian(slot[32..])));
        }
        foreach (var note in notes.OrderBy(n => n.Number))
            Keep(note);
    }

    private void Keep(Note note)
    {
        ref var place = ref _ring[note.Number % Slots];
        // The note whose place is taken is forgotten, unless its id was noted anew meanwhile.
        if (place is { } old && _notes.TryGetValue(old.Id, out var newest) && newest.Number == old.Number)
            _ = _notes.Remove(old.Id);
        place = note;
        _notes[note.Id] = note;
        _next = note.Number + 1;
    }

    private sealed record Note(ulong Number, DateTimeOffset SeenAt, UInt128 Id, UInt128 Body);
}
