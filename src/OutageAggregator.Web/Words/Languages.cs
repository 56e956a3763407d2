namespace OutageAggregator.Web.Words;

/// <summary>
/// The languages in which something is said to people. Everything that a person reads is in this folder: a language is one class that
/// overrides what it can say, and one name in this list. What it can't say yet is said in English.
/// </summary>
internal static class Languages
{
    internal static English English { get; } = new();

    /// <summary>In the order in which answers name them.</summary>
    internal static IReadOnlyList<English> All { get; } = [English, new Italian(), new Persian(), new Spanish()];

    /// <summary>The language with a code such as <c>it</c>; English where there is none.</summary>
    internal static English Of(string? code) => All.FirstOrDefault(l => l.Code == code) ?? English;

    internal static IReadOnlyDictionary<string, string> Cite(IncidentView view, ServerNotice notice)
    {
        var facts = IncidentFacts.Of(view);
        return All.ToDictionary(l => l.Code, l => l.Mark(notice) + l.Incident(facts), StringComparer.Ordinal);
    }
}
