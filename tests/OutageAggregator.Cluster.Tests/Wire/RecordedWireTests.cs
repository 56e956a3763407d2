using System.Buffers;
using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;
using Orleans.Serialization.Buffers;
using Orleans.Serialization.Codecs;
using Orleans.Serialization.Session;
using OutageAggregator.Cluster.Grains;
using OutageAggregator.Cluster.Wire;
using OutageAggregator.Core.Verdicts;
using OutageAggregator.Core.Watching;
using OutageAggregator.Runtime.Watching;
using OutageAggregator.TestKit;

namespace OutageAggregator.Cluster.Tests.Wire;

/// <summary>Bytes of earlier nodes, which each later version reads, and of later ones, whose forms have a field more.</summary>
public sealed class RecordedWireTests : IDisposable
{
    // No form has as many fields.
    private const uint FarField = 100;

    private const string Readings = "region-readings";

    private static readonly string s_recorded = ProgramProcess.RepositoryFile("tests/Fixtures/wire");
    private static readonly Region s_italy = Region.Parse("IT");
    private static readonly Minute s_minute = Minute.Of(new DateTimeOffset(2024, 11, 8, 12, 0, 0, TimeSpan.Zero));
    private static readonly Evidence s_evidence = new("negative-binomial", "minutes-5", s_italy, 5, 320, 12.0 / 7, 31, -41.125, 300, 8);

    private static readonly RegionReading s_reading = new(
        s_italy, s_minute, new Verdict(VerdictLevel.Outage, s_evidence), s_minute - 3, true,
        [.. Enumerable.Range(0, RegionReading.Minutes)], [.. Enumerable.Range(100, RegionReading.Minutes)]);

    private readonly ServiceProvider _services =
        new ServiceCollection().AddSerializer(b => b.AddAssembly(typeof(Silo).Assembly)).BuildServiceProvider();

    public static TheoryData<string> Forms => [.. s_examples.Keys];

    /// <summary>Those that may get fields: how a list goes is Orleans' business.</summary>
    public static TheoryData<string> OwnForms => [.. s_examples.Keys.Where(f => f != Readings)];

    public static TheoryData<string> Versions => [.. Directory.GetFiles(s_recorded, "*.txt").Select(f => Path.GetFileName(f))];

    public void Dispose() => _services.Dispose();

