namespace OutageAggregator.Runtime.Reading;

/// <summary>How the detector did among the incidents that began in one year.</summary>
/// <param name="Year">Of the onset, UTC.</param>
/// <param name="Record">What was counted.</param>
public sealed record YearRecord(int Year, TrackRecord Record);

/// <summary>How the detector did, in all and by year.</summary>
/// <param name="All">All incidents that ended.</param>
/// <param name="Years">Those with any, the newest first, at most <see cref="TrackRecordReader.MaxYears"/>.</param>
/// <param name="IsComplete">
/// False where there are more than <see cref="TrackRecordReader.MaxIncidents"/>: the latest so many were counted.
/// </param>
public sealed record TrackRecords(TrackRecord All, ImmutableArray<YearRecord> Years, bool IsComplete);

/// <summary>
/// Counts the track record from the incident log and the review log, anew each time: there is no number that somebody could have entered or
/// forgotten to change. That reads every incident that ended and its newest review, so each is read once a minute at most however many ask,
/// and the reviews, which cost a tenth of the incidents, again at once after one was given here.
/// </summary>
public sealed class TrackRecordReader(IIncidentLog log, IReviewLog reviews, TimeProvider clock)
{
    /// <summary>The most years that are told apart.</summary>
    public const int MaxYears = 20;

    /// <summary>The most incidents that are counted, the latest onset first.</summary>
    public const int MaxIncidents = 100_000;

    // As many as can be asked about at once in either log.
    private const int PerPage = IReviewLog.MaxIncidents;

    private static readonly TimeSpan s_lifetime = TimeSpan.FromMinutes(1);

    private readonly AnswerCache<bool, Ended> _ended = new(clock, s_lifetime, 1);
    private readonly AnswerCache<bool, TrackRecords> _answer = new(clock, s_lifetime, 1);

    public ValueTask<TrackRecords> ReadAsync(CancellationToken cancellation) => _answer.GetAsync(true, _ => CountAsync(), cancellation);

    /// <summary>What is read from now on knows every review that was stored before this call.</summary>
    public void Forget() => _answer.Forget(true);

    private async Task<TrackRecords> CountAsync()
    {
        var ended = await _ended.GetAsync(true, _ => FindAsync(), CancellationToken.None);
        var judged = new List<ReviewedIncident>(ended.Incidents.Count);
        foreach (var page in ended.Incidents.Chunk(PerPage))
        {
            var newest = (await reviews.ReadNewestAsync([.. page.Select(i => i.Id)], CancellationToken.None)).ToDictionary(r => r.Incident, r => r.Verdict);
            foreach (var (id, startedAt, detectedAt) in page)
                judged.Add(new ReviewedIncident(startedAt, detectedAt, newest.TryGetValue(id, out var verdict) ? verdict : null));
        }
        return new TrackRecords(
            TrackRecord.Of(judged),
            [
                .. judged.GroupBy(i => i.StartedAt.Start.Year).OrderByDescending(year => year.Key).Take(MaxYears)
                    .Select(year => new YearRecord(year.Key, TrackRecord.Of(year))),
            ],
            ended.IsAll);
    }

    private async Task<Ended> FindAsync()
    {
        var found = await log.ReadPagesAsync(new IncidentQuery(State: IncidentState.Resolved, Limit: PerPage))
            .Select(i => new EndedIncident(i.Id, i.StartedAt, i.DetectedAt)).Take(MaxIncidents + 1).ToListAsync();
        return new Ended([.. found.Take(MaxIncidents)], IsAll: found.Count <= MaxIncidents);
    }

    private readonly record struct EndedIncident(IncidentId Id, Minute StartedAt, DateTimeOffset DetectedAt);

    private sealed record Ended(List<EndedIncident> Incidents, bool IsAll);
}
