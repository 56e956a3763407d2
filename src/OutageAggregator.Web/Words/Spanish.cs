namespace OutageAggregator.Web.Words;

/// <summary>Spanish: 1234 but 12.345; one o'clock is singular.</summary>
internal sealed class Spanish : English
{
    private static readonly string[] s_months =
        ["enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"];

    internal override string Code => "es";
    internal override string Mark(ServerNotice notice) =>
        notice.Demo ? "Demostración, datos no reales. " : notice.ClockSpeed is null ? "" : "Reloj simulado, no en vivo. ";
    internal override string Incident(IncidentFacts facts)
    {
        var reports = $"{Grouped(facts.Reports, '.', 10_000)} {(facts.Reports == 1 ? "reporte" : "reportes")} de problemas";
        var when = facts.IsOpen ? $"desde {Hour(facts.From)} UTC {OnDay(facts.From)}"
            : facts.IsOneDay ? $"entre {Hour(facts.From)} y {Hour(facts.To)} UTC {OnDay(facts.From)}"
            : $"entre {Hour(facts.From)} UTC {OnDay(facts.From)} y {Hour(facts.To)} UTC {OnDay(facts.To)}";
        var peakDay = facts.IsPeakElsewhere ? $" {OnDay(facts.PeakAt)}" : "";
        var peak = $"con un máximo {(facts.IsOpen ? "hasta ahora " : "")}de {Grouped(facts.Peak, '.', 10_000)} por minuto a "
            + $"{Hour(facts.PeakAt)}{peakDay}";
        var open = facts.IsOpen ? $", y sin terminar a {Hour(facts.To)}{(facts.IsOneDay ? "" : $" {OnDay(facts.To)}")}" : "";
        open = facts.LastSeen is { } seen ? $", visto por última vez a {Hour(seen)}{(facts.IsOneDay ? "" : $" {OnDay(seen)}")}" : open;
        var gaps = facts.Gaps is [] ? ""
            : (facts.Gaps is [var gap] && !facts.LastsUnseen ? $"; sin observación desde {Hour(gap.From.Start)} hasta {Hour(gap.To.Start)}"
                : $"; sin observación durante {Grouped(facts.Unobserved, '.', 10_000)} minutos")
                + (facts.IsOpen ? "" : $", así que duró al menos {Grouped(facts.Minutes, '.', 10_000)} {(facts.Minutes == 1 ? "minuto" : "minutos")}");
        return $"{facts.Name}: {reports} {when}, {peak}{open}{gaps} (reportes del público contados por OutageAggregator).";
    }

    private static string OnDay(DateTimeOffset at) => $"del {at.Day} de {s_months[at.Month - 1]} de {at.Year}";
    private string Hour(DateTimeOffset at) => $"{(at.Hour == 1 ? "la" : "las")} {Clock(at)}";
}
