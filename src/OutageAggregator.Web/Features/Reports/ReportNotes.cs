namespace OutageAggregator.Web.Features.Reports;

/// <summary>
/// What of a report was not understood, and so left out: optional input never costs the report. It stands in the receipt, field by field,
/// at most <see cref="FieldErrors.MaxFields"/> of them.
/// </summary>
internal sealed class ReportNotes
{
    private readonly List<Note> _notes = [];

    internal IEnumerable<string> Fields => _notes.Select(n => n.Field).Distinct(StringComparer.Ordinal);
    internal ImmutableArray<Note> All => [.. _notes];

    internal void Add(string field, string message)
    {
        if (_notes.Count < FieldErrors.MaxFields)
            _notes.Add(new Note(field, message));
    }

    internal static void Write(Utf8JsonWriter json, ReportNotes? notes)
    {
        if (notes is null)
            return;
        json.WriteStartArray("notes"u8);
        foreach (var (field, message) in notes._notes)
        {
            json.WriteStartObject();
            json.WriteString("field"u8, field);
            json.WriteString("message"u8, Isolates.In(message));
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }
}

/// <summary>What was not understood of a report, or not taken from it.</summary>
/// <param name="Message">English: what became of it, and what may be written.</param>
public readonly record struct Note(string Field, string Message);
