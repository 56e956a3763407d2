namespace OutageAggregator.Web.Features.Reports;

/// <summary>
/// Reads a report from JSON: known fields only, each once, each a string. The framework's binder was rejected: its messages name .NET
/// types, and it costs more than the rest of the request.
/// </summary>
internal static class ReportJson
{
    private const string Example = "{\"service\":\"chatgpt\"}";

    /// <param name="fields">How many of <see cref="ReportFields.Names"/> are known here.</param>
    /// <returns>Null, or the problem that the body is no JSON object; faults of fields are in the draft.</returns>
    internal static ProblemAnswer? Read(ReadOnlySpan<byte> body, int fields, ref ReportDraft draft)
    {
        if (StrictJson.FaultOf(body, Example) is { } fault)
            return ProblemAnswer.Malformed(fault);
        var json = new Utf8JsonReader(body, StrictJson.Options);
        try
        {
            _ = json.Read();
            if (json.TokenType != JsonTokenType.StartObject)
                return ProblemAnswer.Malformed($"The body must be one JSON object, such as {Example}.");
            ReadObject(ref json, fields, ref draft);
            // Throws where anything but white space follows.
            _ = json.Read();
            return null;
        }
        catch (JsonException e)
        {
            return ProblemAnswer.Malformed(StrictJson.FaultOf(e));
        }
    }

    private static void ReadObject(ref Utf8JsonReader json, int fields, ref ReportDraft draft)
    {
        Span<char> text = stackalloc char[ReportDraft.MaxCommentUnits];
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (Find(ref json, fields) is { } field)
            {
                draft.See(field);
                _ = json.Read();
                ReadValue(ref json, field, text, ref draft);
                continue;
            }
            var name = StrictJson.QuoteName(ref json);
            draft.Fail(name, ReportFields.Unknown(name, fields));
            _ = json.Read();
            json.Skip();
        }
    }

    private static void ReadValue(ref Utf8JsonReader json, ReportField field, scoped Span<char> text, ref ReportDraft draft)
    {
        // The same as leaving it out: what many serialisers send for an optional field.
        if (json.TokenType == JsonTokenType.Null && field is not (ReportField.Service or ReportField.Reporter))
            return;
        if (json.TokenType != JsonTokenType.String)
        {
            draft.Fail(field.Name(), StrictJson.NoText(JsonElement.ParseValue(ref json).ValueKind));
            return;
        }
        // A value with more bytes than the longest text has characters may be short enough: escapes take up to six.
        var rented = json.ValueSpan.Length > text.Length ? ArrayPool<char>.Shared.Rent(json.ValueSpan.Length) : null;
        var room = rented ?? text;
        try
        {
            draft.Set(field, room[..json.CopyString(room)]);
        }
        catch (InvalidOperationException)
        {
            draft.Fail(field.Name(), StrictJson.HalfPair);
        }
        if (rented is not null)
            ArrayPool<char>.Shared.Return(rented);
    }

    private static ReportField? Find(ref Utf8JsonReader json, int fields)
    {
        try
        {
            for (var i = 0; i < fields; i++)
            {
                if (json.ValueTextEquals(ReportFields.Names[i]))
                    return (ReportField)i;
            }
        }
        catch (InvalidOperationException)
        {
            // An escaped half of a surrogate pair: no name of ours.
        }
        return null;
    }
}
