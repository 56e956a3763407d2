using OutageAggregator.Runtime.Reading;
using OutageAggregator.Web.Words;
using static OutageAggregator.Contracts.Story;

namespace OutageAggregator.Web.Tests.Words;

public sealed class SituationSentenceTests
{
    private static readonly ImmutableArray<Share<Surface>> s_web = [new(Surface.Web, 900, 0.9)];

    private static string Say(
        ServiceStatus status, int reports, double? expected = 3, Region? region = null, int local = 0, ImmutableArray<Share<Surface>>? surfaces = null,
        bool isRecovering = false, Freshness? freshness = null) => Languages.English.Situation(new Situation(
            "ChatGPT", status, isRecovering, freshness, Pulse(reports, expected), region ?? Region.World, Pulse(local, expected), surfaces ?? []));

    private static Pulse Pulse(int reports, double? expected) => new(reports, expected, reports / expected);

    [Fact]
    public void An_outage_gives_the_reports_the_usual_and_the_region() => Assert.Equal(
        "It's not just you: 1,234 reports of trouble with ChatGPT in the last 15 minutes, where about 3 are usual. "
        + "900 of them come from Italy; most of them name the website.",
        Say(ServiceStatus.Outage, 1_234, region: Italy, local: 900, surfaces: s_web));

    [Fact]
    public void An_outage_elsewhere_says_that_none_of_it_comes_from_here() =>
        Assert.EndsWith("None of them comes from Spain.", Say(ServiceStatus.Outage, 50, region: Spain), StringComparison.Ordinal);

    [Fact]
    public void One_report_is_a_report_and_not_reports() => Assert.StartsWith(
        "It may be just you: 1 report of trouble with ChatGPT", Say(ServiceStatus.Normal, 1), StringComparison.Ordinal);

    [Fact]
    public void An_outage_that_recovers_says_that_it_is_getting_better() => Assert.StartsWith(
        "It was not just you, and it is getting better: 50 reports", Say(ServiceStatus.Outage, 50, isRecovering: true), StringComparison.Ordinal);

    [Fact]
    public void Elevated_is_neither_an_outage_nor_nothing() => Assert.StartsWith(
        "It may not be just you: 12 reports", Say(ServiceStatus.Elevated, 12), StringComparison.Ordinal);

    [Theory]
    [InlineData(300, "It may not be just you: 300 reports of trouble with ChatGPT in the last 15 minutes, where about 3 are usual. That is more than usual, and too early")]
    [InlineData(6, "It may not be just you: 6 reports")]
    [InlineData(5, "It may be just you: 5 reports of trouble with ChatGPT in the last 15 minutes, where about 3 are usual, so nothing points to an outage.")]
    public void A_crowd_that_no_closed_minute_shows_yet_is_not_called_nothing(int reports, string says) =>
        Assert.StartsWith(says, Say(ServiceStatus.Normal, reports), StringComparison.Ordinal);

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public void Elevated_that_outlasts_its_numbers_says_that_it_was_earlier(int reports) => Assert.Equal(
        $"It may be just you: {reports} reports of trouble with ChatGPT in the last 15 minutes, where about 3 are usual. "
        + "Earlier, or in some region, there were more than usual.",
        Say(ServiceStatus.Elevated, reports));

    [Theory]
    [InlineData(0, "It may be just you: nobody reported trouble with ChatGPT in the last 15 minutes.")]
    [InlineData(2, "It may be just you: 2 reports of trouble with ChatGPT in the last 15 minutes; what is usual is not known yet.")]
    [InlineData(300, "It may not be just you: 300 reports of trouble with ChatGPT in the last 15 minutes; what is usual is not known yet. It is too early to call it an outage. Most of them name the website.")]
    public void Where_nothing_has_been_learnt_yet_no_usual_is_invented(int reports, string says) =>
        Assert.Equal(says, Say(ServiceStatus.Normal, reports, expected: null, surfaces: s_web));

    [Theory]
    [InlineData(90, "our newest data is 1 minute old")]
    [InlineData(7_199, "our newest data is 119 minutes old")]
    [InlineData(7_200, "our newest data is 2 hours old")]
    [InlineData(200_000, "our newest data is 2 days old")]
    public void Stale_data_says_how_old_it_is(int seconds, string says) => Assert.Equal(
        $"We can't say how ChatGPT is just now: {says}.",
        Say(ServiceStatus.Unknown, 0, freshness: new Freshness(At(0, 0).Start, TimeSpan.FromSeconds(seconds), IsStale: true)));

    [Fact]
    public void What_was_never_observed_and_what_cannot_be_read_is_said_to_be_so()
    {
        Assert.EndsWith(
            "our newest data is missing.",
            Say(ServiceStatus.Unknown, 0, freshness: new Freshness(DateTimeOffset.UnixEpoch, TimeSpan.FromDays(20_000), IsStale: true)),
            StringComparison.Ordinal);
        Assert.EndsWith("the data can't be read.", Say(ServiceStatus.Unknown, 0), StringComparison.Ordinal);
    }
}
