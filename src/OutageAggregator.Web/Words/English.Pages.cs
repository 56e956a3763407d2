namespace OutageAggregator.Web.Words;

// What every page has around it, the home page, services, and reporting.
internal partial class English
{
    // The frame
    internal virtual string SkipToContent => "Skip to the content";
    internal virtual string SiteNavigation => "Site";
    internal virtual string NavServices => "Services";
    internal virtual string NavIncidents => "Incidents";
    internal virtual string NavMethod => "Method";
    internal virtual string NavData => "Data";

    /// <summary>How far the page can be trusted to speak of now.</summary>
    internal virtual MarkupString Dateline(Freshness? freshness) => freshness switch
    {
        null => Html.Of($"The data can't be read just now"),
        { } known when known.ObservedAt == DateTimeOffset.UnixEpoch => Html.Of($"No data yet: this server has only just begun to count"),
        { IsStale: true, IsAway: true } old => Html.Of(
            $"The data can't be read just now. No fresh data since {Moment(old.ObservedAt)}: what is older says nothing about now"),
        { IsStale: true } old => Html.Of($"No fresh data since {Moment(old.ObservedAt)}: what is older says nothing about now"),
        { IsAway: true } known => Html.Of($"The data can't be read just now: it is of {Moment(known.ObservedAt)}"),
        _ => Html.Of($"Counting now. Numbers are reports, not users."),
    };
    internal virtual MarkupString DemoNotice => Html.Of(
        $"<strong>Demonstration.</strong> The history and the outage shown here are made up or replayed. Nothing on this page is "
        + $"happening now.");
    internal virtual MarkupString SimulatedNotice(double speed) => speed == 1
        ? Html.Of($"<strong>Simulated clock.</strong> This server lives at a time of its own.")
        : Html.Of($"<strong>Simulated clock.</strong> This server lives at a time of its own, {Number(speed, "0.##")} times as fast as "
            + $"real time.");
    internal virtual MarkupString Imprint => Html.Of(
        $"""
        What people report, counted and compared with what is usual. Unofficial: no provider has a hand in it. Data under <a href="https://creativecommons.org/licenses/by/4.0/" rel="license">CC BY 4.0</a>.
        """);
    internal virtual string FootPrivacy => "Privacy";
    internal virtual string FootData => "Data and API";
    internal virtual string FootIncidents => "Past incidents";

    // Search and errors
    internal virtual string SearchAsk => "Is it down, or is it just me?";
    internal virtual string SearchAfterError => "Which service are you looking for?";
    internal virtual string Search => "Search";
    internal virtual string Error(int status) => $"Error {status}";
    internal virtual string SuggestionsOf(int count) => count == 1 ? "1 suggestion" : $"{count} suggestions";
    internal virtual string DidYouMean => "Did you mean";

    // The home page
    internal virtual string HomeTitle => "Is it down? What people report, right now";
    internal virtual string CategoryTitle(string category) => $"{category}: is it down?";
    internal virtual string HomeDescription =>
        "Which services people can't reach right now, counted by the minute and compared with what is usual.";
    internal virtual string FoundFor(string query, Closeness? match) => match == Closeness.Guess
        ? $"Nothing is called “{query}”. Did you mean …?"
        : $"Found for “{query}”";
    internal virtual string NothingFoundFor(string query) => $"Nothing found for “{query}”";
    internal virtual string NothingFoundAdvice =>
        "Try the name as the product's own page writes it, or a shorter part of it. All services are listed below.";
    internal virtual string NoFreshData => "No fresh data";
    internal virtual string NothingUnusual => "Nothing unusual right now";
    internal virtual string NoHistoryYet => "No history yet";
    internal virtual string NotKnownYet => "Not known yet";
    internal virtual MarkupString NoHistoryMeans(History history) => Html.Of(
        $"Counting since {(history.Since is { } since ? Moment(since) : Html.Of($"now"))}. What is usual at an hour is known once it was seen on {Baseline.EnoughDays} days. Until then nothing is called usual, and a large crowd of different reporters is called an outage all the same.");
    internal virtual string JustBegun(Freshness? freshness) =>
        $"Of the last 15 minutes {Some(freshness?.ObservedMinutes ?? 0, "minute")} {(freshness?.ObservedMinutes == 1 ? "was" : "were")} counted: too few to say how things stand now.";
    internal virtual string JustOver => "Just over";
    internal virtual string JustOverNow(IEnumerable<ServiceSummary> services) => $"{JustOver}: {Named(services)}";
    internal virtual string SlightlyMore => "Slightly more than usual";
    internal virtual string SlightlyMoreMeans(double rate) =>
        $"Not an outage. Corrected for looking at all services at once: on a usual day {Percent(rate)} of all looks find any.";

