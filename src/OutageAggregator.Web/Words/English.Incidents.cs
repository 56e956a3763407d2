namespace OutageAggregator.Web.Words;

// Incidents, the track record, and the comparison of detectors.
internal partial class English
{
    // Lists of incidents
    /// <summary>Where an end would be told.</summary>
    internal virtual string Open(bool isKnown) => isKnown ? "going on now" : "not over when last seen";

    /// <summary>After the name of an incident: what it brought.</summary>
    internal virtual string IncidentNumbers(IncidentView view) =>
        $"{Reports(view.Reports)}, {Count(view.Incident.Peak.ReportsPerMinute)} a minute at the peak"
        + (view.Review is { } review ? $"; reviewed: {Of(review.Verdict)}" : "");
    internal virtual string ArchiveTitle => "Past and present incidents";
    internal virtual string UnknownIncident =>
        "No incident has this name. Incidents are called after their service and a number: chatgpt-7.";
    internal virtual string IncidentsOf(string service) => $"Incidents of {service}";
    internal virtual string ArchiveDescription => "Every incident that was detected, with its chart, its numbers and the reason.";
    internal virtual string NoEarlierIncidents => "No earlier ones.";
    internal virtual string Newest => "Newest";
    internal virtual string Earlier => "Earlier";

    // One incident
    internal virtual string OutageOf(string service, DateTimeOffset at) => $"{service} outage of {Date(at)}";

    /// <summary>Beside the mark of its state; null for the status' own word.</summary>
    internal virtual string? IncidentWord(IncidentView view) =>
        view.Incident.EndedAt is not null ? "Over" : view.UnseenSince is null ? null : "Not observed";

    /// <summary>After the mark of its state.</summary>
    internal virtual MarkupString IncidentState(IncidentView view, bool isStale)
    {
        var lasted = Lasted(view);
        return view.Incident.EndedAt is null
            ? view.UnseenSince is { } unseen ? Html.Of($"last seen at {Moment((unseen - 1).Start)}, after {lasted}")
                : isStale ? Html.Of($"not over when last known, after {lasted}")
                : Html.Of($"for {lasted}, and not over")
            : view.EndIsHidden ? Html.Of($"last seen at {Moment(view.LastSeen.Start)}, after {lasted}; not observed until {Moment(view.Gaps[^1].To.Start)}")
            : Html.Of($"since {Moment(view.To.Start)}, after {lasted}");
    }

    /// <summary>What of an incident nobody observed.</summary>
    internal virtual string NotObserved(IncidentView view) =>
        $"Not observed: {string.Join(", ", view.Gaps.Take(8).Select(g => $"{DateAndClock(g.From.Start)} to {DateAndClock(g.To.Start)}"))}"
        + $"{(view.Gaps.Length > 8 ? " and more" : "")}. What happened in between nobody knows, so every length is told as “at least”.";

    internal virtual MarkupString Reviewed(Review review) =>
        Html.Of($"The operators reviewed this incident on {Day(review.At)}: <strong>{Of(review.Verdict)}</strong>.");
    internal virtual string Reason => "Reason:";
    internal virtual string TrackRecordTitle => "Track record";
    internal virtual string ReportsInAll => "reports in all";
    internal virtual string DifferentReporters => "different reporters";
    internal virtual string AMinuteAtThePeak => "a minute at the peak";
    internal virtual string FromOnsetToDetection => "from onset to detection";
    internal virtual string WhatWasReported => "What was reported";
    internal virtual string WhyAnIncident => "Why this is an incident";

