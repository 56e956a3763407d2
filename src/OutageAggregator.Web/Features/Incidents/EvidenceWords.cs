using System.Globalization;
using OutageAggregator.Core.Incidents;
using OutageAggregator.Core.Services;
using OutageAggregator.Web.Charts;
using OutageAggregator.Web.Resources;

namespace OutageAggregator.Web.Features.Incidents;

/// <summary>Why an incident was called one: the numbers of its verdict as sentences somebody can quote and check.</summary>
internal static class EvidenceWords
{
    /// <summary>The reason, in two or three sentences.</summary>
    internal static string Why(string name, Incident incident)
    {
        var evidence = incident.Evidence;
        var where = evidence.Region == Region.World ? "" : $" from {evidence.Region.Name}";
        var reporters = evidence.Observed == 1 ? "1 reporter" : $"{ChartWords.Count(evidence.Observed)} different reporters";
        var stretch = evidence.WindowMinutes == 1 ? "a single minute" : string.Create(CultureInfo.InvariantCulture, $"{evidence.WindowMinutes} minutes");
        var usual = evidence.Expected < 1 ? "fewer than one is usual" : $"about {ChartWords.Usual(evidence.Expected)} are usual";
        return $"Within {stretch}, {reporters}{where} said {name} was down, where {usual} at that hour of the week. "
            + $"Chance alone would hardly ever bring more than {ChartWords.Count(evidence.Upper)}. {Odds(evidence.Log10PValue)}";
    }

    /// <summary>How unlikely that is on a usual day, without false precision.</summary>
    internal static string Odds(double log10PValue) => log10PValue switch
    {
        > -1 => "On a usual day as many would come now and then.",
        > -15 => $"On a usual day as many would come in {Fraction(log10PValue)} such stretches.",
        _ => "On a usual day as many would practically never come.",
    };

    /// <summary>The exact number: "0.00032", "2.1 × 10⁻⁹", "10⁻³⁴²".</summary>
    internal static string PValue(double log10PValue)
    {
        if (log10PValue > -4)
            return Math.Pow(10, log10PValue).ToString("0.####", CultureInfo.InvariantCulture);
        var exponent = (int)Math.Floor(log10PValue);
        var digits = Math.Pow(10, log10PValue - exponent).ToString("0.0", CultureInfo.InvariantCulture);
        return $"{digits} × 10{Superscript(exponent)}";
    }

    /// <summary>What an event of the log means to a reader.</summary>
    internal static string Of(IncidentEvent logged)
    {
        var peak = logged.Incident is { } incident ? $"{ChartWords.Count(incident.Peak.ReportsPerMinute)} reports a minute" : "";
        return logged.Kind switch
        {
            IncidentEventKind.Opened => "Incident opened",
            IncidentEventKind.Grew => $"Grew: up to {peak}{In(logged.Incident)}",
            IncidentEventKind.Recovering => "Recovering: the reports fall towards the usual",
            IncidentEventKind.Recurred => "Came back: a new surge in the same incident",
            IncidentEventKind.Resolved => $"Over{(logged.Incident is { EndedAt: { } ended } over ? $", after {Labels.Span(ended.Start - over.StartedAt.Start)}" : "")}",
            IncidentEventKind.Elevated => "More reports than usual",
            _ => "Back to the usual",
        };
    }

    private static string In(Incident? incident) =>
        incident is { Regions.Length: > 0 } ? $", in outage: {string.Join(", ", incident.Regions.Take(8).Select(r => r.Name))}{(incident.Regions.Length > 8 ? " and more" : "")}" : "";

    private static string Fraction(double log10PValue)
    {
        var one = Math.Pow(10, -log10PValue);
        return one switch
        {
            < 1e3 => $"one of {ChartWords.Count(Math.Round(one, -1))}",
            < 1e6 => $"one of {ChartWords.Count(Math.Floor(one / 1e3))} thousand",
            < 1e9 => $"one of {ChartWords.Count(Math.Floor(one / 1e6))} million",
            < 1e12 => $"one of {ChartWords.Count(Math.Floor(one / 1e9))} billion",
            _ => $"one of {ChartWords.Count(Math.Floor(one / 1e12))} trillion",
        };
    }

    private static string Superscript(int exponent) => string.Concat(
        exponent.ToString(CultureInfo.InvariantCulture).Select(c => c == '-' ? '⁻' : "⁰¹²³⁴⁵⁶⁷⁸⁹"[c - '0']));
}
