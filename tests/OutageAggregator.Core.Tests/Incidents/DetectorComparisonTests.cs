using OutageAggregator.Core.Verdicts;

namespace OutageAggregator.Core.Tests.Incidents;

/// <summary>What two detectors found, matched by time.</summary>
public sealed class DetectorComparisonTests
{
    private static readonly Minute s_noon = Minute.Of(new DateTimeOffset(2024, 11, 8, 12, 0, 0, TimeSpan.Zero));

    [Fact]
    public void Nothing_compared_with_nothing_is_nothing()
    {
        var compared = Compare([], []);

        Assert.Equal((0, 0, 0, null, null), (compared.Both, compared.OnlyLive, compared.OnlyCandidate, compared.MedianDetectedMinutes, compared.MedianEndMinutes));
        Assert.Empty(compared.Outages);
    }

    [Fact]
    public void What_overlaps_was_found_by_both_and_the_rest_by_one()
    {
        var compared = Compare(
            [Found(0, 3, 30), Found(100, 104, 130), Found(400, 402, 430)],
            [Found(2, 8, 27), Found(200, 210, 230), Found(300, 310, 330)]);

        Assert.Equal((1, 2, 2), (compared.Both, compared.OnlyLive, compared.OnlyCandidate));
        Assert.Equal([FoundBy.Live, FoundBy.Candidate, FoundBy.Candidate, FoundBy.Live, FoundBy.Both], compared.Outages.Select(o => o.FoundBy));
        Assert.Equal((5.0, -3.0), (compared.MedianDetectedMinutes, compared.MedianEndMinutes));
    }

    [Fact]
    public void Other_services_do_not_match()
    {
        var compared = Compare([Found(0, 3, 30)], [Found(0, 3, 30, "claude")]);

        Assert.Equal((0, 1, 1), (compared.Both, compared.OnlyLive, compared.OnlyCandidate));
    }

    [Theory]
    [InlineData(30, 40, false)]
    [InlineData(29, 40, true)]
    [InlineData(-10, 0, false)]
    [InlineData(-10, 1, true)]
    [InlineData(5, 5, true)]
    public void Ends_are_no_part_of_an_outage(int from, int to, bool overlaps)
    {
        var compared = Compare([Found(50, 53, 80)], [Found(50 + from, 52 + from, 50 + to)]);

        Assert.Equal(overlaps ? (1, 0, 0) : (0, 1, 1), (compared.Both, compared.OnlyLive, compared.OnlyCandidate));
    }

    [Fact]
    public void An_outage_that_one_of_them_cut_in_pieces_is_one()
    {
        var compared = Compare([Found(0, 3, 100)], [Found(1, 10, 20), Found(40, 50, 60), Found(90, 95, 120)]);

        var outage = Assert.Single(compared.Outages);
        Assert.Equal((1, 3), (outage.Live!.Incidents.Count, outage.Candidate!.Incidents.Count));
        Assert.Equal((1, 0, 0), (compared.Both, compared.OnlyLive, compared.OnlyCandidate));
        Assert.Equal((7.0, 20.0), (compared.MedianDetectedMinutes, compared.MedianEndMinutes));
    }

    [Fact]
    public void An_open_incident_overlaps_all_that_comes_and_has_no_end_to_compare()
    {
        var compared = Compare([Found(0, 3, null)], [Found(500, 510, 530)]);

        Assert.Equal((1, 0, 0), (compared.Both, compared.OnlyLive, compared.OnlyCandidate));
        Assert.Null(Assert.Single(compared.Outages).Live!.EndedAt);
        Assert.Equal((507.0, null), (compared.MedianDetectedMinutes, compared.MedianEndMinutes));
    }

    [Fact]
    public void The_median_of_an_even_number_lies_between()
    {
        var compared = Compare([Found(0, 3, 30), Found(100, 103, 130)], [Found(0, 4, 30), Found(100, 109, 137)]);

        Assert.Equal((3.5, 3.5), (compared.MedianDetectedMinutes, compared.MedianEndMinutes));
    }

    [Fact]
    public void What_one_of_them_noticed_before_the_other_was_there_is_left_out()
    {
        Incident[] live = [Found(-20, -10, 60), Found(70, 73, 90), Found(-300, -290, -200)];
        Incident[] candidate = [Found(5, 8, 55), Found(71, 80, 95)];

        var compared = Compare(live, candidate);

        Assert.Equal((1, 0, 0), (compared.Both, compared.OnlyLive, compared.OnlyCandidate));
        Assert.Equal(s_noon + 70, Assert.Single(compared.Outages).StartedAt);
    }

    [Fact]
    public void The_order_of_the_lists_changes_nothing()
    {
        Incident[] live = [.. Enumerable.Range(0, 20).Select(i => Found(i * 50, (i * 50) + 3, (i * 50) + 30))];
        Incident[] candidate = [.. Enumerable.Range(0, 20).Select(i => Found((i * 60) + 7, (i * 60) + 12, (i * 60) + 20))];

        var one = Compare(live, candidate);
        var other = Compare([.. live.Reverse()], [.. candidate.OrderBy(i => i.DetectedAt.Minute)]);

        Assert.Equal(Told(one), Told(other));
        Assert.True(one.Both > 0 && one.OnlyLive > 0 && one.OnlyCandidate > 0);

        static string Told(DetectorComparison c) =>
            $"{c.Both} {c.OnlyLive} {c.OnlyCandidate} {c.MedianDetectedMinutes} {string.Join(' ', c.Outages.Select(o => $"{o.FoundBy}@{o.StartedAt.Number}"))}";
    }

    private static DetectorComparison Compare(Incident[] live, Incident[] candidate) => DetectorComparison.Of(live, candidate, s_noon.Start);

    private static Incident Found(int from, int detected, int? to, string service = "chatgpt") => new(
        new IncidentId(ServiceSlug.Parse(service), 1),
        to is null ? IncidentState.Open : IncidentState.Resolved,
        s_noon + from,
        (s_noon + detected).Start,
        new Peak(s_noon + from, 50),
        to is { } end ? s_noon + end : null,
        to is { } over ? (s_noon + over + 5).Start : null,
        2,
        [],
        [],
        new Evidence("robust-z", "z", Region.World, 5, 60, 3, 14, -40, 60, 6));
}
