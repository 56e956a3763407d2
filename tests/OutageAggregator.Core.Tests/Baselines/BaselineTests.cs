using NodaTime;
using OutageAggregator.Core.Baselines;

namespace OutageAggregator.Core.Tests.Baselines;

public sealed class BaselineTests
{
    // A Monday, 00:00 UTC.
    private static readonly Minute s_monday = Minute.Of(new DateTimeOffset(2024, 10, 14, 0, 0, 0, TimeSpan.Zero));

    [Fact]
    public void Nothing_learnt_expects_the_stated_prior_and_is_not_sure_of_it()
    {
        var expectation = new Baseline(DateTimeZone.Utc).At(s_monday);

        Assert.Equal(0.2, expectation.Mean, 6);
        Assert.True(expectation.Dispersion >= 1);
    }

    [Fact]
    public void The_shape_of_the_day_and_of_the_week_is_learnt()
    {
        var baseline = Learnt(DateTimeZone.Utc, days: 28, RateOfAnOffice);

        foreach (var day in new[] { 28, 29, 33, 34 })
        {
            foreach (var hour in new[] { 3, 9, 12, 18 })
            {
                var at = s_monday + (day * Minute.PerDay) + (hour * 60) + 15;
                Assert.InRange(baseline.At(at).Mean / RateOfAnOffice(at), 0.85, 1.18);
            }
        }
    }

    [Fact]
    public void An_outage_that_nobody_noticed_spoils_the_same_hour_a_week_later_only_a_little()
    {
        var outage = new MinuteRange(s_monday + (7 * Minute.PerDay) + 600, s_monday + (7 * Minute.PerDay) + 720);
        var clean = Learnt(DateTimeZone.Utc, days: 14, RateOfAnOffice);
        var spoilt = Learnt(DateTimeZone.Utc, days: 14, m => RateOfAnOffice(m) * (outage.Contains(m) ? 40 : 1));

        var at = outage.From + (7 * Minute.PerDay) + 45;
        Assert.InRange(spoilt.At(at).Mean / clean.At(at).Mean, 1.0, 1.5);
    }

    [Fact]
    public void Spans_of_an_incident_teach_nothing()
    {
        var clean = Learnt(DateTimeZone.Utc, days: 14, RateOfAnOffice);
        var marked = Learnt(DateTimeZone.Utc, days: 14, RateOfAnOffice);
        var span = s_monday + (10 * Minute.PerDay) + 600;
        marked.Learn(span, 50_000, 0);

        Assert.InRange(marked.At(span + (4 * Minute.PerDay)).Mean / clean.At(span + (4 * Minute.PerDay)).Mean, 0.97, 1.03);
    }

    [Fact]
    public void When_the_clocks_change_the_day_moves_with_them()
    {
        // Berlin left summer time on 27 October 2024: from then on 08:00 there is 07:00 UTC instead of 06:00.
        var berlin = DateTimeZoneProviders.Tzdb["Europe/Berlin"];
        var baseline = Learnt(berlin, days: 14, m => LocalHour(berlin, m) is >= 8 and < 18 ? 10 : 1);

        var monday = s_monday + (14 * Minute.PerDay);
        Assert.InRange(baseline.At(monday + (6 * 60) + 15).Mean, 0.9, 3.5);
        Assert.InRange(baseline.At(monday + (7 * 60) + 45).Mean, 8, 11);
        Assert.InRange(baseline.At(monday + (16 * 60) + 15).Mean, 8, 11);
    }

    [Fact]
    public void Learning_one_by_one_and_all_at_once_is_the_same()
    {
        var all = Learnt(DateTimeZone.Utc, days: 20, RateOfAnOffice);
        var asked = new Baseline(DateTimeZone.Utc);
        for (var span = s_monday; span < s_monday + (20 * Minute.PerDay); span += Baseline.SpanMinutes)
        {
            asked.Learn(span, Sum(span, RateOfAnOffice), Baseline.SpanMinutes);
            _ = asked.At(span + 210);
        }

        for (var at = s_monday + (20 * Minute.PerDay); at < s_monday + (22 * Minute.PerDay); at += 37)
            Assert.Equal(all.At(at), asked.At(at));
        Assert.Equal(all.At(s_monday + (20 * Minute.PerDay)), all.Copy().At(s_monday + (20 * Minute.PerDay)));
    }

    [Fact]
    public void A_silent_service_expects_almost_nothing_and_never_nothing()
    {
        var baseline = Learnt(DateTimeZone.Utc, days: 28, _ => 0);

        Assert.InRange(baseline.At(s_monday + (28 * Minute.PerDay)).Mean, 1e-9, 1e-3);
    }

    [Fact]
    public void The_expectation_of_a_stretch_is_the_sum_of_its_minutes()
    {
        var baseline = Learnt(DateTimeZone.Utc, days: 14, RateOfAnOffice);
        var from = s_monday + (14 * Minute.PerDay) + 500;
        var sum = Enumerable.Range(0, 90).Sum(i => baseline.At(from + i).Mean);

        Assert.Equal(sum, baseline.Over(from, from + 90).Mean, 6);
    }

    private static double RateOfAnOffice(Minute minute)
    {
        var day = (minute - s_monday) / Minute.PerDay % 7;
        var hour = (minute - s_monday) % Minute.PerDay / 60.0;
        return (day >= 5 ? 2 : 6) * (1.2 + Math.Sin((hour - 6) / 24 * 2 * Math.PI));
    }

    private static int LocalHour(DateTimeZone zone, Minute minute) =>
        Instant.FromDateTimeOffset(minute.Start).InZone(zone).Hour;

    private static Baseline Learnt(DateTimeZone zone, int days, Func<Minute, double> rate)
    {
        var baseline = new Baseline(zone);
        for (var span = s_monday; span < s_monday + (days * Minute.PerDay); span += Baseline.SpanMinutes)
            baseline.Learn(span, Sum(span, rate), Baseline.SpanMinutes);
        return baseline;
    }

    private static int Sum(Minute span, Func<Minute, double> rate) =>
        (int)Math.Round(Enumerable.Range(0, Baseline.SpanMinutes).Sum(i => rate(span + i)));
}
