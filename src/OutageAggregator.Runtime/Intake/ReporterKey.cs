using System.Buffers.Binary;
using System.Buffers.Text;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using OutageAggregator.Runtime.Settings;

namespace OutageAggregator.Runtime.Intake;

/// <summary>
/// The secret that turns addresses into reporters, and signs what only we may have given out. It is made once, in the data folder, and
/// never leaves it: without it nobody can try all four billion IPv4 addresses against a stored reporter.
/// <code>
///   reporter.key, 32 random bytes, mode 0600
///     +- HKDF-Expand "reporter by address"  -> HMAC-SHA-256(4 | IPv4, or 6 | first 8 bytes of IPv6), first 128 bits
///     +- HKDF-Expand "reporter of partner"  -> HMAC-SHA-256(length of key name | key name | opaque id), first 128 bits
///     +- HKDF-Expand "withdraw token"       -> HMAC-SHA-256(report id), first 128 bits in base64url: 22 characters
///     +- HKDF-Expand "repeated batch"       -> HMAC-SHA-256(parts, each after its length), first 128 bits
///     +- HKDF-Expand "fingerprint"          -> 64 bits of it, to compare keys by
/// </code>
/// Each purpose has a key of its own, so that an answer to one question says nothing about another. An IPv6 address counts by its /64:
/// a home gets a whole one, and may use a new address in it for every request. The user agent is no part of it: whoever wants to be
/// counted twice would only have to vary it.
/// </summary>
public sealed class ReporterKey
{
    /// <summary>The file in the data folder.</summary>
    public const string FileName = "reporter.key";

    private const int SecretBytes = 32;
    private const int HashBytes = 32;

    private readonly Purpose _address;
    private readonly Purpose _partner;
    private readonly Purpose _withdraw;
    private readonly Purpose _batch;

    private ReporterKey(ReadOnlySpan<byte> secret)
    {
        _address = new Purpose(secret, "reporter by address");
        _partner = new Purpose(secret, "reporter of partner");
        _withdraw = new Purpose(secret, "withdraw token");
        _batch = new Purpose(secret, "repeated batch");
        Span<byte> fingerprint = stackalloc byte[8];
        HKDF.Expand(HashAlgorithmName.SHA256, secret, fingerprint, "fingerprint"u8);
        Fingerprint = Convert.ToHexStringLower(fingerprint);
    }

    /// <summary>16 hexadecimal digits that are the same for the same key and tell nothing else of it.</summary>
    public string Fingerprint { get; }

    /// <summary>A key that is forgotten with the process: for memory stores, whose reporters are forgotten too.</summary>
    public static ReporterKey Ephemeral() => new(RandomNumberGenerator.GetBytes(SecretBytes));

    /// <summary>The key of a data folder, made where there is none yet.</summary>
    /// <exception cref="SettingsException">
    /// The file can't be read or written, or is not 32 bytes long: one line for the operator.
    /// </exception>
    public static ReporterKey Open(string folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        var path = Path.Combine(folder, FileName);
        try
        {
            _ = Directory.CreateDirectory(folder);
            if (!File.Exists(path))
                Create(path);
            Span<byte> secret = stackalloc byte[SecretBytes];
            using var file = File.OpenHandle(path);
            var length = RandomAccess.GetLength(file);
            if (length != SecretBytes || RandomAccess.Read(file, secret, 0) != SecretBytes)
            {
                throw new SettingsException(
                    $"The reporter key {path} is {length.ToString(CultureInfo.InvariantCulture)} bytes long. Allowed: {SecretBytes} bytes. Restore it from a backup; or delete it, and reporters of before are no longer recognised.");
            }
            var key = new ReporterKey(secret);
            CryptographicOperations.ZeroMemory(secret);
            return key;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SettingsException($"The reporter key {path} can't be read or made: {e.Message} Allowed: a file in a folder that the server may write.", e);
        }
    }

    /// <summary>Who calls from an address. An IPv4 address mapped into IPv6 is that IPv4 address.</summary>
    public Reporter Of(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        Span<byte> bytes = stackalloc byte[17];
        if (!address.TryWriteBytes(bytes[1..], out var length))
            throw new ArgumentException("An address has 4 or 16 bytes.", nameof(address));
        if (address.AddressFamily == AddressFamily.InterNetworkV6 && address.IsIPv4MappedToIPv6)
        {
            bytes[13..17].CopyTo(bytes[1..]);
            length = 4;
        }
        bytes[0] = length == 4 ? (byte)4 : (byte)6;
        return ToReporter(_address.Hash(bytes[..(length == 4 ? 5 : 9)]));
    }

    /// <summary>A partner's own user.</summary>
    /// <param name="keyName">The name of the partner's key: the same id of two partners is two reporters.</param>
    /// <param name="opaqueId">The partner's id for the user, as it was sent; 1 to 128 characters.</param>
    public Reporter OfPartner(string keyName, string opaqueId) => ToReporter(_partner.Hash(Frame(keyName, opaqueId)));

