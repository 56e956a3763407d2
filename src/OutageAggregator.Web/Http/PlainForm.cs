using System.Text.Unicode;

namespace OutageAggregator.Web.Http;

/// <summary>The fields of a plain HTML form (application/x-www-form-urlencoded), strictly decoded: UTF-8, whole escapes.</summary>
internal static class PlainForm
{
    /// <summary>Reads a form in which an empty field is one that was left out.</summary>
    /// <returns>Null, or why the body is no form; faults of its fields are told to them.</returns>
    internal static string? Read<T>(ReadOnlySpan<byte> body, ref T fields) where T : struct, IFields
    {
        if (!TryRead(body, out var all, out var fault))
            return fault;
        var seen = 0;
        foreach (var (name, value) in all)
        {
            var field = fields.Names.IndexOf(name);
            if (field < 0)
            {
                var quoted = PlainText.Quote(name);
                fields.Fail(quoted, fields.Unknown(quoted));
                continue;
            }
            if ((seen & (1 << field)) != 0)
                fields.Fail(name, IFields.Twice);
            seen |= 1 << field;
            if (value.Length > 0)
                fields.Set(field, value);
        }
        return null;
    }

    /// <summary>Reads all fields, in order; a name may occur more than once.</summary>
    /// <param name="fault">Where and how the form breaks the encoding.</param>
    internal static bool TryRead(ReadOnlySpan<byte> body, out List<(string Name, string Value)> fields, out string fault)
    {
        fields = [];
        fault = "";
        foreach (var range in body.Split((byte)'&'))
        {
            var pair = body[range];
            if (pair.IsEmpty)
                continue;
            var equals = pair.IndexOf((byte)'=');
            var name = Decode(equals < 0 ? pair : pair[..equals]);
            var value = Decode(equals < 0 ? [] : pair[(equals + 1)..]);
            if (name is null || value is null)
            {
                fault = $"The form is not properly encoded in the field that starts at byte {range.Start.Value + 1}: each % needs two hex "
                    + "digits, and the bytes must be UTF-8.";
                return false;
            }
            fields.Add((name, value));
        }
        return true;
    }

    private static string? Decode(ReadOnlySpan<byte> source)
    {
        // Decoding makes nothing longer.
        var bytes = new byte[source.Length];
        var written = 0;
        for (var i = 0; i < source.Length; i++)
        {
            var b = source[i];
            if (b == '+')
            {
                b = (byte)' ';
            }
            else if (b == '%')
            {
                if (i + 2 >= source.Length || !byte.TryParse(
                    source.Slice(i + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out b))
                    return null;
                i += 2;
            }
            bytes[written++] = b;
        }
        var text = bytes.AsSpan(0, written);
        return Utf8.IsValid(text) ? System.Text.Encoding.UTF8.GetString(text) : null;
    }
}
