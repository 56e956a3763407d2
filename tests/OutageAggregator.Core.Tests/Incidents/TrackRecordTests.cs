namespace OutageAggregator.Core.Tests.Incidents;

public sealed class TrackRecordTests
{
    private static readonly Minute s_onset = Minute.Of(new DateTimeOffset(2024, 11, 9, 0, 6, 0, TimeSpan.Zero));

    private static ReviewedIncident Incident(ReviewVerdict? verdict, double delay = 3) =>
        new(s_onset, s_onset.Start.AddMinutes(delay), verdict);

    [Fact]
    public void Nothing_reviewed_is_no_share_and_no_delay()
    {
        var record = TrackRecord.Of([Incident(null), Incident(null)]);

        Assert.Equal(new TrackRecord(2, 0, 0, 0, 0, 0, null), record);
        Assert.Equal(0, record.Decided);
        Assert.Null(record.ConfirmedShare);
        Assert.Null(record.ConfirmedInterval);
        Assert.Equal(new TrackRecord(0, 0, 0, 0, 0, 0, null), TrackRecord.Of([]));
    }

    [Fact]
    public void Unclear_ones_are_reviewed_and_not_decided()
    {
        var record = TrackRecord.Of(
        [
            Incident(ReviewVerdict.Confirmed), Incident(ReviewVerdict.Confirmed), Incident(ReviewVerdict.Confirmed),
            Incident(ReviewVerdict.FalseAlarm), Incident(ReviewVerdict.Collateral), Incident(ReviewVerdict.Unclear), Incident(ReviewVerdict.Unclear), Incident(null),
        ]);

        Assert.Equal(new TrackRecord(8, 7, 3, 1, 1, 2, 3), record);
        Assert.Equal(5, record.Decided);
        Assert.Equal(0.6, record.ConfirmedShare);
        Assert.Equal(WilsonInterval.Of(3, 5), record.ConfirmedInterval);
    }

    [Fact]
    public void Only_unclear_ones_decide_nothing() => Assert.Null(TrackRecord.Of([Incident(ReviewVerdict.Unclear)]).ConfirmedShare);

    [Fact]
    public void The_delay_is_the_median_of_the_confirmed_ones()
    {
        Assert.Equal(4.5, TrackRecord.Of(
        [
            Incident(ReviewVerdict.Confirmed, 100), Incident(ReviewVerdict.Confirmed, 2), Incident(ReviewVerdict.Confirmed, 4.5),
            Incident(ReviewVerdict.FalseAlarm, 60), Incident(ReviewVerdict.Unclear, 60), Incident(null, 60),
        ]).MedianDelayMinutes);
        Assert.Equal(3, TrackRecord.Of([Incident(ReviewVerdict.Confirmed, 2), Incident(ReviewVerdict.Confirmed, 4)]).MedianDelayMinutes);
    }
}
