using OutageAggregator.Web.Words.Prose;

namespace OutageAggregator.Web.Words;

/// <summary>What the site tells of itself.</summary>
public enum Topic { Method, Privacy, Data }

// Longer texts: components without any logic, a file each.
internal partial class English
{
    internal virtual (string Title, string Description, Type Text) ProseOf(Topic topic) => topic switch
    {
        Topic.Method => (
            "How this is counted", "What a report is, what is usual, when an incident begins and ends, and what the numbers can't tell.",
            typeof(EnglishMethod)),
        Topic.Privacy => ("Privacy", "What is kept of a report, and what is not.", typeof(EnglishPrivacy)),
        _ => ("Data and API", "A keyless JSON API: services, series, incidents and live events.", typeof(EnglishData)),
    };
    internal virtual Type HowToReadTheRecord => typeof(EnglishTrackRecord);
    internal virtual Type WhatIsCompared => typeof(EnglishComparison);
}
