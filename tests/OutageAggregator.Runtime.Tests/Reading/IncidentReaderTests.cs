using Microsoft.Extensions.DependencyInjection;
using OutageAggregator.Runtime.Reading;
using OutageAggregator.Storage;
using static OutageAggregator.Contracts.Story;

namespace OutageAggregator.Runtime.Tests.Reading;

public sealed class IncidentReaderTests
{
    private static async Task<IncidentView> View(ReadingWorld world, Incident incident)
    {
        await world.LogAsync(incident.Service.ToString(), IncidentEventKind.Opened, ServiceStatus.Outage, incident);
        return (await world.Get<IncidentReader>().ReadAsync(incident.Id, default))!;
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_incident_counts_what_was_reported_from_its_onset_to_its_end(bool onDisk)
    {
        await using var world = new ReadingWorld(onDisk);
        await world.CountAsync("chatgpt", Italy, At(22, 59, -1), 1_000);
        await world.CountAsync("chatgpt", Italy, At(23, 0, -1), 6, Problem.Login, Surface.Ios);
        await world.CountAsync("chatgpt", Spain, At(23, 29, -1), 2);
        await world.CountAsync("chatgpt", Spain, At(23, 29, -1), 70, late: true);
        await world.CountAsync("chatgpt", Italy, At(23, 30, -1), 1_000);

        var view = await View(world, Incident(At(23, 0, -1), At(23, 30, -1)));

        Assert.Equal((8, 8), (view.Reports, view.Reporters));
        Assert.Equal([new Share<Problem>(Problem.Login, 6, 0.75), new Share<Problem>(Problem.Unavailable, 2, 0.25)], view.Problems);
        Assert.Equal([new Share<Surface>(Surface.Ios, 6, 0.75), new Share<Surface>(Surface.Web, 2, 0.25)], view.Surfaces);
        Assert.Equal([new Share<Region>(Italy, 6, 0.75), new Share<Region>(Spain, 2, 0.25)], view.Regions);
    }

    [Fact]
    public async Task An_open_incident_counts_up_to_now_and_grows()
    {
        await using var world = new ReadingWorld();
        await world.CountAsync("chatgpt", Italy, world.Now, 5);
        Assert.Equal(5, (await View(world, Incident(At(0, 6)))).Reports);
        world.Clock.Advance(TimeSpan.FromMinutes(1));
        await world.CountAsync("chatgpt", Italy, world.Now, 7);
        Assert.Equal(12, (await world.Get<IncidentReader>().ReadAsync(Incident(At(0, 6)).Id, default))!.Reports);
    }

    [Fact]
    public async Task The_worst_minute_of_an_open_incident_is_known_before_the_log_tells_it()
    {
        await using var world = new ReadingWorld();
        await world.CountAsync("chatgpt", Italy, At(0, 17), 3_000);
        var open = await View(world, Incident(At(0, 6), peak: 1_234));
        Assert.Equal(new Peak(At(0, 17), 3_000), open.Incident.Peak);
        Assert.Contains("3,000 a minute at the peak so far at 00:17", open.Sentence.En, StringComparison.Ordinal);
        var over = Incident(At(0, 6), At(0, 18), peak: 1_234);
        await world.LogAsync("chatgpt", IncidentEventKind.Resolved, ServiceStatus.Normal, over);
        var resolved = (await world.Get<IncidentReader>().ReadAsync(over.Id, default))!;
        Assert.Equal(open.Incident.Peak, resolved.Incident.Peak);
        Assert.Contains("3,000 a minute at the peak at 00:17", resolved.Sentence.En, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_logged_before_reports_were_withdrawn_stands()
    {
        await using var world = new ReadingWorld();
        await world.CountAsync("chatgpt", Italy, At(0, 17), 3_000);
        var open = await View(world, Incident(At(0, 6), peak: 1_234));
        world.Clock.Advance(TimeSpan.FromSeconds(1));
        await world.CountAsync("chatgpt", Italy, At(0, 17), 5);
        Assert.Equal(1_234, (await world.Get<IncidentReader>().ReadAsync(open.Incident.Id, default))!.Incident.Peak.ReportsPerMinute);
    }

    [Fact]
    public async Task Reporters_are_counted_once_although_they_reported_twice()
    {
        await using var world = new ReadingWorld();
        for (ulong batch = 0; batch < 2; batch++)
        {
            var at = At(22, 0, -1) + ((int)batch * 45);
            var reports = Enumerable.Range(1, 10)
                .Select(r => new Report(new Reporter((ulong)r * 0x9E3779B97F4A7C15, (ulong)r), ReportCell.Of(ReportKind.Down, Problem.Slow, Surface.Web), at));
            await world.Counts.AppendAsync(
                new ReportBatch(new BatchId(batch + 1), new WatchKey(world.ChatGpt.Slug, Italy), at.Start, [.. reports]), default);
        }
        var view = await View(world, Incident(At(22, 0, -1), At(23, 0, -1)));
        Assert.Equal((20, 10), (view.Reports, view.Reporters));
    }

    [Fact]
    public async Task An_incident_that_is_not_there_is_null_and_has_no_events()
    {
        await using var world = new ReadingWorld();
        var id = Incident(At(0, 6)).Id;
        Assert.Null(await world.Get<IncidentReader>().ReadAsync(id, default));
        Assert.Empty(await world.Get<IncidentReader>().EventsAsync(id, default));
    }

    [Fact]
    public async Task An_incident_of_a_service_that_left_the_catalog_is_still_told()
    {
        await using var world = new ReadingWorld();
        var view = await View(world, Incident(At(23, 0, -1), At(23, 30, -1), "vanished"));
        Assert.Equal("vanished", view.Service.Name);
    }

    [Fact]
    public async Task A_resolved_incident_is_cited_in_four_languages()
    {
        await using var world = new ReadingWorld();
        for (var minute = 6; minute < 18; minute++)
            await world.CountAsync("chatgpt", Italy, At(0, minute), 1_200);
        await world.CountAsync("chatgpt", Italy, At(0, 18), 1_003);
        var sentence = (await View(world, Incident(At(0, 6), At(0, 19)))).Sentence;
        Assert.Equal(
            "ChatGPT: 15,403 reports of trouble between 00:06 and 00:19 UTC on 9 November 2024, 1,234 a minute at the peak at 00:15 "
            + "(crowd reports counted by OutageAggregator).",
            sentence.En);
        Assert.Equal(
            "ChatGPT: 15.403 segnalazioni di problemi tra le 00:06 e le 00:19 UTC del 9 novembre 2024, con un picco di 1.234 al minuto alle 00:15 "
            + "(segnalazioni del pubblico contate da OutageAggregator).",
            sentence.It);
        Assert.Equal(
            "ChatGPT: 15.403 reportes de problemas entre las 00:06 y las 00:19 UTC del 9 de noviembre de 2024, con un máximo de 1234 por minuto a las 00:15 "
            + "(reportes del público contados por OutageAggregator).",
            sentence.Es);
        Assert.Equal(
            "از ساعت ۰۰:۰۶ تا ساعت ۰۰:۱۹ UTC روز ۹ نوامبر ۲۰۲۴، ۱۵٬۴۰۳ گزارش مشکل دربارهٔ ChatGPT ثبت شد؛ "
            + "اوج آن ۱٬۲۳۴ گزارش در دقیقه در ساعت ۰۰:۱۵ بود (گزارش‌های مردمی، شمارش OutageAggregator).",
            sentence.Fa);
    }

    [Theory]
    [InlineData(60.0, true, "Demonstration, not real. ChatGPT: ", "Dimostrazione, dati non reali. ChatGPT: ", "Demostración, datos no reales. ChatGPT: ", "نمایشی و غیرواقعی. از ساعت")]
    [InlineData(60.0, false, "Simulated clock, not live. ChatGPT: ", "Orologio simulato, non dal vivo. ChatGPT: ", "Reloj simulado, no en vivo. ChatGPT: ", "ساعت شبیه‌سازی‌شده، نه زنده. از ساعت")]
    public async Task A_sentence_about_what_is_not_real_says_so_first(double? speed, bool demo, string en, string it, string es, string fa)
    {
        await using var world = new ReadingWorld(configure: s => s.AddSingleton(new ServerNotice(speed, demo)));
        var sentence = (await View(world, Incident(At(0, 6), At(0, 19)))).Sentence;
        Assert.StartsWith(en, sentence.En, StringComparison.Ordinal);
        Assert.StartsWith(it, sentence.It, StringComparison.Ordinal);
        Assert.StartsWith(es, sentence.Es, StringComparison.Ordinal);
        Assert.StartsWith(fa, sentence.Fa, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_open_incident_says_until_when_it_speaks()
    {
        await using var world = new ReadingWorld();
        await world.CountAsync("chatgpt", Italy, At(0, 6), 1);
        var sentence = (await View(world, Incident(At(0, 6)))).Sentence;
        Assert.Equal(
            "ChatGPT: 1 report of trouble since 00:06 UTC on 9 November 2024, 1,234 a minute at the peak so far at 00:15, and not over at 00:20 "
            + "(crowd reports counted by OutageAggregator).",
            sentence.En);
        Assert.StartsWith("ChatGPT: 1 segnalazione di problemi dalle 00:06 UTC del 9 novembre 2024, con un picco finora di", sentence.It, StringComparison.Ordinal);
        Assert.Contains(", y sin terminar a las 00:20 ", sentence.Es, StringComparison.Ordinal);
        Assert.Equal(
            "از ساعت ۰۰:۰۶ UTC روز ۹ نوامبر ۲۰۲۴ تا ساعت ۰۰:۲۰، ۱ گزارش مشکل دربارهٔ ChatGPT ثبت شد؛ "
            + "اوج آن تاکنون ۱٬۲۳۴ گزارش در دقیقه در ساعت ۰۰:۱۵ بود و هنوز پایان نیافته است (گزارش‌های مردمی، شمارش OutageAggregator).",
            sentence.Fa);
    }

    [Fact]
    public async Task An_incident_over_midnight_names_both_days_and_elides_as_Italian_does()
    {
        await using var world = new ReadingWorld();
        var sentence = (await View(world, Incident(At(23, 50, -1), At(1, 5)))).Sentence;
        Assert.Contains("between 23:50 UTC on 8 November 2024 and 01:05 UTC on 9 November 2024, 1,234 a minute at the peak at 23:59 ", sentence.En, StringComparison.Ordinal);
        Assert.Contains("tra le 23:50 UTC dell'8 novembre 2024 e le 01:05 UTC del 9 novembre 2024", sentence.It, StringComparison.Ordinal);
        Assert.Contains("entre las 23:50 UTC del 8 de noviembre de 2024 y la 01:05 UTC del 9 de noviembre de 2024", sentence.Es, StringComparison.Ordinal);
        Assert.Contains("از ساعت ۲۳:۵۰ UTC روز ۸ نوامبر ۲۰۲۴ تا ساعت ۰۱:۰۵ UTC روز ۹ نوامبر ۲۰۲۴", sentence.Fa, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_peak_on_another_day_than_the_onset_says_which()
    {
        await using var world = new ReadingWorld();
        var sentence = (await View(world, Incident(At(23, 55, -1), At(0, 15)))).Sentence;
        Assert.Contains("at the peak at 00:04 on 9 November 2024 ", sentence.En, StringComparison.Ordinal);
        Assert.Contains("alle 00:04 del 9 novembre 2024 ", sentence.It, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_sentence_speaks_of_users()
    {
        await using var world = new ReadingWorld();
        var (en, it, fa, es) = (await View(world, Incident(At(0, 6)))).Sentence;
        Assert.DoesNotContain("user", en, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("utent", it, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("کاربر", fa, StringComparison.Ordinal);
        Assert.DoesNotContain("usuari", es, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Incidents_are_found_latest_first_with_their_counts()
    {
        await using var world = new ReadingWorld();
        await world.CountAsync("claude", Italy, At(0, 10), 3);
        await world.LogAsync("chatgpt", IncidentEventKind.Resolved, ServiceStatus.Normal, Incident(At(20, 0, -1), At(21, 0, -1)));
        await world.LogAsync("claude", IncidentEventKind.Opened, ServiceStatus.Outage, Incident(At(0, 6), service: "claude"));
        var found = await world.Get<IncidentReader>().FindAsync(new IncidentQuery(), default);
        Assert.Equal([("claude-1", 3), ("chatgpt-1", 0)], found.Select(v => (v.Incident.Id.ToString(), v.Reports)));
    }
}
