namespace OutageAggregator.Web.Keys;

/// <summary>The keys that this server gave out: settings without a group, <c>Keys:0</c>, <c>Keys:1</c> and so on.</summary>
public sealed class KeySettings
{
    private const string Allowed =
        "lines of the form 'NAME SCOPE,SCOPE sha256:HEX' or 'NAME SCOPE,SCOPE key:SECRET'; each name once, 1 to 32 of a-z, 0-9 and "
        + "hyphens; scopes admin, statements, webhooks, ingest; a secret has at least 24 characters without spaces";

    /// <summary>One line a key, such as <c>newsroom ingest,statements sha256:9f86d0…</c>: no file need hold a secret.</summary>
    [UsableKeys]
    public KeyEntry[] Keys { get; set; } = [];

    [AttributeUsage(AttributeTargets.Property)]
    public sealed class UsableKeysAttribute : ValidationAttribute
    {
        public override bool IsValid(object? value) =>
            value is KeyEntry[] keys && keys.All(k => k.IsUsable)
                && keys.DistinctBy(k => k.Name, StringComparer.Ordinal).Count() == keys.Length;

        public override string FormatErrorMessage(string name) => Allowed;
    }
}

/// <summary>A key as the settings state it; its text never shows the secret, as messages quote what they refuse.</summary>
public sealed class KeyEntry : IParsable<KeyEntry>
{
    private const int MinSecret = 24;
    private static readonly string[] s_scopes = [Scopes.Admin, Scopes.Statements, Scopes.Webhooks, Scopes.Ingest];

    private KeyEntry(string name, string[] scopes, byte[] hash) => (Name, ScopeCodes, Hash) = (name, scopes, hash);
    public string Name { get; }
    public IReadOnlyList<string> ScopeCodes { get; }
    public bool IsUsable => Hash.Length > 0;

    /// <summary>SHA-256 of the secret, which is random and long, so that there is nothing to guess.</summary>
    internal byte[] Hash { get; }

    /// <exception cref="FormatException">Never: see <see cref="TryParse"/>.</exception>
    public static KeyEntry Parse(string s, IFormatProvider? provider) =>
        TryParse(s, provider, out var entry) ? entry : throw new FormatException("The line is missing.");

    /// <summary>Takes any text; one that is no key gives an entry that is not usable: nobody quotes the line with its secret.</summary>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, [MaybeNullWhen(false)] out KeyEntry result)
    {
        result = null;
        if (s is null)
            return false;
        var parts = s.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var scopes = parts.Length == 3 ? parts[1].Split(',') : [];
        result = parts.Length == 3 && IsName(parts[0]) && scopes.All(c => s_scopes.Contains(c, StringComparer.Ordinal))
            ? new KeyEntry(parts[0], scopes, HashOf(parts[2]))
            : new KeyEntry(parts.Length > 1 && IsName(parts[0]) ? parts[0] : "?", [], []);
        return true;
    }

    public override string ToString() => $"{Name} ***";

    private static bool IsName(string text) =>
        text.Length is >= 1 and <= 32 && text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-');

    private static byte[] HashOf(string text)
    {
        if (text.StartsWith("key:", StringComparison.Ordinal) && text.Length >= MinSecret + 4)
            return SHA256.HashData(Encoding.UTF8.GetBytes(text[4..]));
        return text.StartsWith("sha256:", StringComparison.Ordinal) && text.Length == 7 + 64
            && text.AsSpan(7).IndexOfAnyExcept("0123456789abcdefABCDEF") < 0
            ? Convert.FromHexString(text.AsSpan(7))
            : [];
    }
}
