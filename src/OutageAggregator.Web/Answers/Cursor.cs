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

    /// <param name="filters">Everything of the question but the cursor and the limit.</param>
    internal static string Make(string filters, string place) =>
        Base64Url.EncodeToString(Encoding.UTF8.GetBytes(Head(filters) + place));

    /// <summary>The place of a cursor; null where it is none, or belongs to other filters.</summary>
    internal static string? PlaceOf(string cursor, string filters)
    {
        var plain = Base64Url.IsValid(cursor) ? Encoding.UTF8.GetString(Base64Url.DecodeFromChars(cursor)) : "";
        return plain.StartsWith(Head(filters), StringComparison.Ordinal) ? plain[Head(filters).Length..] : null;
    }

    private static string Head(string filters) =>
        $"1.{Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(filters)).AsSpan(0, 6))}.";
}
