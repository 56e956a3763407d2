namespace OutageAggregator.Web.Words;

/// <summary>
/// English, and what other languages fall back to: numbers and the names of things. The rest of it is in the files beside this one.
/// The process runs without culture data, so the few rules that are needed are written in the languages, after the Unicode CLDR.
/// </summary>
internal partial class English
{
    /// <summary>As in <c>&lt;html lang&gt;</c>, and as answers name it.</summary>
    internal virtual string Code => "en";

    /// <summary>As in <c>&lt;html dir&gt;</c>.</summary>
    internal virtual string Direction => "ltr";

    /// <summary>"19,403": grouped, no decimals.</summary>
    internal virtual string Count(double value) => Math.Round(value).ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>A usual number: a decimal below 10, none above, never a flat 0 for what is rare; words where it is not known.</summary>
    internal virtual string Usual(double? value) => value switch
    {
        null => "not known yet",
        <= 0 => "0",
        < 0.05 => "less than 0.1",
        < 10 => value.Value.ToString("0.#", CultureInfo.InvariantCulture),
        _ => Count(value.Value),
    };

    /// <summary>"37 %", "less than 1 %", "over 99 %": nothing is all or none of it but what is.</summary>
    internal virtual string Percent(double share) => share switch
    {
        > 0 and < 0.01 => "less than 1 %",
        >= 0.995 and < 1 => "over 99 %",
        _ => $"{Math.Round(share * 100):0} %",
    };

    /// <summary>"1 report", "19,403 reports".</summary>
    internal virtual string Reports(long count) => count == 1 ? "1 report" : $"{Count(count)} reports";

    /// <summary>"62 times", "1.4 times": one decimal where it matters.</summary>
    internal virtual string Times(double ratio) => ratio < 10 ? $"{ratio:0.#} times" : $"{Count(ratio)} times";

    /// <summary>"26 minutes", "2 hours 5 minutes", "3 days 4 hours".</summary>
    internal virtual string Span(TimeSpan span)
    {
        var minutes = (long)Math.Round(Math.Max(0, span.TotalMinutes));
        return minutes switch
        {
            < 60 => Some(minutes, "minute"),
            < 1440 => Two(minutes / 60, "hour", minutes % 60, "minute"),
            _ => Two(minutes / 1440, "day", minutes % 1440 / 60, "hour"),
        };
    }

    /// <summary>A step after "per": "minute", "5 minutes", "hour", "day".</summary>
    internal virtual string Per(int minutes) => minutes switch
    {
        1 => "minute",
        60 => "hour",
        Minute.PerDay => "day",
        _ when minutes % Minute.PerDay == 0 => Some(minutes / Minute.PerDay, "day"),
        _ when minutes % 60 == 0 => Some(minutes / 60, "hour"),
        _ => Some(minutes, "minute"),
    };

    /// <summary>A step after "in": "a minute", "5 minutes", "an hour", "a day".</summary>
    internal virtual string In(int minutes) => minutes switch
    {
        1 => "a minute",
        60 => "an hour",
        Minute.PerDay => "a day",
        _ => Per(minutes),
    };

    internal string Of(Problem problem) => Said(problem).Name;
    internal string Asked(Problem problem) => Said(problem).Asked;
    internal string Of(Surface surface) => Said(surface).Name;
    internal string Asked(Surface surface) => Said(surface).Asked;
    internal string Named(Surface surface) => Said(surface).Named;

    /// <summary>Beside a number, and as a reporter would say it.</summary>
    protected virtual (string Name, string Asked) Said(Problem problem) => problem switch
    {
        Problem.Unavailable => ("Doesn't work at all", "It doesn't work at all"),
        Problem.Login => ("Log-in", "I can't log in"),
        Problem.Errors => ("Errors", "It shows errors"),
        Problem.Slow => ("Slow", "It's very slow"),
        Problem.MissingData => ("Missing data", "Something is missing"),
        Problem.Payment => ("Payment", "Payments fail"),
        _ => ("Something else", "Something else"),
    };

    /// <summary>The same, and in a sentence.</summary>
    protected virtual (string Name, string Asked, string Named) Said(Surface surface) => surface switch
    {
        Surface.Web => ("Website", "Website", "the website"),
        Surface.Desktop => ("Desktop app", "Desktop app", "the desktop app"),
        Surface.Ios => ("iOS app", "iPhone or iPad app", "the iOS app"),
        Surface.Android => ("Android app", "Android app", "the Android app"),
        Surface.Api => ("API", "API", "the API"),
        _ => ("Not said", "I'd rather not say", "the API"),
    };

    /// <summary>One or two words beside the status mark.</summary>
    internal virtual string Of(ServiceStatus status) => status switch
    {
        ServiceStatus.Outage => "Outage",
        ServiceStatus.Elevated => "Elevated",
        ServiceStatus.Normal => "As usual",
        _ => "No fresh data",
    };

    /// <summary>Beside the mark of a service; null for the status' own word.</summary>
    internal virtual string? Of(ServiceSummary summary, Freshness? freshness) => summary switch
    {
        { Status: ServiceStatus.Outage } => null,
        { IsJustOver: true } => "Over",
        { Status: ServiceStatus.Unknown } => Unknown(freshness),
        _ => null,
    };

    /// <summary>The same, where more is known of it.</summary>
    internal virtual string? Of(Situation situation) => situation switch
    {
        { Finding: Finding.Over or Finding.OverOfMembers } when !situation.MembersElevated.Any() => "Over",
        { Finding: Finding.Crowd or Finding.CrowdOfMembers, Worst: ServiceStatus.Normal } => "Too early to tell",
        { Worst: ServiceStatus.Unknown } => Unknown(situation.Freshness),
        _ => null,
    };

    private static string? Unknown(Freshness? freshness) =>
        freshness is { TellsNow: true } ? "No history yet" : freshness is { IsStale: false } ? "Not known yet" : null;

    internal virtual string Of(PhaseKind phase) => phase switch
    {
        PhaseKind.Onset => "Onset",
        PhaseKind.Peak => "Peak",
        PhaseKind.Recovery => "Recovery",
        PhaseKind.Recurrence => "Recurrence",
        _ => "End",
    };

    /// <summary>After "reviewed:".</summary>
    internal virtual string Of(ReviewVerdict verdict) => verdict switch
    {
        ReviewVerdict.Confirmed => "confirmed",
        ReviewVerdict.FalseAlarm => "a false alarm",
        ReviewVerdict.Collateral => "collateral of trouble elsewhere",
        _ => "unclear",
    };

    /// <summary>Who of two detectors found an outage.</summary>
    internal virtual string Of(FoundBy by) => by switch
    {
        FoundBy.Both => "both",
        FoundBy.Live => "only the live one",
        _ => "only the candidate",
    };

    /// <summary>Digits in groups of three from a number on: "1.234".</summary>
    protected static string Grouped(long number, char mark, long from = 1_000) => number < from
        ? number.ToString(CultureInfo.InvariantCulture)
        : number.ToString("N0", CultureInfo.InvariantCulture).Replace(',', mark);

    private static string Number(double number, string format) => number.ToString(format, CultureInfo.InvariantCulture);

    private static string Some(long count, string unit) => $"{count} {unit}{(count == 1 ? "" : "s")}";

    private static string Two(long large, string unit, long small, string smaller) =>
        small == 0 ? Some(large, unit) : $"{Some(large, unit)} {Some(small, smaller)}";
}
