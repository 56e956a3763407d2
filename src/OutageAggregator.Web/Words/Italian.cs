namespace OutageAggregator.Web.Words;

/// <summary>Italian: 1.234; elisions before 8 and 11.</summary>
internal sealed class Italian : English
{
    private static readonly string[] s_months =
        ["gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno", "luglio", "agosto", "settembre", "ottobre", "novembre", "dicembre"];

    internal override string Code => "it";
    internal override string Mark(ServerNotice notice) =>
        notice.Demo ? "Dimostrazione, dati non reali. " : notice.ClockSpeed is null ? "" : "Orologio simulato, non dal vivo. ";
    internal override string Incident(IncidentFacts facts)
    {
        var reports = $"{Grouped(facts.Reports, '.')} {(facts.Reports == 1 ? "segnalazione" : "segnalazioni")} di problemi";
        var when = facts.IsOpen ? $"dalle {Clock(facts.From)} UTC {OnDay(facts.From)}"
            : facts.IsOneDay ? $"tra le {Clock(facts.From)} e le {Clock(facts.To)} UTC {OnDay(facts.From)}"
            : $"tra le {Clock(facts.From)} UTC {OnDay(facts.From)} e le {Clock(facts.To)} UTC {OnDay(facts.To)}";
        var peakDay = facts.IsPeakElsewhere ? $" {OnDay(facts.PeakAt)}" : "";
        var peak = $"con un picco {(facts.IsOpen ? "finora " : "")}di {Grouped(facts.Peak, '.')} al minuto alle "
            + $"{Clock(facts.PeakAt)}{peakDay}";
        var open = facts.IsOpen ? $", non ancora terminato alle {Clock(facts.To)}{(facts.IsOneDay ? "" : $" {OnDay(facts.To)}")}" : "";
        open = facts.LastSeen is { } seen ? $", visto l'ultima volta alle {Clock(seen)}{(facts.IsOneDay ? "" : $" {OnDay(seen)}")}" : open;
        var gaps = facts.Gaps is [] ? ""
            : (facts.Gaps is [var gap] && !facts.LastsUnseen ? $"; non osservato dalle {Clock(gap.From.Start)} alle {Clock(gap.To.Start)}"
                : $"; non osservato per {Grouped(facts.Unobserved, '.')} minuti")
                + (facts.IsOpen ? "" : $", quindi durato almeno {Grouped(facts.Minutes, '.')} {(facts.Minutes == 1 ? "minuto" : "minuti")}");
        return $"{facts.Name}: {reports} {when}, {peak}{open}{gaps} (segnalazioni del pubblico contate da OutageAggregator).";
    }

    private static string OnDay(DateTimeOffset at)
    {
        var month = $"{s_months[at.Month - 1]} {at.Year}";
        return at.Day switch
        {
            1 => $"del 1º {month}",
            8 or 11 => $"dell'{at.Day} {month}",
            _ => $"del {at.Day} {month}",
        };
    }
}
