using OutageAggregator.Runtime.Reading;
using OutageAggregator.TestKit.Web;
using OutageAggregator.Web.Words;
using OutageAggregator.Web.Zones;
using static OutageAggregator.Contracts.Story;

namespace OutageAggregator.Web.Tests.Words;

public sealed class IncidentSentenceTests
{
    private static Dictionary<string, string> Cite(
        Minute from, Minute peakAt, Minute to, int reports, bool isOpen = false, ServerNotice? notice = null, params ImmutableArray<MinuteRange> gaps)
    {
        var at = isOpen ? to : Minute.Max(to, gaps.IsDefaultOrEmpty ? to : gaps[^1].To);
        var incident = Incident(from, isOpen ? null : to) with { Peak = new Peak(peakAt, 1_234) };
        var view = new IncidentView(incident, TestCatalog.Create().Resolve("ChatGPT")!, reports, reports, [], [], [], at) { Gaps = gaps.IsDefault ? [] : gaps };
        var facts = IncidentFacts.Of(view, PageZone.Utc);
        return Languages.All.ToDictionary(l => l.Code, l => l.Mark(notice ?? new ServerNotice(null, Demo: false)) + l.Incident(facts), StringComparer.Ordinal);
    }

    [Fact]
    public void A_resolved_incident_is_cited_in_four_languages()
    {
        var sentence = Cite(At(0, 6), At(0, 15), At(0, 19), 15_403);

        Assert.Equal(
            "ChatGPT: 15,403 reports of trouble between 00:06 and 00:19 UTC on 9 November 2024, 1,234 a minute at the peak at 00:15 "
            + "(crowd reports counted by OutageAggregator).",
            sentence["en"]);
        Assert.Equal(
            "ChatGPT: 15.403 segnalazioni di problemi tra le 00:06 e le 00:19 UTC del 9 novembre 2024, con un picco di 1.234 al minuto alle 00:15 "
            + "(segnalazioni del pubblico contate da OutageAggregator).",
            sentence["it"]);
        Assert.Equal(
            "ChatGPT: 15.403 reportes de problemas entre las 00:06 y las 00:19 UTC del 9 de noviembre de 2024, con un máximo de 1234 por minuto a las 00:15 "
            + "(reportes del público contados por OutageAggregator).",
            sentence["es"]);
        Assert.Equal(
            "از ساعت ۰۰:۰۶ تا ساعت ۰۰:۱۹ UTC روز ۹ نوامبر ۲۰۲۴، ۱۵٬۴۰۳ گزارش مشکل دربارهٔ ChatGPT ثبت شد؛ "
            + "اوج آن ۱٬۲۳۴ گزارش در دقیقه در ساعت ۰۰:۱۵ بود (گزارش‌های مردمی، شمارش OutageAggregator).",
            sentence["fa"]);
    }

    [Theory]
    [InlineData(60.0, true, "Demonstration, not real. ChatGPT: ", "Dimostrazione, dati non reali. ChatGPT: ", "Demostración, datos no reales. ChatGPT: ", "نمایشی و غیرواقعی. از ساعت")]
    [InlineData(60.0, false, "Simulated clock, not live. ChatGPT: ", "Orologio simulato, non dal vivo. ChatGPT: ", "Reloj simulado, no en vivo. ChatGPT: ", "ساعت شبیه‌سازی‌شده، نه زنده. از ساعت")]
    public void A_sentence_about_what_is_not_real_says_so_first(double? speed, bool demo, string en, string it, string es, string fa)
    {
        var sentence = Cite(At(0, 6), At(0, 15), At(0, 19), 1, notice: new ServerNotice(speed, demo));
        Assert.StartsWith(en, sentence["en"], StringComparison.Ordinal);
        Assert.StartsWith(it, sentence["it"], StringComparison.Ordinal);
        Assert.StartsWith(es, sentence["es"], StringComparison.Ordinal);
        Assert.StartsWith(fa, sentence["fa"], StringComparison.Ordinal);
    }