    /// <summary>The proof, for its sender alone, that a report may be taken back: 22 characters of base64url.</summary>
    public string WithdrawToken(ReportId id)
    {
        Span<byte> bytes = stackalloc byte[20];
        Span<byte> token = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, id.Batch.Value);
        BinaryPrimitives.WriteInt32BigEndian(bytes[16..], id.Index);
        BinaryPrimitives.WriteUInt128BigEndian(token, _withdraw.Hash(bytes));
        return Base64Url.EncodeToString(token);
    }

    /// <summary>Whether a token belongs to a report; takes the same time for each wrong one.</summary>
    public bool IsWithdrawToken(ReportId id, ReadOnlySpan<char> token) =>
        // As text: decoding would throw on what is no base64url, and take several texts for one token.
        CryptographicOperations.FixedTimeEquals(MemoryMarshal.AsBytes(token), MemoryMarshal.AsBytes<char>(WithdrawToken(id)));

    /// <summary>What a sender calls a batch that it may repeat, as 128 bits that don't tell the name.</summary>
    public UInt128 NameOfBatch(string keyName, string idempotencyKey) => _batch.Hash(Frame(keyName, idempotencyKey));

    /// <summary>
    /// The id of a part of a batch: the same in every process with this key, so that a repetition finds what was stored. It begins with
    /// the time and leads to its service, as all batch ids do.
    /// </summary>
    /// <param name="name">What the sender calls the batch.</param>
    /// <param name="seenAt">When it was first seen.</param>
    /// <param name="watch">The service and region of the part.</param>
    /// <param name="isOfEarlierVersion">True where an earlier version saw it first, whose ids told no service.</param>
    public BatchId PartOfBatch(UInt128 name, DateTimeOffset seenAt, WatchKey watch, bool isOfEarlierVersion = false)
    {
        var seen = seenAt.UtcTicks.ToString(CultureInfo.InvariantCulture);
        var hash = _batch.Hash(Frame(name.ToString("x32", CultureInfo.InvariantCulture), seen, watch.ToString()));
        return isOfEarlierVersion
            ? new BatchId(((UInt128)(ulong)seenAt.ToUnixTimeMilliseconds() << 80) | (hash >> 48))
            : BatchId.Of(seenAt, (ulong)(hash >> 64), watch.Service);
    }

    private static void Create(string path)
    {
        // Written whole under another name first: a crash leaves no half key.
        var draft = $"{path}.{Guid.NewGuid():N}";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var file = new FileStream(draft, options))
        {
            RandomAccess.Write(file.SafeFileHandle, RandomNumberGenerator.GetBytes(SecretBytes), 0);
            RandomAccess.FlushToDisk(file.SafeFileHandle);
        }
        try
        {
            if (!ExclusiveName.TryGive(draft, path))
                File.Move(draft, path, overwrite: false);
        }
        catch (IOException) when (File.Exists(path))
        {
            // Of all that started at once, somebody else was the first: that key is everybody's.
        }
        finally
        {
            File.Delete(draft);
        }
    }

    private static Reporter ToReporter(UInt128 hash) => new((ulong)(hash >> 64), (ulong)hash);

    // Each part after its length: "ab" + "c" must not be "a" + "bc".
    private static byte[] Frame(params ReadOnlySpan<string> parts)
    {
        var length = 0;
        foreach (var part in parts)
            length += 4 + Encoding.UTF8.GetByteCount(part);
        var framed = new byte[length];
        var rest = framed.AsSpan();
        foreach (var part in parts)
        {
            var written = Encoding.UTF8.GetBytes(part, rest[4..]);
            BinaryPrimitives.WriteInt32BigEndian(rest, written);
            rest = rest[(4 + written)..];
        }
        return framed;
    }

    /// <summary>
    /// The key of one purpose. A hash object a thread, used again and again: the one-shot call sets OpenSSL's state up each time and takes
    /// two and a half times as long, which two hashes a report would make the dearest part of it.
    /// </summary>
    private sealed class Purpose
    {
        private readonly ThreadLocal<HMACSHA256> _hash;

        public Purpose(ReadOnlySpan<byte> secret, string name)
        {
            var key = new byte[HashBytes];
            HKDF.Expand(HashAlgorithmName.SHA256, secret, key, Encoding.ASCII.GetBytes(name));
            _hash = new ThreadLocal<HMACSHA256>(() => new HMACSHA256(key));
        }

        /// <summary>The first 128 bits.</summary>
        public UInt128 Hash(ReadOnlySpan<byte> source)
        {
            Span<byte> hash = stackalloc byte[HashBytes];
            _ = _hash.Value!.TryComputeHash(source, hash, out _);
            return BinaryPrimitives.ReadUInt128BigEndian(hash);
        }
    }
}
