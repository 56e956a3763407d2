using OutageAggregator.Web.ChartNumbers;
using OutageAggregator.Web.Charts;
using OutageAggregator.Web.Words;
using OutageAggregator.Web.Zones;

namespace OutageAggregator.Browser.Tests;

/// <summary>Charts of every kind of data, without a page around them.</summary>
public sealed class ChartFitTests(Chromium chromium, PageWorldFixture world)
{
    private static readonly (int Span, int Step)[] s_axes =
    [
        (30, 1), (180, 1), (Minute.PerDay, 5), (3 * Minute.PerDay, 15), (30 * Minute.PerDay, 60), (400 * Minute.PerDay, Minute.PerDay),
    ];

    private static readonly int[] s_starts = [0, 3, 341, 717, 1110, 1439];

    [Theory]
    [InlineData("UTC")]
    // The longest names that a zone has, two of them in a year.
    [InlineData("Pacific/Chatham")]
    public async Task No_label_leaves_its_chart_or_touches_another_in_any_font_and_at_any_width(string zone)
    {
        await using var context = await chromium.OpenAsync();
        var page = await context.NewPageAsync();
        await page.GotoAsync(world.Url("/privacy"));
        await Typefaces.BringAsync(page);
        await page.EvaluateAsync("charts => { document.body.innerHTML = charts; }", string.Concat(Charts().Select(c => Figure(c, Languages.English.In(ZoneNames.Find(zone)!)))));
        foreach (var font in Typefaces.All)
        {
            await Typefaces.SetAsync(page, font);
            foreach (var width in new[] { 288, 343, 480, 707, 1000, 1520 })
            {
                await page.EvaluateAsync("width => { document.body.style.inlineSize = `${width}px`; }", width);
                var wrong = await ChartLabels.MisplacedAsync(page);
                Assert.True(wrong.Length == 0, $"{wrong.Length} in '{font}', {width} wide: {string.Join('\n', wrong.Take(10))}");
                // Dates with their years are long: of them a phone may have room for one.
                var least = (int chart) => s_axes[chart / s_starts.Length].Span > 200 * Minute.PerDay && width < 480 ? 1 : 2;
                Assert.All(await ChartLabels.CountAsync(page, "time"), (count, chart) => Assert.InRange(count, least(chart), 10));
            }
        }
    }

    private static string Figure(ChartData chart, English words) =>
        $"<figure class=\"chart\"><div class=\"plot\">{SpikeChart.Render(chart, "Reports", words)}</div></figure>";

    // Every length of axis from every start, with peaks, phases and gaps at ever other places.
    private static IEnumerable<ChartData> Charts()
    {
        var chance = new Random(20241109);
        foreach (var (span, step) in s_axes)
        {
            foreach (var start in s_starts)
            {
                var from = Minute.Of(new DateTimeOffset(2024, 11, 8, 0, 0, 0, TimeSpan.Zero)) + start;
                var steps = span / step;
                var counts = new int[steps];
                counts[chance.Next(steps)] = (int)Math.Pow(10, 1 + (chance.NextDouble() * 6));
                Minute Any() => from + chance.Next(span);
                var (onset, peak) = (Any(), chance.Next(1, span));
                var gap = Any();
                yield return new ChartData(
                    "c", from, from + span, from + span, step,
                    [.. counts.Select((c, i) => new ChartPoint(from + (i * step), c, c / 3, c / 2, 2, 5))],
                    [new MinuteRange(gap, Minute.Min(gap + chance.Next(1, span), from + span))],
                    [
                        new ChartBand(PhaseKind.Onset, onset, onset + (peak / 9) + 1),
                        new ChartBand(PhaseKind.Peak, onset + (peak / 9) + 1, onset + (peak / 3) + 2),
                        new ChartBand(PhaseKind.Recovery, onset + (peak / 3) + 2, onset + (peak / 2) + 3),
                        new ChartBand(PhaseKind.Recurrence, onset + peak + 4, null),
                    ]);
            }
        }
    }
}