    [Fact]
    public void An_open_incident_says_until_when_it_speaks()
    {
        var sentence = Cite(At(0, 6), At(0, 15), At(0, 20), 1, isOpen: true);
        Assert.Equal(
            "ChatGPT: 1 report of trouble since 00:06 UTC on 9 November 2024, 1,234 a minute at the peak so far at 00:15, and not over at 00:20 "
            + "(crowd reports counted by OutageAggregator).",
            sentence["en"]);
        Assert.StartsWith("ChatGPT: 1 segnalazione di problemi dalle 00:06 UTC del 9 novembre 2024, con un picco finora di", sentence["it"], StringComparison.Ordinal);
        Assert.Contains(", y sin terminar a las 00:20 ", sentence["es"], StringComparison.Ordinal);
        Assert.Equal(
            "از ساعت ۰۰:۰۶ UTC روز ۹ نوامبر ۲۰۲۴ تا ساعت ۰۰:۲۰، ۱ گزارش مشکل دربارهٔ ChatGPT ثبت شد؛ "
            + "اوج آن تاکنون ۱٬۲۳۴ گزارش در دقیقه در ساعت ۰۰:۱۵ بود و هنوز پایان نیافته است (گزارش‌های مردمی، شمارش OutageAggregator).",
            sentence["fa"]);
    }

    [Fact]
    public void An_incident_over_midnight_names_both_days_and_elides_as_Italian_does()
    {
        var sentence = Cite(At(23, 50, -1), At(23, 59, -1), At(1, 5), 2);
        Assert.Contains("between 23:50 UTC on 8 November 2024 and 01:05 UTC on 9 November 2024, 1,234 a minute at the peak at 23:59 ", sentence["en"], StringComparison.Ordinal);
        Assert.Contains("tra le 23:50 UTC dell'8 novembre 2024 e le 01:05 UTC del 9 novembre 2024", sentence["it"], StringComparison.Ordinal);
        Assert.Contains("entre las 23:50 UTC del 8 de noviembre de 2024 y la 01:05 UTC del 9 de noviembre de 2024", sentence["es"], StringComparison.Ordinal);
        Assert.Contains("از ساعت ۲۳:۵۰ UTC روز ۸ نوامبر ۲۰۲۴ تا ساعت ۰۱:۰۵ UTC روز ۹ نوامبر ۲۰۲۴", sentence["fa"], StringComparison.Ordinal);
    }

    [Fact]
    public void A_peak_on_another_day_than_the_onset_says_which()
    {
        var sentence = Cite(At(23, 55, -1), At(0, 4), At(0, 15), 2);
        Assert.Contains("at the peak at 00:04 on 9 November 2024 ", sentence["en"], StringComparison.Ordinal);
        Assert.Contains("alle 00:04 del 9 novembre 2024 ", sentence["it"], StringComparison.Ordinal);
    }

