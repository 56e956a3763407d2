using System.Text.Json;
using System.Text.RegularExpressions;

namespace OutageAggregator.Web.Tests.Features.OpenApi;

/// <summary>
/// Holds a value against a schema of the document: the keywords the document uses, and nothing else. A property that is not in
/// the schema is a fault too: it would be undocumented. A keyword that is not known here throws, so that none goes unchecked.
/// </summary>
internal sealed class SchemaCheck(JsonElement document)
{
    private static readonly HashSet<string> s_words =
    [
        "$ref", "type", "enum", "required", "properties", "additionalProperties", "items", "allOf", "anyOf", "oneOf", "minimum", "maximum",
        "minLength", "maxLength", "maxItems", "pattern", "format", "description", "default",
    ];

    public List<string> FaultsOf(JsonElement value, JsonElement schema)
    {
        var faults = new List<string>();
        Check(value, schema, "$", faults);
        return faults;
    }

    public JsonElement Resolve(JsonElement part)
    {
        while (part.ValueKind == JsonValueKind.Object && part.TryGetProperty("$ref", out var reference))
        {
            part = document;
            foreach (var name in reference.GetString()![2..].Split('/'))
                part = part.GetProperty(name);
        }
        return part;
    }

    private void Check(JsonElement value, JsonElement schema, string at, List<string> faults)
    {
        schema = Resolve(schema);
        foreach (var word in schema.EnumerateObject())
        {
            if (!s_words.Contains(word.Name))
                throw new NotSupportedException($"The keyword '{word.Name}' at {at} is not checked.");
        }
        if (schema.TryGetProperty("type", out var type) && !Types(type).Any(t => Is(value, t)))
            faults.Add($"{at}: {value.ValueKind} is not {type}");
        if (schema.TryGetProperty("enum", out var codes) && !codes.EnumerateArray().Any(c => c.GetString() == value.GetString()))
            faults.Add($"{at}: {value} is not one of {codes}");
        foreach (var (word, most) in new[] { ("anyOf", int.MaxValue), ("oneOf", 1) })
        {
            if (schema.TryGetProperty(word, out var choices) && choices.EnumerateArray().Count(c => FaultsOf(value, c).Count == 0) is var fits && (fits == 0 || fits > most))
                faults.Add($"{at}: fits {fits} of {word}");
        }
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                CheckObject(value, schema, at, faults);
                break;
            case JsonValueKind.Array when schema.TryGetProperty("items", out var items):
                if (schema.TryGetProperty("maxItems", out var most) && value.GetArrayLength() > most.GetInt32())
                    faults.Add($"{at}: has more than {most} items");
                foreach (var (index, item) in value.EnumerateArray().Index())
                    Check(item, items, $"{at}[{index}]", faults);
                break;
            case JsonValueKind.Number:
                if (schema.TryGetProperty("minimum", out var least) && value.GetDouble() < least.GetDouble())
                    faults.Add($"{at}: {value} is below {least}");
                if (schema.TryGetProperty("maximum", out var highest) && value.GetDouble() > highest.GetDouble())
                    faults.Add($"{at}: {value} is above {highest}");
                break;
            case JsonValueKind.String:
                if (schema.TryGetProperty("pattern", out var pattern) && !Regex.IsMatch(value.GetString()!, pattern.GetString()!, RegexOptions.ExplicitCapture, TimeSpan.FromMinutes(1)))
                    faults.Add($"{at}: {value} does not match {pattern}");
                if (schema.TryGetProperty("format", out var format) && format.GetString() == "date-time"
                    && !Regex.IsMatch(value.GetString()!, @"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$", RegexOptions.ExplicitCapture, TimeSpan.FromMinutes(1)))
                {
                    faults.Add($"{at}: {value} is no time in UTC with Z");
                }
                break;
        }
    }

    private void CheckObject(JsonElement value, JsonElement schema, string at, List<string> faults)
    {
        // The parts of allOf describe one object together, so what is documented is what any of them names.
        var documented = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        JsonElement others = default;
        foreach (var part in Parts(schema))
        {
            if (part.TryGetProperty("properties", out var properties))
            {
                foreach (var property in properties.EnumerateObject())
                    documented[property.Name] = property.Value;
            }
            if (part.TryGetProperty("required", out var required))
            {
                foreach (var name in required.EnumerateArray().Where(n => !value.TryGetProperty(n.GetString()!, out _)))
                    faults.Add($"{at}: {name} is missing");
            }
            if (part.TryGetProperty("additionalProperties", out var more) && more.ValueKind == JsonValueKind.Object)
                others = more;
        }
        if (documented.Count == 0 && others.ValueKind == JsonValueKind.Undefined)
            return;
        foreach (var property in value.EnumerateObject())
        {
            if (documented.TryGetValue(property.Name, out var known))
                Check(property.Value, known, $"{at}.{property.Name}", faults);
            else if (others.ValueKind == JsonValueKind.Object)
                Check(property.Value, others, $"{at}.{property.Name}", faults);
            else
                faults.Add($"{at}: {property.Name} is not documented");
        }
    }

    private IEnumerable<JsonElement> Parts(JsonElement schema)
    {
        schema = Resolve(schema);
        yield return schema;
        if (!schema.TryGetProperty("allOf", out var all))
            yield break;
        foreach (var part in all.EnumerateArray().SelectMany(Parts))
            yield return part;
    }

    private static IEnumerable<string> Types(JsonElement type) =>
        type.ValueKind == JsonValueKind.Array ? type.EnumerateArray().Select(t => t.GetString()!) : [type.GetString()!];

    private static bool Is(JsonElement value, string type) => type switch
    {
        "object" => value.ValueKind == JsonValueKind.Object,
        "array" => value.ValueKind == JsonValueKind.Array,
        "string" => value.ValueKind == JsonValueKind.String,
        "number" => value.ValueKind == JsonValueKind.Number,
        "integer" => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _),
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "null" => value.ValueKind == JsonValueKind.Null,
        _ => throw new NotSupportedException($"The type '{type}' is not checked."),
    };
}
