using OutageAggregator.Runtime.Recorded;
using OutageAggregator.TestKit;

namespace OutageAggregator.Cluster.Tests;

/// <summary>
/// A day of reports to three services, minute by minute and always the same: noise at all times; the recorded outage of 8 November 2024, a
/// twentieth of it, in all regions it had; an outage in one region only, which comes back once; one spread so thinly that only the world's sum
/// shows it; and a bump that is no outage. Some people report twice, some say that it is back, some are late.
/// </summary>
internal sealed class RecordedDay
{
    public const int Minutes = Minute.PerDay;

    private const int Recorded = 600;
    private const int Share = 20;

    private readonly Random _random = new(20_241_108);
    private readonly Dictionary<WatchKey, List<Report>> _minute = [];
    private ulong _people;
    private uint _batches;

    private RecordedDay(Minute start) => Start = start;

    /// <summary>The first minute.</summary>
    public Minute Start { get; }

    /// <summary>The batches of each minute, in the order in which they come.</summary>
    public List<List<ReportBatch>> Batches { get; } = [];

    public int Reports => Batches.Sum(m => m.Sum(b => b.Reports.Count));

    /// <summary>The services, of which each has a report in the first minute and none is quiet for hours.</summary>
    public static IReadOnlyList<ServiceSlug> Services { get; } = [.. TwoNodes.Catalog.Services.Select(s => s.Slug).Order()];

    public static async Task<RecordedDay> MakeAsync(Minute start)
    {
        var day = new RecordedDay(start);
        var outage = await RecordedEventFile.ReadAsync(ProgramProcess.RepositoryFile("data/events/2024-11-08-chatgpt.json"), TwoNodes.None);
        for (var minute = 0; minute < Minutes; minute++)
            day.Make(minute, outage);
        return day;
    }

    private void Make(int minute, RecordedEvent outage)
    {
        Noise("chatgpt", minute, 0.25, "IT", "ES", "US", "DE");
        Noise("claude", minute, 0.15, "IT", "FR", "US");
        Noise("github", minute, 0.2, "US", "DE");
        if (minute is >= Recorded && minute - Recorded < outage.ReportsPerMinute.Length)
        {
            foreach (var (report, index) in outage.Reports(minute - Recorded).Select((r, i) => (r, i)))
            {
                if (index % Share == 0)
                    Add("chatgpt", report.Region, minute, ReportCell.Of(ReportKind.Down, report.Problem, report.Surface));
            }
        }
        if (minute is (>= 300 and < 340) or (>= 400 and < 415))
            Crowd("claude", "IT", minute, _random.Next(12, 25));
        if (minute is >= 1_000 and < 1_030)
        {
            foreach (var region in (string[])["US", "DE", "GB", "FR", "IT", "ES", "NL", "PL", "BR", "IN", "JP", "AU", "CA", "MX", "SE", "NO"])
                Crowd("github", region, minute, _random.Next(0, 3));
        }
        if (minute is >= 1_200 and < 1_204)
            Crowd("claude", "FR", minute, 3);
        // Batches come in the order of their keys: who reports first decides nothing then.
        Batches.Add([.. _minute.OrderBy(k => k.Key.ToString(), StringComparer.Ordinal).Select(k => new ReportBatch(
            new BatchId((UInt128)(++_batches) << 64), k.Key, (Start + minute).Start.AddSeconds(30), [.. k.Value]))]);
        _minute.Clear();
    }

    private void Noise(string service, int minute, double each, params string[] regions)
    {
        foreach (var region in regions)
        {
            if (minute == 0 || _random.NextDouble() < each)
                Crowd(service, region, minute, 1);
        }
    }

    private void Crowd(string service, string region, int minute, int people)
    {
        for (var i = 0; i < people; i++)
        {
            var kind = _random.Next(20) == 0 ? ReportKind.Back : ReportKind.Down;
            Add(service, Region.Parse(region), minute, ReportCell.Of(kind, (Problem)_random.Next(7), (Surface)_random.Next(6), late: _random.Next(30) == 0));
        }
    }

    private void Add(string service, Region region, int minute, ReportCell cell)
    {
        var key = new WatchKey(ServiceSlug.Parse(service), region);
        if (!_minute.TryGetValue(key, out var reports))
            _minute[key] = reports = [];
        // One in twenty was here a moment ago; some speak of the minutes before.
        var reporter = new Reporter(7, _people > 10 && _random.Next(20) == 0 ? _people - (ulong)_random.Next(10) : ++_people);
        var at = Start + minute - (cell.IsLate ? _random.Next(6, 60) : _random.Next(10) == 0 ? _random.Next(1, 4) : 0);
        reports.Add(new Report(reporter, cell, Minute.Max(at, Start)));
    }
}
