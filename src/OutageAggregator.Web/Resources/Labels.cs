using System.Globalization;
using OutageAggregator.Core.Incidents;
using OutageAggregator.Core.Reports;

namespace OutageAggregator.Web.Resources;

/// <summary>The words for codes, as people read them. English; further languages join here.</summary>
public static class Labels
{
    private static readonly string[] s_problems = ["Doesn't work at all", "Log-in", "Errors", "Slow", "Missing data", "Payment", "Something else"];
    private static readonly string[] s_surfaces = ["Not said", "Website", "Desktop app", "iOS app", "Android app", "API"];

    /// <summary>As tables and the API say it.</summary>
    public static string Of(Problem problem) => s_problems[(int)problem];

    /// <summary>As tables and the API say it.</summary>
    public static string Of(Surface surface) => s_surfaces[(int)surface];

    /// <summary>As a reporter would say it.</summary>
    public static string Asked(Problem problem) => problem switch
    {
        Problem.Unavailable => "It doesn't work at all",
        Problem.Login => "I can't log in",
        Problem.Errors => "It shows errors",
        Problem.Slow => "It's very slow",
        Problem.MissingData => "Something is missing",
        Problem.Payment => "Payments fail",
        _ => "Something else",
    };

    /// <summary>As a reporter would say it.</summary>
    public static string Asked(Surface surface) => surface switch
    {
        Surface.Unknown => "I'd rather not say",
        Surface.Ios => "iPhone or iPad app",
        _ => Of(surface),
    };

    /// <summary>One or two words beside the status mark.</summary>
    public static string Of(ServiceStatus status) => status switch
    {
        ServiceStatus.Outage => "Outage",
        ServiceStatus.Elevated => "Elevated",
        ServiceStatus.Normal => "As usual",
        _ => "No fresh data",
    };

    public static string Of(PhaseKind phase) => phase switch
    {
        PhaseKind.Onset => "Onset",
        PhaseKind.Peak => "Peak",
        PhaseKind.Recovery => "Recovery",
        PhaseKind.Recurrence => "Recurrence",
        _ => "End",
    };

    /// <summary>After "reviewed:".</summary>
    public static string Of(ReviewVerdict verdict) => verdict switch
    {
        ReviewVerdict.Confirmed => "confirmed",
        ReviewVerdict.FalseAlarm => "a false alarm",
        ReviewVerdict.Collateral => "collateral of trouble elsewhere",
        _ => "unclear",
    };

    /// <summary>"1 report", "19,403 reports".</summary>
    public static string Reports(long count) =>
        count == 1 ? "1 report" : string.Create(CultureInfo.InvariantCulture, $"{count:N0} reports");

    /// <summary>"62 times", "1.4 times": one decimal where it matters.</summary>
    public static string Times(double ratio) => ratio < 10
        ? string.Create(CultureInfo.InvariantCulture, $"{ratio:0.#} times")
        : string.Create(CultureInfo.InvariantCulture, $"{ratio:N0} times");

    /// <summary>"26 minutes", "2 hours 5 minutes", "3 days 4 hours".</summary>
    public static string Span(TimeSpan span)
    {
        var minutes = (long)Math.Round(Math.Max(0, span.TotalMinutes));
        return minutes switch
        {
            < 60 => Some(minutes, "minute"),
            < 1440 => Two(minutes / 60, "hour", minutes % 60, "minute"),
            _ => Two(minutes / 1440, "day", minutes % 1440 / 60, "hour"),
        };
    }

    /// <summary>"37 %", "less than 1 %".</summary>
    public static string Percent(double share) => share is > 0 and < 0.01
        ? "less than 1 %"
        : string.Create(CultureInfo.InvariantCulture, $"{Math.Round(share * 100):0} %");

    private static string Some(long count, string unit) => string.Create(CultureInfo.InvariantCulture, $"{count} {unit}{(count == 1 ? "" : "s")}");

    private static string Two(long large, string unit, long small, string smaller) =>
        small == 0 ? Some(large, unit) : $"{Some(large, unit)} {Some(small, smaller)}";
}
