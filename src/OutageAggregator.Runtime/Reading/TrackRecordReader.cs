using System.Collections.Immutable;
using OutageAggregator.Core.Incidents;

namespace OutageAggregator.Runtime.Reading;

/// <summary>How the detector did among the incidents that began in one year.</summary>
/// <param name="Year">Of the onset, UTC.</param>
/// <param name="Record">What was counted.</param>
public sealed record YearRecord(int Year, TrackRecord Record);

/// <summary>How the detector did, in all and by year.</summary>
/// <param name="All">All incidents that ended.</param>
/// <param name="Years">Those with any, the newest first, at most <see cref="TrackRecordReader.MaxYears"/>.</param>
/// <param name="IsComplete">False where there are more than <see cref="TrackRecordReader.MaxIncidents"/>: the latest so many were counted.</param>
public sealed record TrackRecords(TrackRecord All, ImmutableArray<YearRecord> Years, bool IsComplete);

/// <summary>
/// Counts the track record from the incident log and the review log, anew each time: there is no number that somebody could have entered or forgotten to
/// change. That reads every incident, so it is done once a minute at most however many ask, and at once after a review was given here.
/// </summary>
public sealed class TrackRecordReader(IIncidentLog log, IReviewLog reviews, TimeProvider clock)
{
    /// <summary>The most years that are told apart.</summary>
    public const int MaxYears = 20;

    /// <summary>The most incidents that are counted, the latest onset first.</summary>
    public const int MaxIncidents = 100_000;

    // As many as can be asked about at once in either log.
    private const int PerPage = IReviewLog.MaxIncidents;

    private readonly AnswerCache<bool, TrackRecords> _answer = new(clock, TimeSpan.FromMinutes(1), 1);

    public ValueTask<TrackRecords> ReadAsync(CancellationToken cancellation) => _answer.GetAsync(true, _ => LookAsync(), cancellation);

    /// <summary>What is read from now on knows every review that was stored before this call.</summary>
    public void Forget() => _answer.Forget(true);

    private async Task<TrackRecords> LookAsync()
    {
        var ended = new List<ReviewedIncident>();
        IncidentPlace? after = null;
        while (true)
        {
            var page = await log.FindAsync(new IncidentQuery(State: IncidentState.Resolved, After: after, Limit: PerPage), CancellationToken.None);
            var newest = (await reviews.ReadNewestAsync([.. page.Select(i => i.Id)], CancellationToken.None)).ToDictionary(r => r.Incident, r => r.Verdict);
            foreach (var incident in page)
            {
                ended.Add(new ReviewedIncident(
                    incident.StartedAt, incident.DetectedAt, newest.TryGetValue(incident.Id, out var verdict) ? verdict : null));
            }
            if (page.Count < PerPage || ended.Count >= MaxIncidents)
                return Count(ended, isComplete: page.Count < PerPage);
            after = new IncidentPlace(page[^1].StartedAt, page[^1].Id);
        }
    }

    private static TrackRecords Count(List<ReviewedIncident> ended, bool isComplete) => new(
        TrackRecord.Of(ended),
        [
            .. ended.GroupBy(i => i.StartedAt.Start.Year).OrderByDescending(year => year.Key).Take(MaxYears)
                .Select(year => new YearRecord(year.Key, TrackRecord.Of(year))),
        ],
        isComplete);
}
