namespace OutageAggregator.Web.Problems;

/// <summary>
/// One way in which a request can fail: RFC 9457's problem type. Its address, <c>/problems/{code}</c>, is stable, so that programs
/// may compare it, and answers with its explanation, so that people may open it.
/// </summary>
/// <param name="Code">Stable, in kebab case; the last part of the address.</param>
public sealed record ProblemType(string Code, int Status, string Title, string Explanation)
{
    public string Address { get; } = $"/problems/{Code}";
}
