namespace OutageAggregator.Web.Words;

// Sentences about numbers.
internal partial class English
{
    /// <summary>What stands before a text that leaves the site (a citation, a preview): empty where what is counted is real.</summary>
    internal virtual string Mark(ServerNotice notice) =>
        notice.Demo ? "Demonstration, not real. " : notice.ClockSpeed is null ? "" : "Simulated clock, not live. ";

    /// <summary>The sentence that an incident is cited by: it says nothing of causes or of how many people were hit.</summary>
    internal virtual string Incident(IncidentFacts facts)
    {
        var reports = $"{Count(facts.Reports)} {(facts.Reports == 1 ? "report" : "reports")} of trouble";
        var when = facts.IsOpen ? $"since {NamedClock(facts.From)} on {Date(facts.From)}"
            : facts.IsOneDay ? $"between {ClockBeside(facts.To, facts.From)} and {NamedClock(facts.To)} on {Date(facts.From)}"
            : $"between {NamedClock(facts.From)} on {Date(facts.From)} and {NamedClock(facts.To)} on {Date(facts.To)}";
        // The zone that was named last.
        var named = facts.IsOpen ? facts.From : facts.To;
        var peakDay = facts.IsPeakElsewhere ? $" on {Date(facts.PeakAt)}" : "";
        var peak = $"{Count(facts.Peak)} a minute at the peak {(facts.IsOpen ? "so far " : "")}"
            + $"at {ClockBeside(named, facts.PeakAt)}{peakDay}";
        var to = facts.IsOneDay ? "" : $" on {Date(facts.To)}";
        var open = !facts.IsOpen ? ""
            : facts.LastSeen is { } seen ? $", last seen at {ClockBeside(named, seen)}{to}"
            : $", and not over at {ClockBeside(named, facts.To)}{to}";
        var gaps = facts.Gaps.IsEmpty ? ""
            : $"; not observed {Unobserved(facts)}{(facts.IsOpen ? "" : $", so it lasted at least {Span(TimeSpan.FromMinutes(facts.Minutes))}")}";
        return $"{facts.Name}: {reports} {when}, {peak}{open}{gaps} (crowd reports counted by OutageAggregator).";
    }

    private string Unobserved(IncidentFacts facts)
    {
        if (facts.Gaps is not [var gap])
            return $"for {Span(TimeSpan.FromMinutes(facts.Gaps.Sum(g => g.Length)))} in {Count(facts.Gaps.Length)} stretches";
        var (from, to, named) = (Zone.At(gap.From.Start), Zone.At(gap.To.Start), facts.IsOpen ? facts.From : facts.To);
        var day = from.Date == facts.From.Date ? "" : $" on {Date(from)}";
        return facts.LastsUnseen ? $"since {ClockBeside(named, from)}{day}"
            : $"from {ClockBeside(named, from)}{day} to {ClockBeside(from, to)}{(to.Date == from.Date ? "" : $" on {Date(to)}")}";
    }

