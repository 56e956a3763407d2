namespace OutageAggregator.Web.Words;

/// <summary>Persian: ۱٬۲۳۴, its own digits, month names of the Gregorian calendar; nouns stay singular after a number.</summary>
internal sealed class Persian : English
{
    private static readonly string[] s_months =
        ["ژانویه", "فوریه", "مارس", "آوریل", "مه", "ژوئن", "ژوئیه", "اوت", "سپتامبر", "اکتبر", "نوامبر", "دسامبر"];

    internal override string Code => "fa";
    internal override string Direction => "rtl";
    internal override string Mark(ServerNotice notice) =>
        notice.Demo ? "نمایشی و غیرواقعی. " : notice.ClockSpeed is null ? "" : "ساعت شبیه‌سازی‌شده، نه زنده. ";

    // The name stands inside the sentence: text that begins with Latin letters would be laid out from the left.
    internal override string Incident(IncidentFacts facts)
    {
        var from = $"از ساعت {Hour(facts.From)} {(facts.IsOneDay && !facts.IsOpen ? "" : $"UTC روز {OnDay(facts.From)} ")}";
        var to = facts.IsOpen ? $"تا ساعت {Hour(facts.To)}{(facts.IsOneDay ? "" : $" روز {OnDay(facts.To)}")}"
            : $"تا ساعت {Hour(facts.To)} UTC روز {OnDay(facts.To)}";
        var reports = $"{Digits(Grouped(facts.Reports, '٬'))} گزارش مشکل دربارهٔ {facts.Name}";
        var peakDay = facts.IsPeakElsewhere ? $" روز {OnDay(facts.PeakAt)}" : "";
        var peak = $"اوج آن {(facts.IsOpen ? "تاکنون " : "")}{Digits(Grouped(facts.Peak, '٬'))} گزارش در دقیقه در ساعت "
            + $"{Hour(facts.PeakAt)}{peakDay} بود";
        var open = facts.IsOpen ? " و هنوز پایان نیافته است" : "";
        open = facts.LastSeen is { } seen ? $" و آخرین بار در ساعت {Hour(seen)}{(facts.IsOneDay ? "" : $" روز {OnDay(seen)}")} دیده شد" : open;
        var gaps = facts.Gaps is [] ? ""
            : (facts.Gaps is [var gap] && !facts.LastsUnseen ? $"؛ از ساعت {Hour(gap.From.Start)} تا ساعت {Hour(gap.To.Start)} مشاهده نشد"
                : $"؛ {Digits(Grouped(facts.Unobserved, '٬'))} دقیقه مشاهده نشد")
                + (facts.IsOpen ? "" : $"، پس دست‌کم {Digits(Grouped(facts.Minutes, '٬'))} دقیقه طول کشید");
        return $"{from}{to}، {reports} ثبت شد؛ {peak}{open}{gaps} (گزارش‌های مردمی، شمارش OutageAggregator).";
    }

    private static string OnDay(DateTimeOffset at) => Digits($"{at.Day} {s_months[at.Month - 1]} {at.Year}");
    private string Hour(DateTimeOffset at) => Digits(Clock(at));

    private static string Digits(string text) => string.Create(text.Length, text, static (span, source) =>
    {
        for (var i = 0; i < span.Length; i++)
            span[i] = char.IsAsciiDigit(source[i]) ? (char)('۰' + (source[i] - '0')) : source[i];
    });
}
