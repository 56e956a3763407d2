using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;

namespace OutageAggregator.Core.Proposals;

/// <summary>
/// What somebody calls a service that the catalog lacks, by name or by address. Spellings of one name are one group: the words that only
/// ask fall away, an address stands for what its domain is called, and the rest is folded and written in Latin letters, as a search does it.
/// <code>
///   "is FooBank down?", "foo bank", "https://login.foobank.it/42"      key foobank
/// </code>
/// Of an address the domain is kept, never a path or a user: those may be a person's.
/// </summary>
/// <param name="Key">Folded, in Latin letters: 2 to <see cref="MaxKeyLength"/> letters and digits.</param>
/// <param name="Name">As it was written, without the words that only ask: at most <see cref="MaxLength"/> characters.</param>
/// <param name="Domain">The domain that was named with it, in lower case; null where none was.</param>
public sealed record ProposedName(string Key, string Name, string? Domain)
{
    /// <summary>The longest text that is read as a name, in UTF-16 units.</summary>
    public const int MaxLength = 80;

    /// <summary>The longest key.</summary>
    public const int MaxKeyLength = 64;

    // A number of a person's (telephone, card) is longer than any name of digits ("1688", "360") or with some ("4chan").
    private const int MostDigits = 4;
    private const int MostDigitsAmongLetters = 6;

    // Words that ask, as "my bank is down" does, and that beside another word are a part of its name.
    private static readonly FrozenSet<string> s_nouns =
        new[]
            {
                "bank", "banca", "banco", "banque", "banka", "bankası", "банк", "بانک", "بنك", "البنك", "बैंक", "בנק", "银行", "은행", "tv", "mobile",
                "power", "water", "electricity",
            }
            .Select(noun => NameFolding.Fold(noun)).ToFrozenSet(StringComparer.Ordinal);

    private const string Marks = "\"'«»“”„()[]<>,;!?¿¡。？！、؟.";

    public ProposalId Id => ProposalId.Of(Key);

    /// <summary>Reads a text that names a service; null where nothing is left of it that could be a name.</summary>
    /// <param name="text">Cleaned, at most <see cref="MaxLength"/> long.</param>
    /// <param name="address">An address that was given beside it, if any.</param>
    public static ProposedName? Read(string text, string? address = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length > MaxLength)
            return null;
        var domain = address is null ? null : DomainIn(address);
        var words = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        for (var i = 0; i < words.Length; i++)
        {
            words[i] = words[i].Trim(Marks.ToCharArray());
            if (DomainIn(words[i]) is { } named)
                (words[i], domain) = (named, domain ?? named);
        }
        if (Array.Exists(words, IsNaming))
            words = words[Array.FindIndex(words, IsOfName)..(Array.FindLastIndex(words, IsOfName) + 1)];
        else if (domain is not null)
            words = [domain];
        else
            return null;
        var name = string.Join(' ', words);
        var key = string.Concat(words.Select(KeyOf));
        key = key.Length > MaxKeyLength ? key[..MaxKeyLength] : key;
        var digits = key.Count(char.IsAsciiDigit);
        var isNumber = digits > (digits == key.Length ? MostDigits : MostDigitsAmongLetters);
        return key.Length < 2 || isNumber || name.Length > MaxLength ? null : new ProposedName(key, name, domain);
    }

    /// <summary>The domain of a text that is an address and nothing else, in lower case; null for any other.</summary>
    public static string? DomainIn(string text) =>
        TypedAddress.HostOf(text.AsSpan().Trim()) is { } host ? TypedAddress.DomainOf(host) : null;

    private static bool IsNaming(string word) => TypedQuery.Read(word).Meant.Count > 0 || word.Contains('&', StringComparison.Ordinal);

    private static bool IsOfName(string word) => IsNaming(word) || s_nouns.Contains(NameFolding.Fold(word));

    private static string KeyOf(string word) =>
        TypedQuery.Read(TypedAddress.HostOf(word) is { } host ? TypedAddress.NameIn(host) : word).Latin;
}

/// <summary>The name of a proposal in addresses and stores: a hash of its key, so that one name has one id. 16 hexadecimal digits.</summary>
public readonly record struct ProposalId(ulong Value)
{
    public static ProposalId Of(string key) =>
        new(System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(key))));

    public static bool TryParse([NotNullWhen(true)] string? text, out ProposalId id)
    {
        var isId = ulong.TryParse(
            text is { Length: 16 } ? text : "", NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value);
        id = new ProposalId(value);
        return isId;
    }

    public override string ToString() => Value.ToString("x16", CultureInfo.InvariantCulture);
}
