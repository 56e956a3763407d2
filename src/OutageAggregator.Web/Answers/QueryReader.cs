using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Microsoft.AspNetCore.Http;
using OutageAggregator.Core.Series;
using OutageAggregator.Core.Services;
using OutageAggregator.Web.Http;
using OutageAggregator.Web.Problems;

namespace OutageAggregator.Web.Answers;

/// <summary>
/// Reads a query string strictly: a parameter that is not known, stands twice, or holds what it must not, is an error that names what is
/// allowed. A misspelt filter that is ignored answers the wrong question without a word.
/// </summary>
internal sealed class QueryReader
{
    private readonly IQueryCollection _query;

    /// <param name="query">The request's query.</param>
    /// <param name="known">Every parameter the address takes.</param>
    internal QueryReader(IQueryCollection query, params ReadOnlySpan<string> known)
    {
        _query = query;
        foreach (var (name, values) in query)
        {
            if (!known.Contains(name))
                Errors.Add(PlainText.Quote(name, 40), $"There is no such parameter here; there are: {string.Join(", ", known)}.");
            else if (values.Count > 1)
                Errors.Add(name, "Stands more than once; give it once.");
        }
    }

    internal FieldErrors Errors { get; } = new();

    /// <summary>The text of a parameter; null where it is not there.</summary>
    internal string? Text(string name, int maxLength)
    {
        if (!_query.TryGetValue(name, out var values) || values.Count != 1)
            return null;
        var text = values[0] ?? "";
        if (text.Length > maxLength)
        {
            Errors.Add(name, string.Create(CultureInfo.InvariantCulture, $"Is {text.Length} characters long; at most {maxLength} are read."));
            return null;
        }
        if (PlainText.Fault(text) is { } fault)
        {
            Errors.Add(name, fault);
            return null;
        }
        return text;
    }

    internal int Number(string name, int lowest, int highest, int otherwise)
    {
        if (Text(name, 40) is not { } text)
            return otherwise;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= lowest && number <= highest)
            return number;
        Errors.Add(name, string.Create(CultureInfo.InvariantCulture, $"Must be a whole number from {lowest} to {highest}."));
        return otherwise;
    }

    /// <summary>The index of a parameter's value in a list of codes; null where the parameter is not there (or wrong).</summary>
    internal int? OneOf(string name, IReadOnlyList<string> codes)
    {
        if (Text(name, 200) is not { } text)
            return null;
        for (var i = 0; i < codes.Count; i++)
        {
            if (codes[i] == text)
                return i;
        }
        Errors.Add(name, $"Must be one of: {string.Join(", ", codes)}.");
        return null;
    }

    /// <summary>The minute that holds an instant: where a stretch starts.</summary>
    internal Minute? Start(string name) => Time(name) is { } at ? Minute.Of(at) : null;

    /// <summary>The first minute that begins at an instant or after it: where a stretch ends, so that nothing before the instant is left out.</summary>
    internal Minute? End(string name) => Time(name) is { } at ? Minute.Of(at.AddTicks(TimeSpan.TicksPerMinute - 1)) : null;

    private DateTimeOffset? Time(string name)
    {
        if (Text(name, 200) is not { } text)
            return null;
        if (Rfc3339.TryParse(text, out var at) && at.Year is >= 1970 and < 3000)
            return at;
        Errors.Add(name, text.Contains(' ', StringComparison.Ordinal)
            ? "Must be an RFC 3339 time such as 2024-11-09T00:06:00Z; in an address a '+' has to be written as %2B."
            : "Must be an RFC 3339 time such as 2024-11-09T00:06:00Z, of the years 1970 to 2999.");
        return null;
    }

    internal Region? Place(string name)
    {
        if (Text(name, 200) is not { } text)
            return null;
        if (Region.TryParse(text, out var region))
            return region;
        Errors.Add(name, "Must be an ISO 3166-1 alpha-2 code such as IT, ZZ (not said), or world (all together).");
        return null;
    }

    /// <summary>False with the answer to give where anything was wrong.</summary>
    internal bool IsGood([NotNullWhen(false)] out IResult? answer)
    {
        answer = Errors.Any ? ProblemAnswer.InvalidInput(Errors) : null;
        return answer is null;
    }
}