    [Fact]
    public void No_sentence_speaks_of_users()
    {
        var sentence = Cite(At(0, 6), At(0, 15), At(0, 20), 2, isOpen: true);
        Assert.DoesNotContain("user", sentence["en"], StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("utent", sentence["it"], StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("کاربر", sentence["fa"], StringComparison.Ordinal);
        Assert.DoesNotContain("usuari", sentence["es"], StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void An_incident_whose_end_nobody_saw_lasted_at_least_so_long()
    {
        var sentence = Cite(At(0, 0), At(0, 5), At(0, 6), 90, gaps: new MinuteRange(At(0, 6), At(4, 0)));

        Assert.Equal(
            "ChatGPT: 90 reports of trouble between 00:00 and 00:06 UTC on 9 November 2024, 1,234 a minute at the peak at 00:05; "
            + "not observed from 00:06 to 04:00, so it lasted at least 6 minutes (crowd reports counted by OutageAggregator).",
            sentence["en"]);
        Assert.Contains("alle 00:05; non osservato dalle 00:06 alle 04:00, quindi durato almeno 6 minuti (", sentence["it"], StringComparison.Ordinal);
        Assert.Contains("a las 00:05; sin observación desde las 00:06 hasta las 04:00, así que duró al menos 6 minutos (", sentence["es"], StringComparison.Ordinal);
        Assert.Contains("؛ از ساعت ۰۰:۰۶ تا ساعت ۰۴:۰۰ مشاهده نشد، پس دست‌کم ۶ دقیقه طول کشید (", sentence["fa"], StringComparison.Ordinal);
    }

    [Fact]
    public void Gaps_inside_an_incident_are_no_part_of_its_length()
    {
        var sentence = Cite(
            At(0, 0), At(0, 5), At(2, 0), 90, gaps: [new MinuteRange(At(0, 10), At(0, 20)), new MinuteRange(At(1, 0), At(1, 30))]);

        Assert.Contains("; not observed for 40 minutes in 2 stretches, so it lasted at least 1 hour 20 minutes (", sentence["en"], StringComparison.Ordinal);
        Assert.Contains("; non osservato per 40 minuti, quindi durato almeno 80 minuti (", sentence["it"], StringComparison.Ordinal);
    }

    [Fact]
    public void An_open_incident_that_nobody_sees_any_more_was_seen_last_before_the_gap()
    {
        var sentence = Cite(At(0, 0), At(0, 5), At(4, 1), 90, isOpen: true, gaps: new MinuteRange(At(0, 6), At(4, 0)));

        Assert.Contains(
            "since 00:00 UTC on 9 November 2024, 1,234 a minute at the peak so far at 00:05, last seen at 00:05; not observed from 00:06 to 04:00 (",
            sentence["en"], StringComparison.Ordinal);
        Assert.Contains(", visto l'ultima volta alle 00:05; non osservato dalle 00:06 alle 04:00 (", sentence["it"], StringComparison.Ordinal);
    }

    [Fact]
    public void A_gap_that_goes_on_has_no_end()
    {
        var sentence = Cite(At(0, 0), At(0, 5), At(0, 30), 90, isOpen: true, gaps: new MinuteRange(At(0, 6), At(0, 31)));

        Assert.Contains(", last seen at 00:05; not observed since 00:06 (", sentence["en"], StringComparison.Ordinal);
    }

    [Theory]
    // The day before, the night in which an hour comes twice, and the one in which it never comes.
    [InlineData("America/New_York", "2024-11-09T00:06Z", 13, "between 19:06 and 19:19 UTC−5 on 8 November 2024")]
    [InlineData("Europe/Rome", "2024-11-08T22:50Z", 20, "between 23:50 UTC+1 on 8 November 2024 and 00:10 UTC+1 on 9 November 2024")]
    [InlineData("Asia/Kathmandu", "2024-11-09T00:06Z", 13, "between 05:51 and 06:04 UTC+5:45 on 9 November 2024")]
    [InlineData("Europe/Rome", "2024-10-27T00:40Z", 40, "between 02:40 UTC+2 and 02:20 UTC+1 on 27 October 2024")]
    [InlineData("Europe/Rome", "2024-03-31T00:50Z", 20, "between 01:50 UTC+1 and 03:10 UTC+2 on 31 March 2024")]
    public void A_page_tells_it_in_its_own_zone(string zone, string from, int minutes, string when)
    {
        var start = Minute.Of(DateTimeOffset.Parse(from, CultureInfo.InvariantCulture));
        var view = new IncidentView(
            Incident(start, start + minutes), TestCatalog.Create().Resolve("ChatGPT")!, 9, 9, [], [], [], start + minutes);

        var told = ZoneNames.Find(zone)!;

        Assert.Contains(when, Languages.English.In(told).Incident(IncidentFacts.Of(view, told)), StringComparison.Ordinal);
    }
}
