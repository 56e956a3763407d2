using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using OutageAggregator.Web.Problems;

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
/// Types that the description of an address refers to, and that no answer is of. The framework makes schemas of what is answered, so they come to
/// it as answers with a status that HTTP doesn't have, and are taken out again (<c>OperationDetails</c>).
/// </summary>
internal static class Mention
{
    /// <summary>The fields of a body.</summary>
    internal const int Body = 600;

    /// <summary>The member that an answer gets with its freshness.</summary>
    internal const int Freshness = 601;

    /// <summary>What the data of events may be: from this one on.</summary>
    internal const int Events = 602;

    internal static ProducesResponseTypeMetadata Of(Type type, int status) => new(status, type, ["application/json"]);
}

/// <summary>
/// What the API's description tells of an address, said where the address is mapped. All of it is metadata that nothing reads before somebody
/// asks for the description, except the parameters, which <see cref="QueryReader"/> goes by.
/// </summary>
internal static class EndpointDescription
{
    /// <summary>What it is called and what it is for.</summary>
    internal static TBuilder Describe<TBuilder>(this TBuilder endpoint, string id, string tag, string summary, string? description = null)
        where TBuilder : IEndpointConventionBuilder
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

    internal static TBuilder Takes<TBuilder>(this TBuilder endpoint, params Parameter[] parameters)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new ParameterList(parameters));

    /// <summary>A body. Not the framework's own <c>Accepts</c>, which refuses other types without saying which are taken.</summary>
    internal static TBuilder TakesBody<TBuilder>(this TBuilder endpoint, Type type, params string[] mediaTypes)
        where TBuilder : IEndpointConventionBuilder =>
        endpoint.WithMetadata(new BodyMediaTypes(mediaTypes), Mention.Of(type, Mention.Body));

    /// <summary>A stream of events with data of some types.</summary>
    internal static TBuilder AnswersEvents<TBuilder>(this TBuilder endpoint, string description, params Type[] data)
        where TBuilder : IEndpointConventionBuilder => endpoint
            .WithMetadata([.. data.Select((type, index) => Mention.Of(type, Mention.Events + index))])
            .Answers(200, description, typeof(string), "text/event-stream");

    /// <summary>The answer carries its freshness, though no ETag.</summary>
    internal static TBuilder WithFreshness<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(Mention.Of(typeof(FreshAnswer), Mention.Freshness));

    /// <summary>An answer with a status.</summary>
    internal static TBuilder Answers<TBuilder>(
        this TBuilder endpoint, int status, string? description, Type? type = null, string mediaType = "application/json")
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(
            new ProducesResponseTypeMetadata(status, type ?? typeof(void), type is null ? null : [mediaType]) { Description = description });

    /// <summary>An answer with its freshness, of an address whose handler doesn't say so by its type.</summary>
    internal static TBuilder AnswersFresh<TBuilder>(this TBuilder endpoint, Type type, string mediaType = "application/json", string? description = null)
        where TBuilder : IEndpointConventionBuilder
    {
        endpoint.Add(built => Fresh.Describe(built.Metadata, type, mediaType, description));
        return endpoint;
    }

    /// <summary>The problems that it may answer with.</summary>
    internal static TBuilder Refuses<TBuilder>(this TBuilder endpoint, params ProblemType[] types)
        where TBuilder : IEndpointConventionBuilder
    {
        foreach (var status in types.GroupBy(t => t.Status))
            _ = endpoint.Answers(status.Key, $"{string.Join("; ", status.Select(t => t.Title))}.", typeof(ProblemDocument), ProblemAnswer.MediaType);
        return endpoint;
    }

    /// <summary>The same, with those that any address of the API may answer with: bad input, too many requests, a store that is away.</summary>
    internal static TBuilder RefusesAsUsual<TBuilder>(this TBuilder endpoint, params ProblemType[] others)
        where TBuilder : IEndpointConventionBuilder =>
        endpoint.Refuses([ProblemTypes.InvalidInput, .. others, ProblemTypes.TooManyRequests, ProblemTypes.StoreUnavailable]);
}
