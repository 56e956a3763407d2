using System.Reflection;

namespace OutageAggregator.Web.Answers;

/// <summary>Under which heading the API's description lists an address.</summary>
internal static class Tags
{
    internal const string Reporting = "Reporting";
    internal const string Reading = "Reading";
    internal const string Live = "Live";
    internal const string Operating = "Operating";
}

/// <summary>How a body may be written: metadata of an endpoint.</summary>
internal sealed record BodyMediaTypes(string[] All);

/// <summary>
/// Types that the description of an address refers to, and that no answer is of. The framework makes schemas of answers only, so they come
/// to it as answers with a status that HTTP doesn't have, and are taken out again (<c>OperationDetails</c>).
/// </summary>
internal static class Mention
{
    internal const int Body = 600;

    /// <summary>The member that an answer gets with its freshness.</summary>
    internal const int Freshness = 601;

    /// <summary>What the data of events may be: from this one on.</summary>
    internal const int Events = 602;

    internal static ProducesResponseTypeMetadata Of(Type type, int status) => new(status, type, [MediaType.Json]);
}

/// <summary>
/// What the API's description tells of an address, said where the address is mapped. Nothing but <see cref="QueryReader"/>, which goes by
/// the parameters, reads it before somebody asks for the description.
/// </summary>
internal static class EndpointDescription
{
    internal static IEndpointConventionBuilder Describe(
        this IEndpointConventionBuilder endpoint, string id, string tag, string summary, string? description = null)
    {
        _ = endpoint.WithName(id).WithTags(tag).WithSummary(summary);
        // The framework describes methods, and doesn't say which one a plain request delegate is.
        endpoint.Add(built =>
        {
            if (built.RequestDelegate is { } handler && !built.Metadata.OfType<MethodInfo>().Any())
                built.Metadata.Add(handler.Method);
        });
        return description is null ? endpoint : endpoint.WithDescription(description);
    }

    internal static IEndpointConventionBuilder Takes(this IEndpointConventionBuilder endpoint, params Parameter[] parameters) =>
        endpoint.WithMetadata(new ParameterList(parameters));

    /// <summary>A body. Not the framework's own <c>Accepts</c>, which refuses other types without saying which are taken.</summary>
    internal static IEndpointConventionBuilder TakesBody(
        this IEndpointConventionBuilder endpoint, Type type, params string[] mediaTypes) =>
        endpoint.WithMetadata(new BodyMediaTypes(mediaTypes), Mention.Of(type, Mention.Body));

    internal static IEndpointConventionBuilder AnswersEvents(
        this IEndpointConventionBuilder endpoint, string description, params Type[] data) =>
        endpoint.WithMetadata([.. data.Select((type, index) => Mention.Of(type, Mention.Events + index))])
            .Answers(200, description, typeof(string), "text/event-stream");

    /// <summary>The answer carries its freshness, though no ETag.</summary>
    internal static IEndpointConventionBuilder WithFreshness(this IEndpointConventionBuilder endpoint) =>
        endpoint.WithMetadata(Mention.Of(typeof(FreshAnswer), Mention.Freshness));

    internal static IEndpointConventionBuilder Answers(
        this IEndpointConventionBuilder endpoint, int status, string? description, Type? type = null, string mediaType = MediaType.Json) =>
        endpoint.WithMetadata(new ProducesResponseTypeMetadata(status, type ?? typeof(void), type is null ? null : [mediaType])
        { Description = description });

    /// <summary>An answer with its freshness and an ETag.</summary>
    internal static IEndpointConventionBuilder AnswersFresh(
        this IEndpointConventionBuilder endpoint, Type type, string mediaType = MediaType.Json, string? description = null) =>
        endpoint.WithFreshness().Answers(200, description, type, mediaType).Answers(304, "You hold it already.");

    internal static IEndpointConventionBuilder Refuses(this IEndpointConventionBuilder endpoint, params ProblemType[] types)
    {
        foreach (var status in types.GroupBy(t => t.Status))
            _ = endpoint.Answers(
                status.Key, $"{string.Join("; ", status.Select(t => t.Title))}.", typeof(ProblemDocument), ProblemAnswer.MediaType);
        return endpoint;
    }

    /// <summary>The same, with those that any address may answer with: bad input, too many requests, a store that is away.</summary>
    internal static IEndpointConventionBuilder RefusesAsUsual(this IEndpointConventionBuilder endpoint, params ProblemType[] others) =>
        endpoint.Refuses([ProblemTypes.InvalidInput, .. others, ProblemTypes.TooManyRequests, ProblemTypes.StoreUnavailable]);
}

/// <summary>Marks a number that may be below 0; no other can.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class SignedAttribute : Attribute;

/// <summary>Marks a member that is left out where it says nothing; all others are always there.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class OptionalAttribute : Attribute;
