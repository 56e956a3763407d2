namespace OutageAggregator.Web.Features.Reports;

/// <summary>
/// The answer to a batch: one receipt per line, in order.
/// <code>
///   { "receivedAt": "...Z", "counted": 998, "notCounted": 1, "refused": 1, "receipts": [
///       { "line": 1, "id": "...", "service": "chatgpt", "region": "IT", "receivedAt": "...Z", "counted": true, "withdraw": "..." },
///       { "line": 2, "counted": false, "reason": "refused", "problem": { "type": "/problems/invalid-input", ... } } ] }
/// </code>
/// The batch's "receivedAt" is when it first came, a line's when its report was stored: the same instant, unless a first attempt could not
/// store it and a repetition did.
/// </summary>
internal static class BatchReceipts
{
    internal static async Task WriteAsync(HttpContext context, ReporterKey key, DateTimeOffset receivedAt, BatchLine[] lines)
    {
        context.Response.Headers.CacheControl = "no-store";
        var refused = lines.Count(l => l.Problem is not null);
        var counted = lines.Count(l => l.Problem is null && l.Answer.Receipt.Outcome == ReportOutcome.Counted);
        var body = new ArrayBufferWriter<byte>(512);
        await using (var json = new Utf8JsonWriter(body, JsonBody.Plain))
        {
            json.WriteStartObject();
            ReceiptJson.WriteInstant(json, "receivedAt"u8, receivedAt);
            json.WriteNumber("counted"u8, counted);
            json.WriteNumber("notCounted"u8, lines.Length - refused - counted);
            json.WriteNumber("refused"u8, refused);
            json.WriteStartArray("receipts"u8);
            for (var i = 0; i < lines.Length; i++)
                Write(json, context.Request.PathBase, key, i + 1, lines[i]);
            json.WriteEndArray();
            json.WriteEndObject();
        }
        await JsonBody.WriteBytesAsync(context, body.WrittenMemory);
    }

    private static void Write(Utf8JsonWriter json, PathString root, ReporterKey key, int number, BatchLine line)
    {
        json.WriteStartObject();
        json.WriteNumber("line"u8, number);
        if (line.Problem is { } problem)
        {
            json.WriteBoolean("counted"u8, false);
            json.WriteString("reason"u8, "refused"u8);
            json.WritePropertyName("problem"u8);
            JsonSerializer.Serialize(json, ProblemDocument.Of(problem, root, instance: null), AnswerJson.Written);
        }
        else
        {
            ReceiptJson.WriteReceipt(json, root, key, line.Watch.Service, line.Watch.Region, line.Answer, line.Notes);
        }
        json.WriteEndObject();
    }
}
