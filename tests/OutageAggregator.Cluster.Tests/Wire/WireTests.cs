using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;
using OutageAggregator.Cluster.Grains;
using OutageAggregator.Core.Verdicts;
using OutageAggregator.Core.Watching;
using OutageAggregator.Runtime.Watching;

namespace OutageAggregator.Cluster.Tests.Wire;

/// <summary>What goes from node to node comes out as it went in.</summary>
public sealed class WireTests : IDisposable
{
    private static readonly Region s_italy = Region.Parse("IT");
    private static readonly Minute s_minute = Minute.Of(new DateTimeOffset(2024, 11, 8, 12, 0, 0, TimeSpan.Zero));
    private static readonly Evidence s_evidence = new("negative-binomial", "minutes-5", s_italy, 5, 320, 12.0 / 7, 31, -41.123456789012345, 300, 8);

    private readonly ServiceProvider _services = new ServiceCollection().AddSerializer(b => b.AddAssembly(typeof(Silo).Assembly)).BuildServiceProvider();

    public void Dispose() => _services.Dispose();

    [Fact]
    public void A_minute() => Assert.All((Minute[])[default, s_minute, new(int.MinValue / 2), new(int.MaxValue)], m => Assert.Equal(m, Sent(m)));

    [Fact]
    public void A_region() => Assert.All((Region[])[Region.World, Region.Unknown, s_italy], r => Assert.Equal(r, Sent(r)));

    [Fact]
    public void A_batch_with_its_remarks()
    {
        Report[] reports =
        [
            new(new Reporter(1, 2), ReportCell.Of(ReportKind.Down, Problem.Login, Surface.Ios), s_minute),
            new(new Reporter(ulong.MaxValue, ulong.MaxValue), ReportCell.Of(ReportKind.Back, Problem.Other, Surface.Api), s_minute + 1, new Remark("è giù — 故障 \uD83D\uDE31\n", null)),
            new(default, ReportCell.Of(ReportKind.Down, Problem.Payment, Surface.Web, late: true), s_minute - 20, new Remark(null, ServiceSlug.Parse("claude"))),
            new(new Reporter(3, 4), default, s_minute, new Remark("", ServiceSlug.Parse("github"), true)),
        ];
        var batch = new ReportBatch(
            new BatchId(UInt128.MaxValue - 5), new WatchKey(ServiceSlug.Parse("chatgpt"), s_italy), new DateTimeOffset(2024, 11, 8, 14, 0, 0, 123, TimeSpan.FromHours(2)), reports);

        var sent = Sent(batch);

        Assert.Equal((batch.Id, batch.Key, batch.ReceivedAt), (sent.Id, sent.Key, sent.ReceivedAt));
        Assert.Equal(batch.Reports, sent.Reports);
    }

    [Fact]
    public void A_batch_of_every_cell_and_as_many_reports_as_one_may_hold()
    {
        var batch = new ReportBatch(
            new BatchId(1), new WatchKey(ServiceSlug.Parse("chatgpt"), Region.Unknown), s_minute.Start,
            [.. Enumerable.Range(0, ReportBatch.MaxReports).Select(i => new Report(new Reporter((ulong)i, 1), new ReportCell((byte)(i % ReportCell.Count)), s_minute + (i % 7)))]);

        Assert.Equal(batch.Reports, Sent(batch).Reports);
    }

    [Fact]
    public void A_receipt()
    {
        Receipt[] receipts = [.. Enum.GetValues<ReportOutcome>().Select(o => new Receipt(o, s_minute.Start.AddTicks((int)o)))];

        foreach (var repeat in (bool[])[false, true])
        {
            var sent = Sent(new BatchReceipt(receipts, repeat, s_minute.Start.AddMilliseconds(123)));

            Assert.Equal(receipts, sent.Receipts);
            Assert.Equal((repeat, s_minute.Start.AddMilliseconds(123)), (sent.IsRepeat, sent.ReceivedAt));
        }
    }

    [Fact]
    public void An_answer_with_a_receipt_or_with_the_trouble()
    {
        var counted = Sent(new RecordAnswer(new BatchReceipt([new Receipt(ReportOutcome.Late, s_minute.Start)], IsRepeat: false, s_minute.Start), Trouble: null));
        Assert.Equal((ReportOutcome.Late, null), (Assert.Single(counted.Receipt!.Receipts).Outcome, counted.Trouble));

        Assert.Equal(new RecordAnswer(null, "Redis can't be reached."), Sent(new RecordAnswer(null, "Redis can't be reached.")));
    }

    [Fact]
    public void Where_a_service_stands()
    {
        WatchMode[] modes = [default, WatchMode.Of(null), new(true, s_minute, 7, s_evidence), new(false, s_minute, 7, s_evidence with { Region = Region.World })];

        Assert.All(modes, mode => Assert.Equal(new JoinPoint(s_minute + 3, mode), Sent(new JoinPoint(s_minute + 3, mode))));
    }

    [Fact]
    public void The_minutes_to_close()
    {
        MinuteRange[] observed = [new(s_minute, s_minute + 2), new(s_minute + 4, s_minute + 5)];
        foreach (var stretches in (MinuteRange[][])[[], observed])
        {
            var minutes = new ClosingMinutes(s_minute, s_minute + 5, stretches, new WatchMode(true, s_minute, 7, s_evidence));

            var sent = Sent(minutes);

            Assert.Equal(minutes.Observed, sent.Observed);
            Assert.Equal(minutes with { Observed = [] }, sent with { Observed = [] });
        }
    }

    [Fact]
    public void A_reading()
    {
        Verdict[] verdicts = [default, new(VerdictLevel.Normal, s_evidence), new(VerdictLevel.Elevated, s_evidence with { Region = Region.World }), new(VerdictLevel.Outage, s_evidence)];
        foreach (var verdict in verdicts)
        {
            var reading = new RegionReading(
                s_italy, s_minute, verdict, s_minute - 3, verdict.Level == VerdictLevel.Outage, [.. Enumerable.Range(0, RegionReading.Minutes)], [.. Enumerable.Range(100, RegionReading.Minutes)]);

            var sent = Sent(reading);

            Assert.Equal((reading.Region, reading.From, reading.Verdict, reading.Onset, reading.IsRaised), (sent.Region, sent.From, sent.Verdict, sent.Onset, sent.IsRaised));
            Assert.Equal(reading.Reports, sent.Reports);
            Assert.Equal(reading.Reporters, sent.Reporters);
        }
    }

    [Fact]
    public void A_verdict_whose_numbers_are_none()
    {
        var verdict = new Verdict(VerdictLevel.Outage, s_evidence with { Expected = double.PositiveInfinity, Log10PValue = double.NegativeInfinity, Observed = int.MaxValue });

        Assert.Equal(verdict, Sent(new RegionReading(s_italy, s_minute, verdict, default, true, new int[RegionReading.Minutes], new int[RegionReading.Minutes])).Verdict);
    }

    [Fact]
    public void Readings_in_a_list_as_a_region_answers_with()
    {
        IReadOnlyList<RegionReading> readings = [.. Enumerable.Range(0, 3).Select(i => new RegionReading(s_italy, s_minute + i, default, default, false, new int[RegionReading.Minutes], new int[RegionReading.Minutes]))];

        Assert.Equal(readings.Select(r => r.From), Sent(readings).Select(r => r.From));
        Assert.Empty(Sent<IReadOnlyList<RegionReading>>([]));
    }

    private T Sent<T>(T value)
    {
        var serializer = _services.GetRequiredService<Serializer>();
        return serializer.Deserialize<T>(serializer.SerializeToArray(value))!;
    }
}