    /// <summary>Is it just you? Where nothing stands out it says "may": that proves nothing.</summary>
    internal virtual string Situation(Situation situation)
    {
        var (name, world) = (situation.Name, situation.World);
        var lately = Lately(situation.Freshness);
        var told = $"{Reports(world.Reports15m)} of trouble with {name} {lately}";
        var counted = told + WhereUsual(world.Expected15m);
        var nobody = $"nobody reported trouble with {name} {lately}";
        var isKnown = world.Expected15m is not null;
        return situation.Finding switch
        {
            Finding.Unknown => $"We can't say how {name} is just now: {Age(situation.Freshness)}.",
            Finding.Beginning => $"We can't say yet how {name} is: only {Some(situation.Freshness!.Value.ObservedMinutes, "minute")} of the last 15 "
                + $"{(situation.Freshness!.Value.ObservedMinutes == 1 ? "was" : "were")} counted, with {Reports(world.Reports15m)}.{LastSeen(situation)}{OpenBefore(situation)}",
            Finding.NoHistory => world.Reports15m == 0
                ? $"{(situation.MembersInCrowd.Any() ? $"It may not be just you. {MembersInCrowd(situation)}" : $"{Capital(nobody)}. ")}What is usual is not known: there is no history yet{CountingSince(situation.History)}."
                : $"{(world.MayBeCrowd || situation.MembersInCrowd.Any() ? "It may not be just you: " : "")}{told}. {MembersInCrowd(situation)}Whether that is unusual can't be told: there is no history yet{CountingSince(situation.History)}.",
            Finding.Recovering => $"It was not just you, and it is getting better: {counted}.{Detail(situation)}{Members(situation)}",
            Finding.Outage => $"It's not just you: {counted}.{Detail(situation)}{Members(situation)}{Unseen(situation)}",
            Finding.OutageOfMembers => $"It's not just you.{Members(situation)}{OnlyFamily(situation)}",
            Finding.RecoveringOfMembers => $"It was not just you, and it is getting better.{Members(situation)}{OnlyFamily(situation)}",
            Finding.Over when situation is { Recent: { } over, ReportsSinceEnd: { } since } => $"{Over(over)}; "
                + (since == 0 ? $"nobody reported trouble with {name} since." : $"{Tail(situation)}{Reports(since)} of trouble with {name} since.")
                + OthersJustOver(situation) + MoreOf(situation),
            Finding.Over when situation.Recent is { } over =>
                $"{Over(over)}; {(world.Reports15m == 0 ? nobody : $"{Tail(situation)}{counted}")}.{OthersJustOver(situation)}{MoreOf(situation)}",
            Finding.OverOfMembers => $"It was not just you. {MembersOver(situation)}. {(world.Reports15m == 0 ? Capital(nobody) : counted)}.",
            Finding.Elevated =>
                $"It may not be just you: {counted}. That is {(isKnown ? "more than usual and " : "")}not yet enough to call it an outage.{OthersJustOver(situation)}{MoreOf(situation)}",
            Finding.ElevatedOfMembers when situation.MembersElevated.ToList() is [var member, .. var more] =>
                $"It may not be just you: {Reports(member.Pulse.Reports15m)} of trouble with {member.Service.Name} {lately}"
                + $"{WhereUsual(member.Pulse.Expected15m)}. That is more than usual and not yet enough to call it an outage."
                + $"{More(more)}{OthersJustOver(situation)}{OnlyFamily(situation)}",
            Finding.CrowdOfMembers => $"It may not be just you. {MembersInCrowd(situation)}It is too early to tell.{OnlyFamily(situation)}",
            Finding.Crowd => $"It may not be just you: {counted}. It is too early to tell.{Detail(situation)}",
            Finding.Nobody => $"It may be just you: {nobody}.",
            _ => $"It may be just you: {counted}{(isKnown ? ", so nothing points to an outage" : "")}.",
        };
    }

    /// <summary>
    /// "About 18,900 more reports than usual (18,710 to 19,070; 500 would have been usual)." No digit is shown that is smaller than a tenth of the
    /// interval; its ends are rounded outwards.
    /// </summary>
    internal virtual string Excess(Excess excess)
    {
        var unit = 1L;
        while (unit * 100 <= excess.High - excess.Low)
            unit *= 10;
        var about = (long)Math.Round((double)excess.Reports / unit, MidpointRounding.AwayFromZero) * unit;
        var (low, high) = ((long)Math.Floor((double)excess.Low / unit) * unit, (long)Math.Ceiling((double)excess.High / unit) * unit);
        var interval = low < 0 ? $"between {Amount(low)} and {Amount(high)}" : $"{Count(low)} to {Count(high)}";
        return $"About {(about == 0 ? "as many reports as" : $"{AmountOfReports(about)} than")} usual ({interval}; {Usual(excess.Expected)} would have "
            + "been usual).";
    }