    [Theory]
    [MemberData(nameof(Versions))]
    public void Bytes_that_a_version_sent_are_read_as_what_they_were(string version)
    {
        var lines = File.ReadLines(Path.Combine(s_recorded, version)).Select(l => l.Split(' '));
        var recorded = lines.ToDictionary(l => l[0], l => l[1], StringComparer.Ordinal);

        Assert.NotEmpty(recorded);
        Assert.All(recorded, r => AssertRead(s_examples[r.Key], Convert.FromHexString(r.Value)));
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void Every_form_has_its_bytes_recorded(string form)
    {
        var known = Directory.GetFiles(s_recorded, "*.txt").SelectMany(File.ReadLines).Select(l => l.Split(' ')[0]);

        Assert.True(known.Contains(form), $"{form} {Convert.ToHexString(Bytes(s_examples[form]))}");
    }

    [Fact]
    public void Every_form_of_the_wire_is_among_those_that_are_recorded()
    {
        var aliases = typeof(Silo).Assembly.GetTypes()
            .Where(t => t.IsDefined(typeof(GenerateSerializerAttribute), inherit: false))
            .Select(t => t.GetCustomAttribute<AliasAttribute>()!.Alias);

        Assert.Empty(aliases.Except(s_examples.Keys, StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(OwnForms))]
    public void A_form_with_a_field_more_is_read_without_it(string form) =>
        AssertRead(s_examples[form], [.. Bytes(s_examples[form])[..^1], .. LaterField(), Bytes(s_examples[form])[^1]]);

    private static readonly Dictionary<string, IExample> s_examples = new(StringComparer.Ordinal)
    {
        ["minute"] = new Example<Minute>(s_minute),
        ["region"] = new Example<Region>(s_italy),
        ["report-batch"] = new Example<ReportBatch>(new ReportBatch(
            new BatchId(UInt128.MaxValue - 5), new WatchKey(ServiceSlug.Parse("chatgpt"), s_italy), s_minute.Start.AddMilliseconds(123),
            [
                new Report(new Reporter(1, 2), ReportCell.Of(ReportKind.Down, Problem.Login, Surface.Ios), s_minute),
                new Report(
                    new Reporter(ulong.MaxValue, 3), ReportCell.Of(ReportKind.Back, Problem.Other, Surface.Api), s_minute + 1,
                    new Remark("è giù", ServiceSlug.Parse("claude"))),
            ])),
        ["batch-receipt"] = new Example<BatchReceipt>(
            new BatchReceipt([new Receipt(ReportOutcome.Late, s_minute.Start)], IsRepeat: true, s_minute.Start)),
        ["record-answer"] = new Example<RecordAnswer>(
            new RecordAnswer(
                new BatchReceipt([new Receipt(ReportOutcome.Counted, s_minute.Start)], IsRepeat: false, s_minute.Start),
                "Redis can't be reached.")),
        ["standing"] = new Example<JoinPoint>(new JoinPoint(s_minute + 3, new WatchMode(true, s_minute, 7, s_evidence))),
        ["closing-minutes"] = new Example<ClosingMinutes>(
            new ClosingMinutes(
                s_minute, s_minute + 5, [new MinuteRange(s_minute, s_minute + 2)], new WatchMode(true, s_minute, 7, s_evidence))),
        ["region-reading"] = new Example<RegionReading>(s_reading),
        // What lies within others, and lists of them.
        [Readings] = new Example<IReadOnlyList<RegionReading>>([.. new[] { s_reading }.Where(r => r.IsRaised)], r => [.. r]),
        ["minute-range"] = new Example<MinuteRangeSurrogate>(new MinuteRangeSurrogate { From = 5, To = 7 }),
        ["report"] = new Example<ReportSurrogate>(new ReportSurrogate { High = 1, Low = ulong.MaxValue, Cell = 9, At = 5, Comment = "è giù", WentTo = "claude" }),
        ["receipt"] = new Example<ReceiptSurrogate>(new ReceiptSurrogate { Outcome = 2, Until = s_minute.Start.UtcTicks }),
        ["evidence"] = new Example<EvidenceSurrogate>(Converter.Of(s_evidence)),
        ["watch-mode"] = new Example<WatchModeSurrogate>(Converter.Of(new WatchMode(true, s_minute, 7, s_evidence))),
    };

    private Serializer Serializer => _services.GetRequiredService<Serializer>();

    private byte[] Bytes(IExample example) => example.Bytes(Serializer);

    // What was read is compared by what it is sent on as: not all of it is equal by value.
    private void AssertRead(IExample example, byte[] bytes) => Assert.Equal(Bytes(example), example.Again(Serializer, bytes));

    private byte[] LaterField()
    {
        var bytes = new ArrayBufferWriter<byte>();
        using var session = _services.GetRequiredService<SerializerSessionPool>().GetSession();
        var writer = Writer.Create(bytes, session);
        Int32Codec.WriteField(ref writer, FarField, 12_345);
        StringCodec.WriteField(ref writer, 1, "of a later version");
        writer.Commit();
        return bytes.WrittenSpan.ToArray();
    }

    private interface IExample
    {
        byte[] Bytes(Serializer serializer);

        byte[] Again(Serializer serializer, byte[] bytes);
    }

    // A list is read as one of another type than it was sent as.
    private sealed class Example<T>(T value, Func<T, T>? toSend = null) : IExample
    {
        public byte[] Bytes(Serializer serializer) => serializer.SerializeToArray(value);

        public byte[] Again(Serializer serializer, byte[] bytes)
        {
            var read = serializer.Deserialize<T>(bytes)!;
            return serializer.SerializeToArray(toSend is null ? read : toSend(read));
        }
    }
}
