namespace OutageAggregator.Web.Features.Reports;

/// <summary>
/// The answer to a report.
/// <code>
///   { "id": "{batch}-{index}", "service": "chatgpt", "region": "IT", "receivedAt": "...Z", "counted": true,
///     "withdraw": "/api/v1/reports/{id}?token={token}", "notes": [{ "field": "region", "message": "..." }], "situation": {...} }
///   { ..., "counted": false, "reason": "duplicate" | "late", "until": "...Z", ... }
/// </code>
/// "provisional": true stands only where the report is durable and the store, which is away, will decide whether it counts or was a second
/// one. A duplicate was not stored: its id and withdraw address are null. "until" says from when on the reporter counts again. "notes"
/// stand only where something was not understood or not taken.
/// </summary>
internal static class ReceiptJson
{
    // The length of yyyy-MM-ddTHH:mm:ss.fff in the round-trip format, which is written without a pattern being read.
    private const int ToMilliseconds = 23;

    [ThreadStatic]
    private static (ArrayBufferWriter<byte> Buffer, Utf8JsonWriter Json)? t_pen;

    /// <summary>The bytes, in a buffer of this thread: to be used before anything is awaited.</summary>
    /// <param name="root">What addresses within the site begin with.</param>
    internal static ReadOnlySpan<byte> Write(
        PathString root, ReporterKey key, ServiceSlug service, Region region, IntakeAnswer answer, ReportNotes? notes,
        ReadOnlySpan<byte> situation)
    {
        var (buffer, json) = t_pen ??= NewPen();
        buffer.ResetWrittenCount();
        json.Reset();
        json.WriteStartObject();
        WriteReceipt(json, root, key, service, region, answer, notes);
        json.WritePropertyName("situation"u8);
        if (situation.IsEmpty)
            json.WriteNullValue();
        else
            json.WriteRawValue(situation, skipInputValidation: true);
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenSpan;
    }

    /// <param name="root">What addresses within the site begin with.</param>
    internal static string WithdrawAddress(PathString root, string id, string token) =>
        $"{root.Value}/api/v1/reports/{id}?token={token}";

    /// <summary>The fields of a receipt but the situation, into an object that is open.</summary>
    internal static void WriteReceipt(
        Utf8JsonWriter json, PathString root, ReporterKey key, ServiceSlug service, Region region, IntakeAnswer answer, ReportNotes? notes)
    {
        var id = answer.Receipt.Outcome == ReportOutcome.Duplicate ? null : answer.Id.ToString();
        json.WriteString("id"u8, id);
        json.WriteString("service"u8, service.ToString());
        json.WriteString("region"u8, region.ToString());
        WriteInstant(json, "receivedAt"u8, answer.ReceivedAt);
        json.WriteBoolean("counted"u8, answer.Receipt.Outcome == ReportOutcome.Counted);
        if (answer.Receipt.Outcome != ReportOutcome.Counted)
        {
            json.WriteString("reason"u8, answer.Receipt.Outcome == ReportOutcome.Late ? "late"u8 : "duplicate"u8);
            WriteInstant(json, "until"u8, answer.Receipt.Until);
        }
        if (answer.IsProvisional)
            json.WriteBoolean("provisional"u8, true);
        json.WriteString("withdraw"u8, id is null ? null : WithdrawAddress(root, id, key.WithdrawToken(answer.Id)));
        ReportNotes.Write(json, notes);
    }

    internal static void WriteInstant(Utf8JsonWriter json, ReadOnlySpan<byte> name, DateTimeOffset instant)
    {
        Span<byte> text = stackalloc byte[32];
        _ = instant.UtcDateTime.TryFormat(text, out _, "O", CultureInfo.InvariantCulture);
        text[ToMilliseconds] = (byte)'Z';
        json.WriteString(name, text[..(ToMilliseconds + 1)]);
    }

    private static (ArrayBufferWriter<byte>, Utf8JsonWriter) NewPen()
    {
        var buffer = new ArrayBufferWriter<byte>(2048);
        return (buffer, new Utf8JsonWriter(buffer, JsonBody.Plain));
    }
}
