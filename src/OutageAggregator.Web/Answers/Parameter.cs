using System.Globalization;
using Microsoft.AspNetCore.Http;
using OutageAggregator.Core.Services;
using OutageAggregator.Web.Http;

namespace OutageAggregator.Web.Answers;

/// <summary>
/// A parameter of an address, said once: what the API's description tells of it, and, for one in the query, how
/// <see cref="QueryReader"/> reads it. An address takes the parameters it is mapped with and no others.
/// </summary>
/// <param name="Name">As it is sent.</param>
/// <param name="Shape">What its text may look like.</param>
/// <param name="Description">What it means, where the name doesn't say it all.</param>
internal abstract record Parameter(string Name, Shape Shape, string? Description)
{
    internal string? Example { get; init; }

    internal ParameterPlace Place { get; init; }

    internal bool IsRequired { get; init; }

    /// <summary>A part of the path.</summary>
    internal static Parameter InPath(string name, string? description, string example, Shape? shape = null) =>
        new Parameter<string>(name, shape ?? new Shape(), description, int.MaxValue, text => (text, null))
        {
            Place = ParameterPlace.Path,
            IsRequired = true,
            Example = example,
        };

    internal static Parameter InHeader(string name, string description, Shape? shape = null) =>
        new Parameter<string>(name, shape ?? new Shape(), description, int.MaxValue, text => (text, null)) { Place = ParameterPlace.Header };

    /// <summary>Any text, such as a name to search for.</summary>
    internal static Parameter<string> Text(string name, string? description, string? example = null, int maxLength = 200) =>
        new(name, new Shape { MaxLength = maxLength }, description, maxLength, text => (text, null)) { Example = example };

    internal static Parameter<int> Number(string name, int lowest, int highest, int otherwise) => new(
        name,
        new Shape { Type = "integer", Minimum = lowest, Maximum = highest, Default = otherwise },
        Description: null,
        MaxLength: 40,
        text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= lowest && number <= highest
            ? (number, null)
            : (otherwise, string.Create(CultureInfo.InvariantCulture, $"Must be a whole number from {lowest} to {highest}.")));

    /// <summary>One of a few codes; read as its index among them.</summary>
    internal static Parameter<int> Code(string name, IReadOnlyList<string> codes, string? description = null) =>
        new(name, new Shape { Codes = codes }, description, MaxLength: 200, text => IndexOf(text, codes));

    /// <summary>An instant of RFC 3339.</summary>
    internal static Parameter<DateTimeOffset> Time(string name, string description, string? example = null) =>
        new(name, new Shape { Format = "date-time" }, description, MaxLength: 200, ReadTime) { Example = example };

    internal static Parameter<Region> Region(string name, string? description = null, string? example = null) => new(
        name,
        new Shape { Pattern = Shape.RegionPattern },
        description,
        MaxLength: 200,
        text => Core.Services.Region.TryParse(text, out var region)
            ? (region, null)
            : (default, "Must be an ISO 3166-1 alpha-2 code such as IT, ZZ (not said), or world (all together)."))
    { Example = example };

    internal static (int Index, string? Fault) IndexOf(string text, IReadOnlyList<string> codes)
    {
        for (var i = 0; i < codes.Count; i++)
        {
            if (codes[i] == text)
                return (i, null);
        }
        return (0, $"Must be one of: {string.Join(", ", codes)}.");
    }

    private static (DateTimeOffset At, string? Fault) ReadTime(string text) =>
        Rfc3339.TryParse(text, out var at) && at.Year is >= 1970 and < 3000 ? (at, null)
        : text.Contains(' ', StringComparison.Ordinal)
            ? (default, "Must be an RFC 3339 time such as 2024-11-09T00:06:00Z; in an address a '+' has to be written as %2B.")
        : (default, "Must be an RFC 3339 time such as 2024-11-09T00:06:00Z, of the years 1970 to 2999.");
}

/// <summary>A parameter whose text is read as a value.</summary>
/// <param name="Name">As it is sent.</param>
/// <param name="Shape">What its text may look like.</param>
/// <param name="Description">What it means, where the name doesn't say it all.</param>
/// <param name="MaxLength">The longest text that is looked at.</param>
/// <param name="Read">Gives the value, or what is wrong with the text and how to mend it.</param>
internal sealed record Parameter<T>(
    string Name, Shape Shape, string? Description, int MaxLength, Func<string, (T Value, string? Fault)> Read)
    : Parameter(Name, Shape, Description);

internal enum ParameterPlace
{
    Query,
    Path,
    Header,
}

/// <summary>The keywords of JSON Schema that describe a parameter.</summary>
internal sealed record Shape
{
    internal const string RegionPattern = "^([A-Z]{2}|world)$";

    internal string Type { get; init; } = "string";

    internal string? Format { get; init; }

    internal string? Pattern { get; init; }

    internal int? MinLength { get; init; }

    internal int? MaxLength { get; init; }

    internal int? Minimum { get; init; }

    internal int? Maximum { get; init; }

    internal int? Default { get; init; }

    internal IReadOnlyList<string>? Codes { get; init; }
}

/// <summary>What an address takes: metadata of its endpoint.</summary>
internal sealed class ParameterList(Parameter[] all)
{
    internal static ParameterList None { get; } = new([]);

    internal Parameter[] All => all;

    /// <summary>Names of those in the query.</summary>
    internal string[] Query { get; } = [.. all.Where(p => p.Place == ParameterPlace.Query).Select(p => p.Name)];

    /// <summary>Of the address that was asked for.</summary>
    internal static ParameterList Of(HttpContext context) => context.GetEndpoint()?.Metadata.GetMetadata<ParameterList>() ?? None;
}