    /// <summary>Why an incident was called one: the numbers of its verdict, to be quoted and checked.</summary>
    internal virtual string Why(string name, Incident incident)
    {
        var evidence = incident.Evidence;
        var reporters = evidence.Observed == 1 ? "1 reporter" : $"{Count(evidence.Observed)} different reporters";
        var stretch = evidence.WindowMinutes == 1 ? "a single minute" : Some(evidence.WindowMinutes, "minute");
        if (evidence.IsPrior)
        {
            return $"Within {stretch}, {reporters}{From(evidence.Region)} said {name} was down. What was usual at that hour was not known: this "
                + $"server had seen it on fewer than {Baseline.EnoughDays} days. So the number itself decided: at least {evidence.MinimumReporters} "
                + $"different reporters, and far more than the {Usual(evidence.Expected)} that were taken for possible beforehand.";
        }
        var usual = evidence.Expected < 1 ? "fewer than one is usual" : $"about {Usual(evidence.Expected)} are usual";
        return $"Within {stretch}, {reporters}{From(evidence.Region)} said {name} was down, where {usual} at that hour of the week. "
            + $"Chance alone would hardly ever bring more than {Count(evidence.Upper)}. {Odds(evidence.Log10PValue)}";
    }

    /// <summary>How unlikely that is on a usual day, without false precision.</summary>
    internal virtual string Odds(double log10PValue) => log10PValue switch
    {
        > -1 => "On a usual day as many would come now and then.",
        > -15 => $"On a usual day as many would come in {Fraction(log10PValue)} such stretches.",
        _ => "On a usual day as many would practically never come.",
    };

    /// <summary>The exact number: "0.00032", "2.1 × 10⁻⁹", "10⁻³⁴²".</summary>
    internal virtual string PValue(double log10PValue)
    {
        if (log10PValue > -4)
            return Math.Pow(10, log10PValue).ToString("0.####", CultureInfo.InvariantCulture);
        var exponent = (int)Math.Floor(log10PValue);
        var digits = Math.Pow(10, log10PValue - exponent).ToString("0.0", CultureInfo.InvariantCulture);
        var raised = string.Concat(exponent.ToString(CultureInfo.InvariantCulture).Select(c => c == '-' ? '⁻' : "⁰¹²³⁴⁵⁶⁷⁸⁹"[c - '0']));
        return $"{digits} × 10{raised}";
    }

    /// <summary>What an event of the log means to a reader.</summary>
    internal virtual string Happened(IncidentEvent logged, IncidentView view) => logged.Kind switch
    {
        IncidentEventKind.Opened => "Incident opened",
        IncidentEventKind.Grew when logged.Incident is { } incident =>
            $"Grew: up to {Reports(incident.Peak.ReportsPerMinute)} a minute{InOutage(incident)}",
        IncidentEventKind.Grew => "Grew",
        IncidentEventKind.Recovering => "Recovering: the reports fall towards the usual",
        IncidentEventKind.Recurred => "Came back: a new surge in the same incident",
        IncidentEventKind.Resolved when logged.At == view.Incident.ResolvedAt => $"Over, after {Lasted(view)}",
        IncidentEventKind.Resolved => "Over",
        IncidentEventKind.Elevated => "More reports than usual",
        _ => "Back to the usual",
    };

    /// <summary>"3 minutes later", "2 hours earlier", "in the same minute".</summary>
    internal virtual string Later(double minutes) => minutes switch
    {
        > -0.5 and < 0.5 => "in the same minute",
        > 0 => $"{Span(TimeSpan.FromMinutes(minutes))} later",
        _ => $"{Span(TimeSpan.FromMinutes(-minutes))} earlier",
    };

    /// <summary>" from Italy"; nothing of the whole world.</summary>
    protected virtual string From(Region region) => region == Region.World ? "" : $" from {region.Name}";

    private string Detail(Situation situation)
    {
        var (region, local) = (situation.Region, situation.Local);
        var mostly = situation.MostNamed is { } surface ? $"ost of them name {Named(surface)}" : null;
        if (region == Region.World || region == Region.Unknown)
            return mostly is null ? "" : $" M{mostly}.";
        if (situation.World.Reports15m == 0)
            return "";
        var here = local.Reports15m == 0 ? $"None of them comes from {region.Name}"
            : $"{Count(local.Reports15m)} of them {(local.Reports15m == 1 ? "comes" : "come")} from {region.Name}"
                + (situation.IsLocallyUsual ? ", which is near the usual there" : "");
        return mostly is null ? $" {here}." : $" {here}; m{mostly}.";
    }

