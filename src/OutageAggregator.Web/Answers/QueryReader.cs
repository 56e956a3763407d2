namespace OutageAggregator.Web.Answers;

/// <summary>
/// Reads a query string strictly: a parameter that the address was not mapped with, stands twice, or holds what it must not, is an error
/// that names what is allowed. A misspelt filter that is ignored answers the wrong question without a word.
/// </summary>
internal sealed class QueryReader
{
    private readonly IQueryCollection _query;
    private FieldErrors? _errors;

    internal QueryReader(HttpContext context)
    {
        _query = context.Request.Query;
        if (_query.Count == 0)
            return;
        var known = ParameterList.Of(context).Query;
        foreach (var (name, values) in _query)
        {
            if (!known.Contains(name, StringComparer.Ordinal))
                Errors.Add(PlainText.Quote(name, 40), known.Length == 0
                    ? "This address takes no parameters."
                    : $"There is no such parameter here; there are: {string.Join(", ", known)}.");
            else if (values.Count > 1)
                Errors.Add(name, "Stands more than once; give it once.");
        }
    }

    internal FieldErrors Errors => _errors ??= new FieldErrors();
    internal string? Read(Parameter<string> parameter) => Text(parameter.Name, parameter.LongestText);

    /// <summary>A value; null where it is not there (or wrong).</summary>
    internal T? Read<T>(Parameter<T> parameter) where T : struct =>
        Text(parameter.Name, parameter.LongestText) is { } text ? Checked(parameter.Name, parameter.Read(text)) : null;

    /// <summary>A whole number; what stands for it where it is not there (or wrong).</summary>
    internal int Number(Parameter<int> parameter) => Read(parameter) ?? parameter.Told.Schema!.Default!.GetValue<int>();

    /// <summary>The index of a text among codes that only the server at hand knows; null where it is not there (or wrong).</summary>
    internal int? Read(Parameter<string> parameter, IReadOnlyList<string> codes) =>
        Read(parameter) is { } text ? Checked(parameter.Name, Parameter.IndexOf(text, codes)) : null;

    /// <summary>The place at which a page begins; null where the list begins (or the cursor is wrong).</summary>
    internal T? Place<T>(string filters, Func<string, T?> read) where T : struct
    {
        if (Read(Cursor.Parameter) is not { } cursor)
            return null;
        var place = Cursor.PlaceOf(cursor, filters) is { } text ? read(text) : null;
        if (place is null)
            Errors.Add(
                Cursor.Parameter.Name,
                "Is no cursor of this list with these filters: take 'next' of the page before and leave the other parameters as they "
                + "were.");
        return place;
    }

    /// <summary>The minute that holds an instant: where a stretch starts.</summary>
    internal Minute? Start(Parameter<DateTimeOffset> parameter) => Read(parameter) is { } at ? Minute.Of(at) : null;

    /// <summary>The first minute that begins at an instant or after it: where a stretch ends, so that nothing is left out.</summary>
    internal Minute? End(Parameter<DateTimeOffset> parameter) =>
        Read(parameter) is { } at ? Minute.Of(at.AddTicks(TimeSpan.TicksPerMinute - 1)) : null;

    /// <summary>False with the answer to give where anything was wrong.</summary>
    internal bool IsGood([NotNullWhen(false)] out ProblemAnswer? answer)
    {
        answer = _errors is null ? null : ProblemAnswer.InvalidInput(_errors);
        return answer is null;
    }

    private string? Text(string name, int maxLength)
    {
        if (!_query.TryGetValue(name, out var values) || values.Count != 1)
            return null;
        var text = values[0] ?? "";
        var fault = text.Length > maxLength ? $"Is {text.Length} characters long; at most {maxLength} are read." : PlainText.Fault(text);
        if (fault is null)
            return text;
        Errors.Add(name, fault);
        return null;
    }

    private T? Checked<T>(string name, (T Value, string? Fault) read) where T : struct
    {
        if (read.Fault is null)
            return read.Value;
        Errors.Add(name, read.Fault);
        return null;
    }
}
