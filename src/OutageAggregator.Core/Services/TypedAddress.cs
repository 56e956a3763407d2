namespace OutageAggregator.Core.Services;

/// <summary>An address of a site as people paste it: <c>https://www.chatgpt.com/c/123?x=1</c>, <c>chatgpt.com</c>.</summary>
internal static class TypedAddress
{
    /// <summary>RFC 1035: the longest name of a host.</summary>
    private const int MaxLength = 253;

    private static readonly string[] s_public = ["ac", "co", "com", "edu", "gob", "gov", "ne", "net", "or", "org"];

    /// <summary>The host of a word that is an address, in lower case and without a dot at its end; null for other words.</summary>
    internal static string? HostOf(ReadOnlySpan<char> word)
    {
        var scheme = word.IndexOf("://", StringComparison.Ordinal);
        var rest = scheme < 0 ? word : word[(scheme + 3)..];
        rest = rest.IndexOfAny("/?#\\") is >= 0 and var path ? rest[..path] : rest;
        rest = rest[(rest.LastIndexOf('@') + 1)..];
        rest = rest.IndexOf(':') is >= 0 and var port ? rest[..port] : rest;
        rest = rest.TrimEnd('.');
        return IsHost(rest) ? rest.ToString().ToLowerInvariant() : null;
    }

    /// <summary>True for at least two labels of letters, digits and inner hyphens, the last of them no number.</summary>
    internal static bool IsHost(ReadOnlySpan<char> text)
    {
        if (text.Length > MaxLength || text.IndexOf('.') < 0)
            return false;
        var last = text[(text.LastIndexOf('.') + 1)..];
        if (last.Length < 2 || char.IsDigit(last[^1]))
            return false;
        foreach (var label in text.Split('.'))
        {
            var letters = text[label];
            if (letters.Length is 0 or > 63 || letters[0] == '-' || letters[^1] == '-')
                return false;
            foreach (var c in letters)
            {
                if (c != '-' && !char.IsLetterOrDigit(c))
                    return false;
            }
        }
        return true;
    }

    /// <summary>What a host is called: "whatsapp" of <c>www.whatsapp.co.uk</c>, for hosts that no service has.</summary>
    internal static string NameIn(string host)
    {
        var (labels, named) = LabelsOf(host);
        return labels[named];
    }

    /// <summary>The part of a host that somebody registered: <c>whatsapp.co.uk</c> of <c>www.whatsapp.co.uk</c>.</summary>
    internal static string DomainOf(string host)
    {
        var (labels, named) = LabelsOf(host);
        return string.Join('.', labels[named..]);
    }

    private static (string[] Labels, int Named) LabelsOf(string host)
    {
        var labels = host.Split('.');
        var at = labels.Length - 2;
        if (at > 0 && labels[^1].Length == 2 && s_public.Contains(labels[at], StringComparer.Ordinal))
            at--;
        return (labels, at);
    }
}