    /// <summary>The numbers of the verdict, by name.</summary>
    internal virtual IEnumerable<(string Name, MarkupString Value)> Facts(Incident incident)
    {
        var evidence = incident.Evidence;
        yield return ("Window", Html.Of($"{evidence.WindowMinutes} min"));
        yield return ("Reporters observed", Html.Of($"{Count(evidence.Observed)}"));
        if (evidence.IsPrior)
        {
            yield return ("Usual", Html.Of($"not known: no history yet"));
            yield return ("Taken for possible (a prior)", Html.Of($"{Number(evidence.Expected, "0.###")}"));
        }
        else
        {
            yield return ("Expected", Html.Of($"{Number(evidence.Expected, "0.###")}"));
            yield return ("Upper bound", Html.Of($"{Count(evidence.Upper)}"));
            yield return ("Chance of as many", Html.Of($"{PValue(evidence.Log10PValue)}"));
        }
        yield return ("Distinct reporters", Html.Of($"{Count(evidence.Reporters)} (at least {evidence.MinimumReporters} needed)"));
        yield return ("Seen in", Html.Of($"{(evidence.Region == Region.World ? "all regions together" : evidence.Region.Name)}"));
        yield return ("Detector and rule", Html.Of($"<code>{evidence.Detector}</code>, <code>{evidence.Rule}</code>"));
        yield return ("Severity", Html.Of($"{Number(incident.Severity, "0.0")}"));
    }

    internal virtual MarkupString WhatIsSeverity => Html.Of(
        $"""
        Severity is the common logarithm of the excess reporters times the highest ratio to the usual. <a href="/methodology">How this is decided</a>
        """);
    internal virtual string Timeline => "Timeline";
    internal virtual string OnsetFound => "Onset: the first minute above the usual, found looking back";
    internal virtual string Phases => "Phases";
    internal virtual string TableOfPhases => "Table of the phases";
    internal virtual IEnumerable<string> PhaseColumns => ["Phase", "From", "To", "Length"];
    internal virtual string NotKnown => "not known";
    internal virtual string GoingOn => "going on";
    internal virtual string NoneNamed => "None named.";
    internal virtual string InOutageByThemselves(IEnumerable<Region> regions) =>
        $"In outage by themselves: {string.Join(", ", regions.Select(r => r.Name))}";
    internal virtual string CiteThis => "Cite this";
    internal virtual string CopyTheSentence => "Copy the sentence";
    internal virtual string CitedInUtc => "This sentence tells its times in UTC, so that it is the same for everybody.";
    internal virtual MarkupString Citing(string json, string csv) => Html.Of(
        $"""
        Reports, not users: most people who are hit never report. Reports can still be withdrawn by those who sent them, so a number may change a little after the day. Data: <a href="{json}">JSON</a>, <a href="{csv}">CSV of the chart</a>, CC BY 4.0.
        """);

    // The track record
    internal virtual string TrackRecordDescription =>
        "How many incidents were confirmed, false alarms or collateral, as far as the operators of this server reviewed them.";
    internal virtual string NothingReviewed => "No incident has been reviewed yet.";
    internal virtual string NothingReviewedMeans =>
        "So nothing can be said here about how often the detector was right. As soon as the operators of this server review incidents, "
        + "this page counts what they found.";
    internal virtual string HaveEnded(int ended) => ended switch
    {
        0 => "No incident has ended on this server yet.",
        1 => "One incident has ended on this server.",
        _ => $"{Count(ended)} incidents have ended on this server.",
    };
    internal virtual string WereReviewed(TrackRecord all) => all.Ended == 1 ? "It was reviewed." :
        $"{(all.Reviewed == all.Ended ? "All" : Count(all.Reviewed))} of them {(all.Reviewed == 1 ? "was" : "were")} reviewed"
        + (all.Unclear == 0 ? "." : $"; of {Count(all.Unclear)} it could not be told what {(all.Unclear == 1 ? "it was" : "they were")}.");

    /// <summary>What it adds up to.</summary>
    internal virtual string Record(TrackRecord all)
    {
        if (all.Decided == 0)
            return "Incidents were reviewed, but of none could it be told what it was.";
        var decided = all.Decided == 1
            ? $"Of one incident that could be decided, {(all.Confirmed == 1 ? "one" : "none")}"
            : $"Of {Count(all.Decided)} incidents that could be decided, {Count(all.Confirmed)}";
        var delay = (all.Confirmed, all.MedianDelayMinutes) switch
        {
            (1, { } minutes) => $" It was said {Span(TimeSpan.FromMinutes(minutes))} after its onset.",
            (_, { } minutes) => $" Half of the confirmed were said within {Span(TimeSpan.FromMinutes(minutes))} of their onset.",
            _ => "",
        };
        return $"{decided} {(all.Confirmed == 1 ? "was" : "were")} confirmed: {Percent(all.ConfirmedShare!.Value)}, with a 95 % interval "
            + $"of {Interval(all)}.{delay}";
    }

    internal virtual string TheFigures => "The figures";
    internal virtual string TableOfTheRecord => "Table of the track record";
    internal virtual string RecordCaption => "Incidents that ended, by the year in which they began (UTC)";
    internal virtual IEnumerable<string> RecordColumns =>
    [
        "Year", "Ended", "Reviewed", "Confirmed", "False alarms", "Collateral", "Unclear", "Share confirmed (95 % interval)", "Median delay",
    ];
    internal virtual string AllYears => "All";

    /// <summary>"82 % (52 to 95 %)".</summary>
    internal virtual string ShareConfirmed(TrackRecord record) => $"{Percent(record.ConfirmedShare!.Value)} ({Interval(record)})";
    internal virtual string LatestCounted(int most) => $"The latest {Count(most)} incidents are counted.";

    // A candidate detector beside the live one
    internal virtual string ShadowTitle => "A candidate detector beside the live one";
    internal virtual string ShadowDescription =>
        "What another detector would have said of the same reports, compared with what the live one said.";
    internal virtual string ShadowLede =>
        "A detector that may replace the live one can run beside it, on the same reports and minute by minute. What it would have said is "
        + "recorded apart: it is on this page and nowhere else.";
    internal virtual string LiveDetector => "Live detector";

    /// <summary>"negative-binomial, for chatgpt robust-z": the detector, and those of services that have one of their own.</summary>
    internal virtual string DetectorNames(WatchSettings settings) =>
        settings.Detector + string.Concat(settings.Detectors.Select(d => $", for {d.Service} {d.Detector}"));
    internal virtual string Candidate => "Candidate";
    internal virtual string None => "none";
    internal virtual string RunsSince => "Runs since";
    internal virtual string ComparedSince => "Compared since";
    internal virtual string HowToTurnItOn => "How to turn it on";
    internal virtual MarkupString TurnItOn(IEnumerable<string> names) => Html.Of(
        $$"""
        Name a candidate in the setting <code>Watching:Shadow</code> (one of {{string.Join(", ", names)}}) and start the server again: as a variable, <code>OUTAGE_Watching__Shadow=robust-z</code>, or in the settings file, <code>{ "Watching": { "Shadow": "robust-z" } }</code>. It begins with the history that is stored. Nothing of the live detector changes.
        """);
    internal virtual string AboutToBegin => "It is about to begin: this server has only just started.";
    internal virtual string OutagesFound => "Outages found";
    internal virtual string ByBoth => "by both";
    internal virtual string OnlyByLive => "only by the live one";
    internal virtual string OnlyByCandidate => "only by the candidate";
    internal virtual MarkupString CandidateNoticed(double minutes) =>
        Html.Of($"Where both found it, the candidate noticed it <strong>{Later(minutes)}</strong> (median).");
    internal virtual MarkupString CandidateEnded(double? minutes) => minutes is { } known
        ? Html.Of($"It dated the end <strong>{Later(known)}</strong> (median).")
        : Html.Of($"None of these is over for both yet.");
    internal virtual string EachOutage => "Each of them";
    internal virtual string NoneYet => "None yet.";
    internal virtual string TableOfOutages => "Table of the outages that either found";
    internal virtual string OutagesCaption(int shown, int all) =>
        $"{(all > shown ? $"The newest {shown} of {Count(all)}" : "All of them")}, the latest onset first";
    internal virtual IEnumerable<string> OutageColumns =>
        ["Service", "Found by", "Detector", "Start", "Noticed", "End", "Reports a minute at the peak", "Rule"];
    internal virtual string FoundAs(bool isLive, int pieces) =>
        (isLive ? "live" : "candidate") + (pieces > 1 ? $", in {pieces} pieces" : "");

    private static string Interval(TrackRecord record)
    {
        var interval = record.ConfirmedInterval!.Value;
        return $"{Number(Math.Round(interval.Lower * 100), "0")} to {Number(Math.Round(interval.Upper * 100), "0")} %";
    }
}
