namespace OutageAggregator.Web.Problems;

/// <summary>RFC 9457 problem details.</summary>
/// <param name="Type">Stable address of the kind of error, relative to this server.</param>
/// <param name="Title">The same words for every error of this kind.</param>
/// <param name="Status">The HTTP status.</param>
/// <param name="Detail">What happened this time, and how to mend it.</param>
/// <param name="Instance">The path that was asked for.</param>
/// <param name="Errors">For bad input: messages for each field or parameter.</param>
/// <param name="Suggestions">For an unknown service: what comes near.</param>
public sealed record ProblemDocument(
    string Type, string Title, int Status, string Detail,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Instance,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyDictionary<string, string[]>? Errors,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<Suggestion>? Suggestions)
{
    /// <param name="problem">What went wrong.</param>
    /// <param name="instance">The path that was asked for; null in a receipt of a batch.</param>
    internal static ProblemDocument Of(ProblemAnswer problem, string? instance) => new(
        problem.Type.Address, problem.Type.Title, problem.Type.Status, problem.Detail, instance, problem.Errors?.ByField(),
        problem.Suggestions.Count == 0 ? null : [.. problem.Suggestions.Select(s => new Suggestion(s.Slug.ToString(), s.Name))]);
}

/// <summary>A service that may have been meant.</summary>
public readonly record struct Suggestion(string Slug, string Name);

/// <summary>Every kind of error, by status.</summary>
public sealed record ProblemTypeList(IReadOnlyList<ProblemTypeAnswer> Items);

/// <summary>A kind of error.</summary>
public sealed record ProblemTypeAnswer(string Type, string Code, int Status, string Title, string Explanation)
{
    internal static ProblemTypeAnswer Of(ProblemType type) => new(type.Address, type.Code, type.Status, type.Title, type.Explanation);
}
