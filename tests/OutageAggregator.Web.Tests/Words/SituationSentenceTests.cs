using OutageAggregator.Runtime.Reading;
using OutageAggregator.TestKit.Web;
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

    private static Pulse Pulse(int reports, double? expected) => Runtime.Reading.Pulse.Of(reports, expected);

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
    [InlineData(300, "It may not be just you: 300 reports of trouble with ChatGPT in the last 15 minutes, where about 3 are usual. It is too early to tell.")]
    [InlineData(6, "It may not be just you: 6 reports")]
    [InlineData(5, "It may be just you: 5 reports of trouble with ChatGPT in the last 15 minutes, where about 3 are usual, so nothing points to an outage.")]
    public void A_crowd_that_no_closed_minute_shows_yet_is_not_called_nothing(int reports, string says) =>
        Assert.StartsWith(says, Say(ServiceStatus.Normal, reports), StringComparison.Ordinal);

    [Theory]
    [InlineData(0, "")]
    [InlineData(1, " 1 more report names only ChatGPT.")]
    [InlineData(2, " 2 more reports name only ChatGPT.")]
    public void A_family_names_the_member_with_more_than_usual(int own, string says) => Assert.Equal(
        "It may not be just you: 90 reports of trouble with Sora in the last 15 minutes, where about 30 are usual. "
        + "That is more than usual and not yet enough to call it an outage." + says,
        Languages.English.Situation(Told(ServiceStatus.Normal, own, 3) with
        {
            Members =
            [
                new ServiceSummary(
                    new Service(ServiceSlug.Parse("sora"), "Sora", "ai", [], null, "UTC", null), ServiceStatus.Elevated, null, Pulse(90, 30), null),
            ],
        }));

    [Theory]
    [InlineData(ServiceStatus.Normal, 165, 56, "ChatGPT: too early to tell", "ChatGPT: Too early to tell", ServiceStatus.Unknown)]
    [InlineData(ServiceStatus.Normal, 4, 2, "ChatGPT: too early to tell", "ChatGPT: Too early to tell", ServiceStatus.Unknown)]
    [InlineData(ServiceStatus.Normal, 5_000, 3, "ChatGPT: too early to tell", "ChatGPT: Too early to tell", ServiceStatus.Unknown)]
    [InlineData(ServiceStatus.Normal, 60, 56, "ChatGPT: reports as usual", "ChatGPT: As usual", ServiceStatus.Normal)]
    [InlineData(ServiceStatus.Normal, 0, 56, "ChatGPT: reports as usual", "ChatGPT: As usual", ServiceStatus.Normal)]
    [InlineData(ServiceStatus.Elevated, 165, 56, "ChatGPT: more reports than usual", "ChatGPT: Elevated", ServiceStatus.Elevated)]
    public void Title_mark_and_sentence_agree_on_whether_it_is_more_than_usual(
        ServiceStatus status, int reports, double expected, string title, string mark, ServiceStatus shown)
    {
        var situation = Told(status, reports, expected);
        var says = Languages.English.Situation(situation);

        Assert.Equal((title, mark, shown), (
            Languages.English.ServiceTitle("ChatGPT", situation, null, At(0, 20).Start), Languages.English.StatusOf("ChatGPT", situation), situation.Shown));
        Assert.Equal(shown == ServiceStatus.Elevated, says.Contains("more than usual", StringComparison.Ordinal));
        Assert.Equal(shown == ServiceStatus.Normal, says.StartsWith("It may be just you", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(0, "It may be just you: nobody reported trouble with ChatGPT in the last 15 minutes.")]
    [InlineData(2, "It may be just you: 2 reports of trouble with ChatGPT in the last 15 minutes; what is usual is not known yet.")]
    [InlineData(300, "It may not be just you: 300 reports of trouble with ChatGPT in the last 15 minutes; what is usual is not known yet. It is too early to tell. Most of them name the website.")]
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

    [Theory]
    [InlineData(0, "Nobody reported trouble with ChatGPT in the last 15 minutes. What is usual is not known: there is no history yet, counting since 9 Nov 2024, 12:28 UTC.")]
    [InlineData(2, "2 reports of trouble with ChatGPT in the last 15 minutes. Whether that is unusual can't be told: there is no history yet, counting since 9 Nov 2024, 12:28 UTC.")]
    [InlineData(40, "It may not be just you: 40 reports of trouble with ChatGPT in the last 15 minutes. Whether that is unusual can't be told: there is no history yet, counting since 9 Nov 2024, 12:28 UTC.")]
    public void Without_history_nothing_is_called_usual(int reports, string says) => Assert.Equal(
        says, Languages.English.Situation(Told(ServiceStatus.Unknown, reports, null) with { History = new History(At(12, 28).Start, IsEnough: false) }));

    [Fact]
    public void An_outage_without_history_is_told_by_its_count() => Assert.Equal(
        "It's not just you: 90 reports of trouble with ChatGPT in the last 15 minutes; what is usual is not known yet.",
        Say(ServiceStatus.Outage, 90, expected: null));

    [Theory]
    [InlineData(1, 1, "We can't say yet how ChatGPT is: only 1 minute of the last 15 was counted, with 1 report.")]
    [InlineData(4, 0, "We can't say yet how ChatGPT is: only 4 minutes of the last 15 were counted, with 0 reports.")]
    public void From_too_few_minutes_nothing_is_told_of_now(int minutes, int reports, string says) => Assert.Equal(
        says, Languages.English.Situation(Told(ServiceStatus.Unknown, reports, null) with { Freshness = Counted(minutes) }));

    [Theory]
    [InlineData(0, 7, "It may be just you: nobody reported trouble with ChatGPT in the last 15 minutes (only 7 of these minutes were observed).")]
    [InlineData(2, 9, "It may be just you: 2 reports of trouble with ChatGPT in the last 15 minutes (only 9 of these minutes were observed), where about 3 are usual, so nothing points to an outage.")]
    [InlineData(1, 14, "It may be just you: 1 report of trouble with ChatGPT in the last 15 minutes (only 14 of these minutes were observed), where about 3 are usual, so nothing points to an outage.")]
    [InlineData(3, 1, "It may be just you: 3 reports of trouble with ChatGPT in the last 15 minutes (only 1 of these minutes was observed), where about 3 are usual, so nothing points to an outage.")]
    [InlineData(2, 15, "It may be just you: 2 reports of trouble with ChatGPT in the last 15 minutes, where about 3 are usual, so nothing points to an outage.")]
    public void A_look_back_with_a_gap_says_that_minutes_were_not_observed_and_means_no_reports(int reports, int minutes, string says) => Assert.Equal(
        says, Languages.English.Situation(Told(ServiceStatus.Normal, reports, 3) with { Freshness = Counted(minutes) }));

    [Theory]
    [InlineData(0, 15, "Thank you for telling that ChatGPT works again for you. Nobody reported trouble with it in the last 15 minutes.")]
    [InlineData(1, 15, "Thank you for telling that ChatGPT works again for you. In the last 15 minutes there was 1 report of trouble with it.")]
    [InlineData(1_216, 15, "Thank you for telling that ChatGPT works again for you. In the last 15 minutes there were 1,216 reports of trouble with it.")]
    [InlineData(5, 9, "Thank you for telling that ChatGPT works again for you. In the last 15 minutes (only 9 of these minutes were observed) there were 5 reports of trouble with it.")]
    public void Who_says_that_it_is_back_is_thanked_once_and_told_of_the_others(int reports, int minutes, string says) => Assert.Equal(
        says, Languages.English.ThanksForBack(Told(ServiceStatus.Normal, reports, 3) with { Freshness = Counted(minutes) }));

    [Fact]
    public void An_outage_that_was_open_before_a_gap_is_told_as_seen_last()
    {
        var open = View(Incident(At(0, 0)) with { Peak = new Peak(At(0, 3), 60) }, At(4, 1)) with { Gaps = [new MinuteRange(At(0, 6), At(4, 0))] };
        Assert.Equal(
            "We can't say yet how ChatGPT is: only 2 minutes of the last 15 were counted, with 0 reports. "
            + "An outage was last seen at 00:05 UTC; from 00:06 to 04:00 nobody counted.",
            Languages.English.Situation(Told(ServiceStatus.Unknown, 0, null) with { Freshness = Counted(2), Open = open }));
    }

    [Theory]
    [InlineData(1_216, "Over since 01:00 UTC after 26 minutes; what still comes in is its tail: 1,216 reports of trouble with ChatGPT in the last 15 minutes, where about 58 are usual.")]
    [InlineData(0, "Over since 01:00 UTC after 26 minutes; nobody reported trouble with ChatGPT in the last 15 minutes.")]
    public void After_an_outage_what_still_comes_in_is_its_tail(int reports, string says) => Assert.Equal(
        says, Languages.English.Situation(Told(ServiceStatus.Normal, reports, 58) with { Recent = View(Incident(At(0, 34), At(1, 0)), At(1, 12)) }));

    [Theory]
    [InlineData(12, "Over since 01:00 UTC after 26 minutes; what still comes in is its tail: 12 reports of trouble with ChatGPT since.")]
    [InlineData(0, "Over since 01:00 UTC after 26 minutes; nobody reported trouble with ChatGPT since.")]
    public void Of_an_outage_that_ended_a_moment_ago_the_tail_is_what_came_since(int since, string says) => Assert.Equal(
        says, Languages.English.Situation(Told(ServiceStatus.Normal, 1_216, 58) with { Recent = View(Incident(At(0, 34), At(1, 0)), At(1, 12)), ReportsSinceEnd = since }));

    [Theory]
    [InlineData(73, 57.0, null, "what comes in is as usual again: 73 reports of trouble with ChatGPT in the last 15 minutes, where about 57 are usual.")]
    [InlineData(6, 12.0, 6, "what comes in is as usual again: 6 reports of trouble with ChatGPT since.")]
    [InlineData(0, 12.0, 0, "nobody reported trouble with ChatGPT since.")]
    [InlineData(0, 57.0, null, "nobody reported trouble with ChatGPT in the last 15 minutes.")]
    [InlineData(400, 57.0, 300, "300 reports of trouble with ChatGPT since.")]
    [InlineData(400, 57.0, 102, "what comes in is as usual again: 102 reports of trouble with ChatGPT since.")]
    public void Once_as_usual_again_nothing_is_called_its_tail(int reports, double usual, int? since, string says) => Assert.Equal(
        $"Over since 01:00 UTC after 26 minutes; {says}",
        Languages.English.Situation(Told(ServiceStatus.Normal, reports, usual) with
        {
            Recent = View(Incident(At(0, 34), At(1, 0)), At(1, 12)) with { IsBackToUsual = true },
            ReportsSinceEnd = since,
        }));

    [Theory]
    [InlineData(ServiceStatus.Normal, 400, 57, "It may not be just you: 400 reports of trouble with ChatGPT in the last 15 minutes, where about 57 are usual. It is too early to tell.", "Too early to tell")]
    [InlineData(ServiceStatus.Normal, 104, 57, "It may not be just you: 104 reports of trouble with ChatGPT in the last 15 minutes, where about 57 are usual. It is too early to tell.", "Too early to tell")]
    [InlineData(ServiceStatus.Elevated, 1_700, 1_000, "It may not be just you: 1,700 reports of trouble with ChatGPT in the last 15 minutes, where about 1,000 are usual. That is more than usual and not yet enough to call it an outage.", "Elevated")]
    [InlineData(ServiceStatus.Normal, 73, 57, "Over since 01:00 UTC after 26 minutes; what comes in is as usual again: 73 reports of trouble with ChatGPT in the last 15 minutes, where about 57 are usual.", "Over")]
    public void What_stands_out_anew_in_the_hour_after_is_not_called_over(ServiceStatus status, int reports, double usual, string says, string mark)
    {
        var situation = Told(status, reports, usual) with { Recent = View(Incident(At(0, 34), At(1, 0)), At(1, 20)) with { IsBackToUsual = true } };

        Assert.Equal((says, $"ChatGPT: {mark}"), (Languages.English.Situation(situation), Languages.English.StatusOf("ChatGPT", situation)));
    }

    [Theory]
    // The gap began one minute after the last that was above the usual; with it; and long after it.
    [InlineData(20, 21, "09:20")]
    [InlineData(20, 20, "09:19")]
    [InlineData(20, 40, "09:20")]
    [InlineData(12, 13, "09:12")]
    public void While_a_gap_ends_it_each_look_tells_of_it_and_names_one_last_minute(int ended, int gap, string seen)
    {
        var over = View(Incident(At(9, 5), At(9, ended)), At(9, 56)) with { Gaps = [new MinuteRange(At(9, gap), At(9, 49))] };
        var beginning = Told(ServiceStatus.Unknown, 0, null) with { Freshness = Counted(6), Recent = over };
        var after = Told(ServiceStatus.Normal, 0, 12) with { Freshness = Counted(7), Recent = over };
        var lasted = Languages.English.Lasted(over);

        Assert.Equal(
            $"We can't say yet how ChatGPT is: only 6 minutes of the last 15 were counted, with 0 reports. Last seen at {seen} UTC after {lasted}, then not observed until 09:49.",
            Languages.English.Situation(beginning));
        Assert.StartsWith($"Last seen at {seen} UTC after {lasted}, then not observed until 09:49; nobody reported", Languages.English.Situation(after), StringComparison.Ordinal);
        foreach (var look in new[] { beginning, after })
            Assert.Equal($"ChatGPT: last seen at {seen} UTC after {lasted}, then not observed until 09:49", Languages.English.ServiceTitle("ChatGPT", look, null, At(9, 56).Start));
        Assert.Contains($"last seen at <time datetime=\"2024-11-09T{seen}:00Z\"", Languages.English.IncidentState(over, isStale: false).Value, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(54, true, true)]
    [InlineData(55, false, true)]
    [InlineData(56, false, true)]
    [InlineData(55, true, false)]
    public void Before_it_is_called_over_it_is_told_as_seen_last_as_long_as_nothing_is_told_of_now(int minute, bool tellsNow, bool isTold)
    {
        var open = View(Incident(At(9, 5)) with { Peak = new Peak(At(9, 12), 40) }, At(9, minute)) with { Gaps = [new MinuteRange(At(9, 21), At(9, 49))], TellsNow = tellsNow };
        var look = Told(ServiceStatus.Unknown, 0, null) with { Freshness = Counted(6), Open = open };

        Assert.Equal(isTold, Languages.English.Situation(look).EndsWith("An outage was last seen at 09:20 UTC; from 09:21 to 09:49 nobody counted.", StringComparison.Ordinal));
        Assert.Equal(isTold ? "ChatGPT: outage last seen at 09:20 UTC" : "Is ChatGPT down?", Languages.English.ServiceTitle("ChatGPT", look, null, At(9, minute).Start));
    }

    [Fact]
    public void An_outage_whose_end_nobody_saw_is_told_as_seen_last_and_lasted_at_least_so_long() => Assert.Equal(
        "Last seen at 00:05 UTC after at least 6 minutes, then not observed until 04:00; nobody reported trouble with ChatGPT in the last 15 minutes.",
        Languages.English.Situation(Told(ServiceStatus.Normal, 0, 58) with
        {
            Recent = View(Incident(At(0, 0), At(0, 6)), At(4, 20)) with { Gaps = [new MinuteRange(At(0, 6), At(4, 0))] },
        }));

    [Theory]
    [InlineData(0, 1, "It's not just you. Sora has an outage: 5,000 reports in the last 15 minutes, where about 3 are usual.")]
    [InlineData(1, 2, "It's not just you. Sora has an outage: 5,000 reports in the last 15 minutes, where about 3 are usual. So has Sora 2. 1 more report names only ChatGPT.")]
    [InlineData(12, 6, "It's not just you. Sora has an outage: 5,000 reports in the last 15 minutes, where about 3 are usual. So have Sora 2, Sora 3, Sora 4 and 2 more. 12 more reports name only ChatGPT.")]
    public void A_family_speaks_of_its_members_in_outage_and_of_its_own_reports_apart(int own, int members, string says) => Assert.Equal(
        says, Languages.English.Situation(Told(ServiceStatus.Normal, own, 3) with
        {
            Members =
            [
                .. Enumerable.Range(1, members).Select(i => new ServiceSummary(
                    new Service(ServiceSlug.Parse($"sora-{i}"), i == 1 ? "Sora" : $"Sora {i}", "ai", [], null, "UTC", null), ServiceStatus.Outage, null,
                    Pulse(5_000, 3), null)),
                new ServiceSummary(TestCatalog.Create().Resolve("openai-api")!, ServiceStatus.Normal, null, Pulse(0, 1), null),
            ],
        }));

    [Theory]
    [InlineData(ServiceStatus.Normal, 0, 40, "It may not be just you. 40 reports of trouble with Sora in the last 15 minutes, where about 5 are usual. It is too early to tell.")]
    [InlineData(ServiceStatus.Normal, 1, 9, "It may not be just you. 9 reports of trouble with Sora in the last 15 minutes, where about 5 are usual. It is too early to tell. 1 more report names only OpenAI.")]
    [InlineData(ServiceStatus.Normal, 0, 8, "It may be just you: nobody reported trouble with OpenAI in the last 15 minutes.")]
    [InlineData(ServiceStatus.Unknown, 0, 50, "It may not be just you. 50 reports of trouble with Sora in the last 15 minutes. What is usual is not known: there is no history yet.")]
    [InlineData(ServiceStatus.Unknown, 0, 2, "Nobody reported trouble with OpenAI in the last 15 minutes. What is usual is not known: there is no history yet.")]
    [InlineData(ServiceStatus.Unknown, 2, 50, "It may not be just you: 2 reports of trouble with OpenAI in the last 15 minutes. 50 reports of trouble with Sora in the last 15 minutes. Whether that is unusual can't be told: there is no history yet.")]
    public void A_family_does_not_deny_what_may_be_a_crowd_of_a_member(ServiceStatus status, int own, int member, string says) => Assert.Equal(
        says, Languages.English.Situation(Family(status, own, [Member("Sora", status, member, status == ServiceStatus.Unknown ? null : 5)])));

    [Theory]
    [InlineData(false, "It may not be just you: 90 reports of trouble with Instagram in the last 15 minutes, where about 5 are usual. That is more than usual and not yet enough to call it an outage. Just over: Facebook.")]
    [InlineData(true, "Over since 01:00 UTC after 26 minutes; nobody reported trouble with OpenAI in the last 15 minutes. Just over: Facebook. More than usual: Instagram.")]
    public void Beside_what_is_just_over_a_family_tells_of_the_member_with_more_than_usual(bool isOverItself, string says)
    {
        var over = View(Incident(At(0, 34), At(1, 0)), At(1, 20));
        var facebook = Member("Facebook", ServiceStatus.Normal, 3, 5) with { Recent = over, IsJustOver = true };
        var family = Family(ServiceStatus.Normal, 0, [facebook, Member("Instagram", ServiceStatus.Elevated, 90, 5)]);
        var situation = family with { Recent = isOverItself ? over : null };

        Assert.Equal((says, "OpenAI: Elevated", ServiceStatus.Elevated),
            (Languages.English.Situation(situation), Languages.English.StatusOf("OpenAI", situation), situation.Shown));
    }

    [Theory]
    [InlineData(ServiceStatus.Outage, 0, 5_000, "Sora has an outage: 5,000 reports in the last 15 minutes, where about 5 are usual.")]
    [InlineData(ServiceStatus.Outage, 2, 5_000, "In the last 15 minutes there were 2 reports of trouble with it. Sora has an outage: 5,000 reports in the last 15 minutes, where about 5 are usual.")]
    [InlineData(ServiceStatus.Elevated, 0, 90, "More than usual: Sora.")]
    [InlineData(ServiceStatus.Normal, 0, 40, "40 reports of trouble with Sora in the last 15 minutes, where about 5 are usual.")]
    [InlineData(ServiceStatus.Normal, 0, 4, "Nobody reported trouble with it in the last 15 minutes.")]
    public void Who_says_that_a_family_is_back_is_told_of_its_members(ServiceStatus ofMember, int own, int member, string says) => Assert.Equal(
        $"Thank you for telling that OpenAI works again for you. {says}",
        Languages.English.ThanksForBack(Family(ServiceStatus.Normal, own, [Member("Sora", ofMember, member, 5)])));

    private static ServiceSummary Member(string name, ServiceStatus status, int reports, double? usual) => new(
        new Service(ServiceSlug.Parse(name.ToLowerInvariant()), name, "ai", [], null, "UTC", null), status, null, Pulse(reports, usual), null);

    private static Situation Family(ServiceStatus status, int own, ImmutableArray<ServiceSummary> members) =>
        Told(status, own, status == ServiceStatus.Unknown ? null : 3) with { Name = "OpenAI", Members = members };

    private static Situation Told(ServiceStatus status, int reports, double? expected) =>
        new("ChatGPT", status, IsRecovering: false, Counted(15), Pulse(reports, expected), Region.World, Pulse(reports, expected), []);

    private static Freshness Counted(int minutes) => new(At(4, 1).Start, TimeSpan.Zero, IsStale: false) { ObservedMinutes = minutes };

    private static IncidentView View(Incident incident, Minute at) => new(incident, TestCatalog.Create().Resolve("ChatGPT")!, 90, 90, [], [], [], at);
}
