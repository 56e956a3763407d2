using System.Reflection;
using Microsoft.AspNetCore.Http.Metadata;

namespace OutageAggregator.Web.Answers;

/// <summary>An answer of a type with its freshness, and what the description of the API tells of it.</summary>
internal sealed class Fresh<T>(Rendered<T> rendered, FreshnessMark freshness) : CachedAnswer(rendered, freshness), IEndpointMetadataProvider
{
    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) =>
        Fresh.Describe(builder.Metadata, typeof(T), "application/json", description: null);
}

/// <summary>Marks an address whose answers carry freshness and an ETag: metadata of its endpoint.</summary>
internal sealed class Fresh
{
    private static readonly Fresh s_mark = new();

    internal static void Describe(IList<object> metadata, Type type, string mediaType, string? description)
    {
        metadata.Add(s_mark);
        metadata.Add(Mention.Of(typeof(FreshAnswer), Mention.Freshness));
        metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status200OK, type, [mediaType]) { Description = description });
        metadata.Add(
            new ProducesResponseTypeMetadata(StatusCodes.Status304NotModified, typeof(void)) { Description = "You hold it already." });
    }
}
