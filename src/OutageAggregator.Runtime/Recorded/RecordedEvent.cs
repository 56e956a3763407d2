namespace OutageAggregator.Runtime.Recorded;

/// <summary>One report of a recorded crowd.</summary>
/// <param name="Offset">When it is made, counted from the event's first minute.</param>
public readonly record struct RecordedReport(TimeSpan Offset, Region Region, Problem Problem, Surface Surface);

/// <summary>A past outage as counts per minute, to be played again.</summary>
/// <param name="Title">What it was.</param>
/// <param name="Service">Whose outage.</param>
/// <param name="First">The minute of the first count.</param>
/// <param name="ReportsPerMinute">"It's down" reports in each minute, the quiet ones around the outage included.</param>
/// <param name="Excess">The stretches of the outage itself, at least one, ascending.</param>
/// <param name="Mix">What the crowd says.</param>
public sealed record RecordedEvent(
    string Title, ServiceSlug Service, Minute First, ImmutableArray<int> ReportsPerMinute, ImmutableArray<MinuteRange> Excess, CrowdMix Mix)
{
    /// <summary>The minute after the last count.</summary>
    public Minute End => First + ReportsPerMinute.Length;

    /// <summary>All reports.</summary>
    public int Total => ReportsPerMinute.Sum();

    /// <summary>
    /// The reports of one minute, ascending: spread evenly with some jitter, and their regions, surfaces and problems drawn from the mix.
    /// The same minute always gives the same reports.
    /// </summary>
    /// <param name="index">Counted from <see cref="First"/>.</param>
    public IEnumerable<RecordedReport> Reports(int index)
    {
        var count = ReportsPerMinute[index];
        var random = new Random(Seed(First.Number + index));
        for (var i = 0; i < count; i++)
        {
            var second = (i + random.NextDouble()) * 60 / count;
            yield return new RecordedReport(
                TimeSpan.FromMinutes(index) + TimeSpan.FromSeconds(second), Mix.Regions.Pick(random), Mix.Problems.Pick(random), Mix.Surfaces.Pick(random));
        }
    }

    // A seed of its own for each minute; neighbouring seeds of System.Random give related numbers.
    private static int Seed(int minute) => (int)((uint)minute * 2_654_435_761u >> 1);
}
