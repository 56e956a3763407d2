using OutageAggregator.Web.Words.Prose;

namespace OutageAggregator.Web.Words;

/// <summary>What the site tells of itself.</summary>
public enum Topic
{
    Method,
    Privacy,
    Data,
}

// Longer texts: components without any logic, a file each.
internal partial class English
{
    internal virtual string TitleOf(Topic topic) => topic switch
    {
        Topic.Method => "How this is counted",
        Topic.Privacy => "Privacy",
        _ => "Data and API",
    };
    internal virtual string DescriptionOf(Topic topic) => topic switch
    {
        Topic.Method => "What a report is, what is usual, when an incident begins and ends, and what the numbers can't tell.",
        Topic.Privacy => "What is kept of a report, and what is not.",
        _ => "A keyless JSON API: services, series, incidents and live events.",
    };
    internal virtual Type ProseOf(Topic topic) => topic switch
    {
        Topic.Method => typeof(EnglishMethod),
        Topic.Privacy => typeof(EnglishPrivacy),
        _ => typeof(EnglishData),
    };
    internal virtual Type HowToReadTheRecord => typeof(EnglishTrackRecord);
    internal virtual Type WhatIsCompared => typeof(EnglishComparison);
}