    /// <summary>After a service's name: its incident that is over.</summary>
    internal virtual string OverNumbers(IncidentView view) => $"{Over(view)}; {Reports(view.Reports)}";
    internal virtual string InTrouble => "In trouble now";
    internal virtual string InTroubleNow(string service) => $"In trouble now: {service}";
    internal virtual string CantTellTrouble(bool isAway) => isAway
        ? "The data can't be read just now, so it can't tell what is in trouble now."
        : "This server has not counted for a while, so it can't tell what is in trouble now.";
    internal virtual string NoTrouble => "No service has an outage by what people report.";
    internal virtual string PastIncidents => "Past incidents";
    internal virtual string MoreInTrouble => "More services are in trouble: the list of all services marks them.";
    internal virtual string AllServices => "All services";
    internal virtual string AllOf(string category) => $"All of {category}";

    /// <summary>After the number of reports.</summary>
    internal virtual string InFifteenMinutes(Pulse pulse) => pulse switch
    {
        { Expected15m: null } => " in 15 minutes; what is usual is not known yet",
        { Expected15m: < 1 } => " in 15 minutes; fewer than one is usual",
        { Ratio: { } ratio and >= 1.5 } => $" in 15 minutes, {Times(ratio)} the usual {Usual(pulse.Expected15m)}",
        _ => $" in 15 minutes; {Usual(pulse.Expected15m)} are usual",
    };
    internal virtual MarkupString SinceClock(DateTimeOffset at) => Html.Of($"since {ClockTime(at)}");
    internal virtual MarkupString Since(DateTimeOffset at) => Html.Of($"since {Moment(at)}");
    internal virtual string IncidentSoFar => "The incident so far";

    // A service
    internal virtual string IsItDown(string service) => $"Is {service} down?";

    /// <summary>The title of a service's page: what is so, as far as it is known.</summary>
    internal virtual string ServiceTitle(string name, Situation situation, DateTimeOffset? since, DateTimeOffset now)
    {
        var day = since is { } began && now - began >= TimeSpan.FromDays(1) ? $"{ShortDate(began, withYear: false)}, " : "";
        var when = since is { } at ? $" since {day}{NamedClock(at)}" : "";
        return situation.Finding switch
        {
            Finding.Outage or Finding.Recovering => $"{name}: outage{when}",
            Finding.OutageOfMembers or Finding.RecoveringOfMembers => $"{name}: outage of {situation.MembersInOutage.First().Service.Name}{when}",
            Finding.Over or Finding.Beginning when situation.Recent is { } over => $"{name}: {Capital(Over(over), upper: false)}",
            Finding.Beginning when situation.Open is { UnseenSince: { } unseen } => $"{name}: outage last seen at {NamedClock((unseen - 1).Start)}",
            Finding.Elevated => $"{name}: more reports than usual",
            Finding.Crowd or Finding.CrowdOfMembers => $"{name}: too early to tell",
            Finding.OverOfMembers when situation.MembersJustOver.ToList() is [var only] => $"{name}: {only.Service.Name} {Capital(Over(only.Recent!), upper: false)}",
            Finding.OverOfMembers => $"{name}: {Named(situation.MembersJustOver)} just over",
            Finding.ElevatedOfMembers => $"{name}: more reports of {situation.MembersElevated.First().Service.Name} than usual",
            Finding.Nobody or Finding.Usual => $"{name}: reports as usual",
            _ => IsItDown(name),
        };
    }
    internal virtual string PartOf => "part of";
    internal virtual string StatusOf(string service, Situation situation) => $"{service}: {Of(situation) ?? Of(situation.Worst)}";
    internal virtual string SinceItsEnd => "Since its end";
    internal virtual string Tail(TailPart part) =>
        $"{part.FromMinutes} to {part.ToMinutes} minutes after: {Reports(part.Reports)}, {Count(part.Back)} said it’s back"
        + (part.StillBrokenShare is { } broken ? $", so {Percent(broken)} of these voices said “still down”" : "");
    internal virtual string FollowIncident => "Follow the incident";
    internal virtual string ReportsInFifteenMinutes(Region region) => $"reports in 15 minutes{From(region)}";
    internal virtual string UsualAtThisHour => "usual at this hour";
    internal virtual string SaidItIsBack(Region region) => $"said it's back{From(region)}";
    internal virtual string StillDown => "of these voices say “still down”";
    internal virtual string WhichProduct => "Which product is it?";
    internal virtual string WhichProductAdvice => "Reports on this page name no product. If you know which one fails, report it there.";
    internal virtual string ShowAllRegions => "Show all regions together";
    internal virtual string WhatIsAReport(Confidence confidence) =>
        "A report is one press of the button by one connection in 30 minutes, so it is not a count of users: most people who are hit never "
        + "report. “Usual” is what this service got at this minute of the week in the last four weeks"
        + confidence switch
        {
            Confidence.TooFew =>
                "; for this service there is too little history to know it well, so only a large crowd counts as an outage.",
            Confidence.Erratic => "; for this service it varies widely, so only a large surge stands out.",
            _ => ".",
        };
    internal virtual string HowCounted => "How this is counted";
    internal virtual string Problems => "Problems";
    internal virtual string WhereUsed => "Where it is used";
    internal virtual string Regions => "Regions";

