using System.Globalization;
using OutageAggregator.Core.Incidents;
using OutageAggregator.Core.Series;

namespace OutageAggregator.Runtime.Reading;

/// <summary>
/// The sentence of an incident in English, Italian, Persian and Spanish: how many reports, from when to when in UTC, the peak,
/// and who counted, so that it can be cited alone. It states what was counted and nothing of causes or of how many people were
/// hit: reports are never called users.
/// <para>
/// The process runs without culture data, so the few rules needed are written here, after the Unicode CLDR: grouping marks
/// (en 1,234; it 1.234; es 1234 but 12.345; fa ۱٬۲۳۴), Persian digits, month names of the Gregorian calendar, elisions.
/// Persian nouns stay singular after a number.
/// </para>
/// </summary>
internal static class IncidentSentences
{
    private static readonly string[] s_en =
        ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];
    private static readonly string[] s_it =
        ["gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno", "luglio", "agosto", "settembre", "ottobre", "novembre", "dicembre"];
    private static readonly string[] s_es =
        ["enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"];
    private static readonly string[] s_fa =
        ["ژانویه", "فوریه", "مارس", "آوریل", "مه", "ژوئن", "ژوئیه", "اوت", "سپتامبر", "اکتبر", "نوامبر", "دسامبر"];

    /// <param name="name">The service's name.</param>
    /// <param name="incident">The incident.</param>
    /// <param name="reports">Reports counted while it lasted.</param>
    /// <param name="now">The minute an open incident is told of.</param>
    /// <param name="mark">What each sentence begins with: see <see cref="ServerNotice.Mark"/>.</param>
    public static Sentences Of(string name, Incident incident, int reports, Minute now, Sentences mark)
    {
        var told = new Told(name, reports, incident.Peak.ReportsPerMinute, incident.StartedAt.Start, incident.Peak.At.Start,
            (incident.EndedAt ?? now).Start, incident.EndedAt is null);
        return new Sentences(mark.En + English(told), mark.It + Italian(told), mark.Fa + Persian(told), mark.Es + Spanish(told));
    }

    private static string English(Told t)
    {
        var reports = $"{Grouped(t.Reports, ',')} {(t.Reports == 1 ? "report" : "reports")} of trouble";
        var when = t.IsOpen ? $"since {Clock(t.From)} UTC on {EnglishDay(t.From)}"
            : t.IsOneDay ? $"between {Clock(t.From)} and {Clock(t.To)} UTC on {EnglishDay(t.From)}"
            : $"between {Clock(t.From)} UTC on {EnglishDay(t.From)} and {Clock(t.To)} UTC on {EnglishDay(t.To)}";
        var peakDay = t.IsPeakElsewhere ? $" on {EnglishDay(t.PeakAt)}" : "";
        var peak = $"{Grouped(t.Peak, ',')} a minute at the peak {(t.IsOpen ? "so far " : "")}at {Clock(t.PeakAt)}{peakDay}";
        var open = t.IsOpen ? $", and not over at {Clock(t.To)}{(t.IsOneDay ? "" : $" on {EnglishDay(t.To)}")}" : "";
        return $"{t.Name}: {reports} {when}, {peak}{open} (crowd reports counted by OutageAggregator).";
    }

    private static string Italian(Told t)
    {
        var reports = $"{Grouped(t.Reports, '.')} {(t.Reports == 1 ? "segnalazione" : "segnalazioni")} di problemi";
        var when = t.IsOpen ? $"dalle {Clock(t.From)} UTC {ItalianDay(t.From)}"
            : t.IsOneDay ? $"tra le {Clock(t.From)} e le {Clock(t.To)} UTC {ItalianDay(t.From)}"
            : $"tra le {Clock(t.From)} UTC {ItalianDay(t.From)} e le {Clock(t.To)} UTC {ItalianDay(t.To)}";
        var peakDay = t.IsPeakElsewhere ? $" {ItalianDay(t.PeakAt)}" : "";
        var peak = $"con un picco {(t.IsOpen ? "finora " : "")}di {Grouped(t.Peak, '.')} al minuto alle {Clock(t.PeakAt)}{peakDay}";
        var open = t.IsOpen ? $", non ancora terminato alle {Clock(t.To)}{(t.IsOneDay ? "" : $" {ItalianDay(t.To)}")}" : "";
        return $"{t.Name}: {reports} {when}, {peak}{open} (segnalazioni del pubblico contate da OutageAggregator).";
    }

    private static string Spanish(Told t)
    {
        var reports = $"{Grouped(t.Reports, '.', 10_000)} {(t.Reports == 1 ? "reporte" : "reportes")} de problemas";
        var when = t.IsOpen ? $"desde {SpanishClock(t.From)} UTC {SpanishDay(t.From)}"
            : t.IsOneDay ? $"entre {SpanishClock(t.From)} y {SpanishClock(t.To)} UTC {SpanishDay(t.From)}"
            : $"entre {SpanishClock(t.From)} UTC {SpanishDay(t.From)} y {SpanishClock(t.To)} UTC {SpanishDay(t.To)}";
        var peakDay = t.IsPeakElsewhere ? $" {SpanishDay(t.PeakAt)}" : "";
        var peak = $"con un máximo {(t.IsOpen ? "hasta ahora " : "")}de {Grouped(t.Peak, '.', 10_000)} por minuto a {SpanishClock(t.PeakAt)}{peakDay}";
        var open = t.IsOpen ? $", y sin terminar a {SpanishClock(t.To)}{(t.IsOneDay ? "" : $" {SpanishDay(t.To)}")}" : "";
        return $"{t.Name}: {reports} {when}, {peak}{open} (reportes del público contados por OutageAggregator).";
    }

    // The name stands inside the sentence: text that begins with Latin letters would be laid out from the left.
    private static string Persian(Told t)
    {
        var from = $"از ساعت {PersianClock(t.From)} {(t.IsOneDay && !t.IsOpen ? "" : $"UTC روز {PersianDay(t.From)} ")}";
        var to = t.IsOpen ? $"تا ساعت {PersianClock(t.To)}{(t.IsOneDay ? "" : $" روز {PersianDay(t.To)}")}"
            : $"تا ساعت {PersianClock(t.To)} UTC روز {PersianDay(t.To)}";
        var reports = $"{Digits(Grouped(t.Reports, '٬'))} گزارش مشکل دربارهٔ {t.Name}";
        var peakDay = t.IsPeakElsewhere ? $" روز {PersianDay(t.PeakAt)}" : "";
        var peak = $"اوج آن {(t.IsOpen ? "تاکنون " : "")}{Digits(Grouped(t.Peak, '٬'))} گزارش در دقیقه در ساعت {PersianClock(t.PeakAt)}{peakDay} بود";
        var open = t.IsOpen ? " و هنوز پایان نیافته است" : "";
        return $"{from}{to}، {reports} ثبت شد؛ {peak}{open} (گزارش‌های مردمی، شمارش OutageAggregator).";
    }

    private static string EnglishDay(DateTimeOffset at) => Invariant($"{at.Day} {s_en[at.Month - 1]} {at.Year}");

    private static string ItalianDay(DateTimeOffset at) => at.Day switch
    {
        1 => Invariant($"del 1º {s_it[at.Month - 1]} {at.Year}"),
        8 or 11 => Invariant($"dell'{at.Day} {s_it[at.Month - 1]} {at.Year}"),
        _ => Invariant($"del {at.Day} {s_it[at.Month - 1]} {at.Year}"),
    };

    private static string SpanishDay(DateTimeOffset at) => Invariant($"del {at.Day} de {s_es[at.Month - 1]} de {at.Year}");

    private static string PersianDay(DateTimeOffset at) => Digits(Invariant($"{at.Day} {s_fa[at.Month - 1]} {at.Year}"));

    private static string Clock(DateTimeOffset at) => at.ToString("HH:mm", CultureInfo.InvariantCulture);

    private static string SpanishClock(DateTimeOffset at) => $"{(at.Hour == 1 ? "la" : "las")} {Clock(at)}";

    private static string PersianClock(DateTimeOffset at) => Digits(Clock(at));

    private static string Grouped(long number, char mark, long from = 1_000) =>
        number < from
            ? number.ToString(CultureInfo.InvariantCulture)
            : number.ToString("N0", CultureInfo.InvariantCulture).Replace(',', mark);

    private static string Digits(string text) => string.Create(text.Length, text, static (span, source) =>
    {
        for (var i = 0; i < span.Length; i++)
            span[i] = char.IsAsciiDigit(source[i]) ? (char)('۰' + (source[i] - '0')) : source[i];
    });

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);

    private readonly record struct Told(
        string Name, int Reports, int Peak, DateTimeOffset From, DateTimeOffset PeakAt, DateTimeOffset To, bool IsOpen)
    {
        public bool IsOneDay => From.Date == To.Date;

        public bool IsPeakElsewhere => PeakAt.Date != From.Date;
    }
}
