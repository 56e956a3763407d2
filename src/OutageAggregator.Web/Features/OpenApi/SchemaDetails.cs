using System.Reflection;
using System.Text.Json.Serialization.Metadata;

namespace OutageAggregator.Web.Features.OpenApi;

/// <summary>What the framework doesn't read off our types: which members are always there, which numbers are counts.</summary>
internal static class SchemaDetails
{
    // Where the framework keeps what a member says of a type that has a schema of its own.
    private const string RefDescription = "x-ref-description";

    // And that a member of such a type may be null.
    private const string MayBeNull = "x-is-nullable-property";
    private static readonly string[] s_endings = ["Answer", "Document"];

    /// <summary>How the schema of a type is called: as the type, without an ending that says what the type is for.</summary>
    internal static string NameOf(Type type)
    {
        if (type == typeof(Core.Reports.Problem) || type == typeof(Core.Reports.Surface))
            return $"{type.Name}Code";
        var ending = s_endings.FirstOrDefault(e => type.Name.EndsWith(e, StringComparison.Ordinal));
        return ending is null ? type.Name : type.Name[..^ending.Length];
    }

    internal static Task AddAsync(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellation)
    {
        var info = context.JsonTypeInfo;
        if (info.Kind == JsonTypeInfoKind.Object && schema.Properties is { } members)
            Require(schema, members, info);
        // What converters of ours write is a text, which the framework can't know.
        var type = Nullable.GetUnderlyingType(info.Type) ?? info.Type;
        if (type == typeof(DateTimeOffset))
            schema.Type = type == info.Type ? JsonSchemaType.String : JsonSchemaType.String | JsonSchemaType.Null;
        if (type.IsEnum)
            (schema.Type, schema.Enum) = (JsonSchemaType.String, [.. schema.Enum!.Where(code => code is not null)]);
        if (type == typeof(Region))
        {
            schema.Type = JsonSchemaType.String;
            schema.Pattern = Parameter.RegionPattern;
            schema.Description = "ISO 3166-1 alpha-2, `ZZ` (not said) or `world` (all together).";
        }
        if (context.JsonPropertyInfo?.AttributeProvider is { } property)
            Limit(schema, property);
        schema.Description = schema.Description?.ReplaceLineEndings(" ");
        if (schema.Metadata?.TryGetValue(RefDescription, out var description) == true)
            schema.Metadata[RefDescription] = ((string)description).ReplaceLineEndings(" ");
        return Task.CompletedTask;
    }

    // An answer always has all members but those that it leaves out where they say nothing; what a body needs it says itself.
    private static void Require(OpenApiSchema schema, IDictionary<string, IOpenApiSchema> members, JsonTypeInfo type)
    {
        var isBody = type.UnmappedMemberHandling == JsonUnmappedMemberHandling.Disallow;
        schema.Required = isBody ? new HashSet<string>(StringComparer.Ordinal) : new SortedSet<string>(StringComparer.Ordinal);
        foreach (var property in type.Properties.Where(p => members.ContainsKey(p.Name)))
        {
            var attributes = property.AttributeProvider!;
            if (attributes.IsDefined(typeof(JsonIgnoreAttribute), false))
            {
                var member = (OpenApiSchema)members[property.Name];
                member.Type &= ~JsonSchemaType.Null;
                _ = member.Metadata?.Remove(MayBeNull);
            }
            else if (isBody
                ? attributes.IsDefined(typeof(JsonRequiredAttribute), false) : !attributes.IsDefined(typeof(OptionalAttribute), false))
                _ = schema.Required.Add(property.Name);
        }
    }

    private static void Limit(OpenApiSchema schema, ICustomAttributeProvider property)
    {
        if ((schema.Type & (JsonSchemaType.Integer | JsonSchemaType.Number)) > 0 && !property.IsDefined(typeof(SignedAttribute), false))
            schema.Minimum ??= "0";
        if (property.GetCustomAttributes(typeof(AllowedValuesAttribute), false) is [AllowedValuesAttribute allowed])
            schema.Enum = [.. allowed.Values.Select(v => JsonSerializer.SerializeToNode(v)!)];
    }
}