    /// <summary>"Over since 01:00 UTC after 26 minutes": the minute it ended, or the last that is known of it.</summary>
    internal virtual string Over(IncidentView over)
    {
        var lasted = $"after {Lasted(over)}";
        var seen = over.LastSeen.Start;
        return over.EndIsHidden
            ? $"Last seen at {NamedClock(seen)} {lasted}, then not observed until {ClockBeside(seen, over.Gaps[^1].To.Start)}"
            : $"Over since {NamedClock(over.To.Start)} {lasted}";
    }

    private static string Tail(Situation situation) => situation.IsUsualAgain switch
    {
        true => "what comes in is as usual again: ",
        false => "what still comes in is its tail: ",
        null => "",
    };

    /// <summary>"26 minutes", "at least 6 minutes".</summary>
    internal string Lasted(IncidentView view) => AtLeast(TimeSpan.FromMinutes(view.Minutes), view.IsAtLeast);
    internal virtual string AtLeast(TimeSpan span, bool isAtLeast) => $"{(isAtLeast ? "at least " : "")}{Span(span)}";

    private static string Lately(Freshness? freshness) => freshness is { ObservedMinutes: < Freshness.LookBack and var counted }
        ? $"in the last 15 minutes (only {counted} of these minutes {(counted == 1 ? "was" : "were")} observed)"
        : "in the last 15 minutes";

    private string CountingSince(History history) => history.Since is { } since ? $", counting since {DateAndClock(since)}" : "";

    private string LastSeen(Situation situation) => situation.Open is not { UnseenSince: { } unseen } open
        ? situation.Recent is { } over ? $" {Over(over)}." : ""
        : $" An outage was last seen at {NamedClock((unseen - 1).Start)}; from {ClockBeside((unseen - 1).Start, unseen.Start)} to "
            + $"{ClockBeside(unseen.Start, open.Gaps[^1].To.Start)} nobody counted.";

    private string Unseen(Situation situation) => situation.Open is not { Gaps: [.., var gap] } ? ""
        : $" From {ClockBeside(gap.To.Start, gap.From.Start)} to {NamedClock(gap.To.Start)} nobody counted.";

    private static string Capital(string text, bool upper = true) =>
        (upper ? char.ToUpperInvariant(text[0]) : char.ToLowerInvariant(text[0])) + text[1..];

    private string WhereUsual(double? expected) => expected is not { } known ? "; what is usual is not known yet" : Math.Round(known) switch
    {
        < 1 => ", where fewer than one is usual",
        1 => ", where about one is usual",
        var many => $", where about {Count(many)} are usual",
    };

    private string Age(Freshness? freshness) => freshness switch
    {
        null => "the data can't be read",
        { } known when known.ObservedAt == DateTimeOffset.UnixEpoch => "our newest data is missing",
        { Age.TotalMinutes: < 120 and var minutes } => $"our newest data is {Some(Math.Max(1, (long)minutes), "minute")} old",
        { Age.TotalHours: < 48 and var hours } => $"our newest data is {Count(Math.Floor(hours))} hours old",
        { } old => $"our newest data is {Count(Math.Floor(old.Age.TotalDays))} days old",
    };

    private string Amount(long reports) => reports < 0 ? $"{Count(-reports)} fewer" : $"{Count(reports)} more";

    private string AmountOfReports(long reports) =>
        $"{Count(Math.Abs(reports))} {(reports < 0 ? "fewer" : "more")} {(Math.Abs(reports) == 1 ? "report" : "reports")}";

    private string Fraction(double log10PValue)
    {
        var one = Math.Pow(10, -log10PValue);
        return one switch
        {
            < 1e3 => $"one of {Count(Math.Round(one, -1))}",
            < 1e6 => $"one of {Count(Math.Floor(one / 1e3))} thousand",
            < 1e9 => $"one of {Count(Math.Floor(one / 1e6))} million",
            < 1e12 => $"one of {Count(Math.Floor(one / 1e9))} billion",
            _ => $"one of {Count(Math.Floor(one / 1e12))} trillion",
        };
    }

    private static string InOutage(Incident incident) => incident.Regions.Length == 0 ? ""
        : $", in outage: {string.Join(", ", incident.Regions.Take(8).Select(r => r.Name))}{(incident.Regions.Length > 8 ? " and more" : "")}";
}
