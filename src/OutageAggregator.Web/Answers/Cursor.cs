using System.Buffers.Text;

namespace OutageAggregator.Web.Answers;

/// <summary>
/// The place at which the next page of a list begins, as opaque text: base64url of
/// <code>
///   1 . (six bytes of a hash of the filters, base64url) . place
/// </code>
/// A cursor names the last item of a page and not a number of items to skip, so items that come or go meanwhile neither repeat nor
/// hide others. It belongs to the filters it was given for: with others it would silently leave items out.
/// </summary>
internal static class Cursor
{
    internal static Parameter<string> Parameter { get; } =
        Answers.Parameter.Text("cursor", "`next` of the page before; it belongs to the same other parameters.");

    private const string Version = "1.";

    /// <param name="filters">Everything of the question but the cursor and the limit.</param>
    internal static string Make(string filters, string place) =>
        Base64Url.EncodeToString(Encoding.UTF8.GetBytes($"{Version}{Mark(filters)}.{place}"));

    internal static bool TryRead(string text, string filters, [NotNullWhen(true)] out string? place)
    {
        place = null;
        if (text.Length > Answers.Parameter.MaxLength || !Base64Url.IsValid(text))
            return false;
        var plain = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(text));
        var head = $"{Version}{Mark(filters)}.";
        if (!plain.StartsWith(head, StringComparison.Ordinal))
            return false;
        place = plain[head.Length..];
        return true;
    }

    internal const string Complaint =
        "Is no cursor of this list with these filters: take 'next' of the page before and leave the other parameters as they were.";

    private static string Mark(string filters) => Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(filters)).AsSpan(0, 6));
}
