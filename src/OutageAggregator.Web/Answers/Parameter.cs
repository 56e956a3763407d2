namespace OutageAggregator.Web.Answers;

/// <summary>
/// A parameter of an address, said once: what the API's description tells of it, and, for one in the query, how
/// <see cref="QueryReader"/> reads it. An address takes the parameters it is mapped with and no others.
/// </summary>
internal record Parameter(OpenApiParameter Told)
{
    internal const string RegionPattern = "^([A-Z]{2}|world)$";
    internal const int MaxLength = 200;

    internal string Name => Told.Name!;

    internal static Parameter InPath(string name, string? description, string example, OpenApiSchema? schema = null) =>
        new(Tell(name, ParameterLocation.Path, schema ?? Text(), description, example));

    internal static Parameter InHeader(string name, string description, OpenApiSchema? schema = null) =>
        new(Tell(name, ParameterLocation.Header, schema ?? Text(), description));

    internal static Parameter<string> Text(string name, string? description, string? example = null, int maxLength = MaxLength) =>
        InQuery<string>(
            name, new OpenApiSchema { Type = JsonSchemaType.String, MaxLength = maxLength }, description, text => (text, null), example,
            maxLength);

    /// <summary>A text without which nothing is answered.</summary>
    internal static Parameter<string> Needed(string name)
    {
        var parameter = Text(name, description: null);
        parameter.Told.Required = true;
        return parameter;
    }

    internal static Parameter<int> Number(string name, int lowest, int highest, int otherwise) => InQuery<int>(
        name, new OpenApiSchema { Type = JsonSchemaType.Integer, Minimum = $"{lowest}", Maximum = $"{highest}", Default = otherwise }, null,
        text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= lowest && number <= highest
            ? (number, null)
            : (otherwise, $"Must be a whole number from {lowest} to {highest}."), maxLength: 40);

    /// <summary>One of a few codes; read as its index among them.</summary>
    internal static Parameter<int> Code(string name, IReadOnlyList<string> codes, string? description = null) =>
        InQuery(name, new OpenApiSchema { Type = JsonSchemaType.String, Enum = [.. codes] }, description, text => IndexOf(text, codes));

    internal static Parameter<DateTimeOffset> Time(string name, string description, string? example = null) =>
        InQuery(name, new OpenApiSchema { Type = JsonSchemaType.String, Format = "date-time" }, description, ReadTime, example);

    internal static Parameter<Region> Region(string name, string? description = null, string? example = null) => InQuery<Region>(
        name, new OpenApiSchema { Type = JsonSchemaType.String, MaxLength = MaxLength },
        $"{description} A code of ISO 3166-1, a name or a time zone that means a country; `ZZ` (not said), `world` (all together).".Trim(),
        text => RegionLookup.Find(text) is { } region ? (region, null) : (default, RegionLookup.Unknown(text, isOfMany: true)), example);

    internal static (int Index, string? Fault) IndexOf(string text, IReadOnlyList<string> codes) =>
        Array.IndexOf<string>([.. codes], text) is >= 0 and var index ? (index, null) : (0, $"Must be one of: {string.Join(", ", codes)}.");

    private static (DateTimeOffset At, string? Fault) ReadTime(string text) =>
        Rfc3339.TryParse(text, out var at) && at.Year is >= 1970 and < 3000 ? (at, null)
        : text.Contains(' ', StringComparison.Ordinal)
            ? (default, "Must be an RFC 3339 time such as 2024-11-09T00:06:00Z; in an address a '+' has to be written as %2B.")
        : (default, "Must be an RFC 3339 time such as 2024-11-09T00:06:00Z, of the years 1970 to 2999.");

    private static Parameter<T> InQuery<T>(
        string name, OpenApiSchema schema, string? description, Func<string, (T, string?)> read, string? example = null, int maxLength = MaxLength) =>
        new(Tell(name, ParameterLocation.Query, schema, description, example), maxLength, read);

    private static OpenApiSchema Text() => new() { Type = JsonSchemaType.String };

    private static OpenApiParameter Tell(
        string name, ParameterLocation place, OpenApiSchema schema, string? description, string? example = null) => new()
        {
            Name = name,
            In = place,
            Required = place == ParameterLocation.Path,
            Description = description,
            Example = example,
            Schema = schema,
        };
}

/// <summary>A parameter whose text, of a length, is read as a value, or as what is wrong with it and how to mend it.</summary>
internal sealed record Parameter<T>(OpenApiParameter Told, int LongestText, Func<string, (T Value, string? Fault)> Read) : Parameter(Told);

/// <summary>What an address takes: metadata of its endpoint.</summary>
internal sealed class ParameterList(Parameter[] all)
{
    internal static ParameterList None { get; } = new([]);
    internal Parameter[] All => all;
    internal string[] Query { get; } = [.. all.Where(p => p.Told.In == ParameterLocation.Query).Select(p => p.Name)];
    internal static ParameterList Of(HttpContext context) => context.GetEndpoint()?.Metadata.GetMetadata<ParameterList>() ?? None;
}