    /// <param name="isOfDay">True of the last 24 hours, false of the last 15 minutes.</param>
    internal virtual string FacetsOf(bool isOfDay, bool isKnown, Region region) =>
        $"in the last {(isOfDay ? "24 hours" : "15 minutes")}{Known(isKnown)}{From(region)}";

    /// <summary>The same of the list of regions, which shows all of them.</summary>
    internal virtual string RegionsOf(bool isOfDay, bool isKnown, Region region) =>
        $"{FacetsOf(isOfDay, isKnown, Region.World)}{(region == Region.World ? "" : ", all regions")}; follow one for its own chart";
    internal virtual string NoReports => "No reports.";
    internal virtual string AndMore(int more, long reports) => $"and {more} more with {Reports(reports)}";
    internal virtual string Incidents => "Incidents";
    internal virtual string NoIncidents => "None since this server began to count.";
    internal virtual string AllIncidentsOf(string service) => $"All incidents of {service}";
    internal virtual string TheData => "The data";
    internal virtual MarkupString ServiceData(string json, string csv, string service) => Html.Of(
        $"""
        This chart as <a href="{json}">JSON</a> or <a href="{csv}">CSV</a>, this service <a href="{service}">from the API</a>; no key needed.
        """);
    internal virtual string HowToUseApi => "How to use the API";
    internal virtual string ProviderSays => "What the provider itself says:";

    // Reporting
    internal virtual string CantReach(string service) => $"Can't reach {service}?";
    internal virtual string DownForMe => "It's down for me";
    internal virtual string BackAgainForMe => "It's back for me";
    internal virtual string SayMore => "Say more: what, where, on which device";
    internal virtual string AddToReport => "Add it to my report";
    internal virtual string InYourWords => "In your words (for the operator of this site, never published)";
    internal virtual string WhereDidYouGo => "Where did you go instead?";
    internal virtual string DidItWork => "Did it work?";
    internal virtual string Yes => "Yes";
    internal virtual string No => "No";
    internal virtual MarkupString ReportRules => Html.Of(
        $"""
        One report in 30 minutes counts for a connection. You see at once whether others report it, too, and can take yours back. No account, and no address is stored. <a href="/privacy">Privacy</a>
        """);
    internal virtual string WhatDoYouSee => "What do you see?";
    internal virtual string WhereDoYouUseIt => "Where do you use it?";
    internal virtual string CountryOrTerritory => "Country or territory";
    internal virtual string NotSaid => "Not said";
    internal virtual string ReportTitle(string service) => $"Report {service}";
    internal virtual string ThanksKept => "Thank you, it's kept";
    internal virtual string ThanksCounted => "Thank you, it's counted";
    internal virtual string AlreadyCounted => "You are already counted";
    internal virtual string TakenBack => "Taken back";
    internal virtual string ThanksLate => "Thank you, it's on the chart";
    internal virtual string ReportWaits(string service) =>
        $"Your report about {service} is stored. It is counted as soon as our database can be reached.";
    internal virtual string ReportCounted(string service, ReportKind kind) => kind == ReportKind.Back
        ? $"You said that {service} works again for you."
        : $"Your report that {service} is down is stored and counted.";
    internal virtual string ReportDuplicate(string service) =>
        $"A report about {service} from your connection was counted less than half an hour ago. One each in 30 minutes keeps the numbers "
        + "honest, so this one was not added.";
    internal virtual string ReportTakenBack(string service) =>
        $"Your report about {service} is no longer counted. If it was down after all, you can report it again.";
    internal virtual string ReportLate =>
        "What you report was more than five minutes ago: it is drawn on the chart as told late, and raises no alarm.";
    internal virtual MarkupString CountsAgain(DateTimeOffset at) => Html.Of($"The same connection counts again from {ClockTime(at)} on.");
    internal virtual string IsItJustYou => "Is it just you?";
    internal virtual string FirstReceipt =>
        "If it was you: the page that thanked you for it, in this browser’s history, still takes it back.";
    internal virtual string OnlyYours => "Yours is the only report of the last 15 minutes so far: it may be just you.";
    internal virtual string SeeOthers(string service) => $"See what others report about {service}";
    internal virtual string WhatOthersReport(string service) => $"What others report about {service}";
    internal virtual string PressedByMistake => "Pressed by mistake?";
    internal virtual string TakeBack => "Take the report back";
    private static string Known(bool isKnown) => isKnown ? " that are known" : "";
}
