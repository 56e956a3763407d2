namespace OutageAggregator.Web.Words;

// What is said to somebody who misses a service here.
internal partial class English
{
    internal virtual string ReportAsDown(string name) => $"Report “{name}” as down";
    internal virtual string NotListedYet => "We don’t list it yet: it is counted apart, and the operator sees it.";
    internal virtual string ProposeTitle => "Report something we don’t list";
    internal virtual string ProposeAdvice =>
        "What is down for you? Its name or its address is enough. It is counted for something we don’t list yet.";
    internal virtual string NameOrAddress => "Name or address";
    internal virtual string ReportUnlisted => "Report it as down";

    internal virtual string ProposalTitle(NamingOutcome outcome) => outcome switch
    {
        NamingOutcome.Counted => ThanksCounted,
        NamingOutcome.Duplicate => AlreadyCounted,
        _ => "Not counted",
    };

    /// <summary>What a report for something that is not listed is counted as, how many others named the same, and what happens next.</summary>
    /// <param name="name">Null where nothing is known of it any more.</param>
    /// <param name="others">Reports of the same by others in the last hour; none where it is less.</param>
    internal virtual string ProposalSentence(NamingOutcome outcome, string? name, int others)
    {
        var it = name is null ? "what you named" : $"“{name}”";
        var who = others switch
        {
            <= 0 => "Nobody else named it in the last hour.",
            1 => "1 other report named it in the last hour.",
            var more => $"{Count(more)} other reports named it in the last hour.",
        };
        const string Next = "The operator of this site sees it; once it is listed, what was counted becomes its history.";
        return outcome switch
        {
            NamingOutcome.Counted when name is null => $"Your report was counted for something we don’t list yet. {Next}",
            NamingOutcome.Counted => $"Your report of {it} is counted for something we don’t list yet. {who} {Next}",
            NamingOutcome.Duplicate =>
                $"A report of {it} from your connection was counted less than 30 minutes ago, for something we don’t list yet. {(name is null ? "" : who + " ")}{Next}",
            NamingOutcome.TooManyNames =>
                $"Your report was not counted: from your connection {ProposalRules.MostNames} other things that we don’t list were named in this half hour.",
            _ => "Your report was not counted: so many things that we don’t list are being named that there is no place for one more now.",
        };
    }
}
