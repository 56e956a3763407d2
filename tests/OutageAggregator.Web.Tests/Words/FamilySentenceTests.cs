using OutageAggregator.Runtime.Reading;
using OutageAggregator.TestKit.Web;
using OutageAggregator.Web.Words;
using static OutageAggregator.Contracts.Story;

namespace OutageAggregator.Web.Tests.Words;

/// <summary>What a family says of its members while they recover, and in the hour after.</summary>
public sealed class FamilySentenceTests
{
    private static readonly string[] s_names = ["Facebook", "Instagram", "Threads", "WhatsApp", "Messenger", "Quest"];

    private static Situation Meta(int own, params ServiceSummary[] members) => new(
        "Meta", ServiceStatus.Normal, IsRecovering: false, new Freshness(At(7, 10).Start, TimeSpan.Zero, IsStale: false), Pulse.Of(own, 12), Region.World,
        Pulse.Of(own, 12), [])
    { Members = [.. members] };

    private static ServiceSummary Member(int index, ServiceStatus status, bool isRecovering = false, IncidentView? recent = null) => new(
        new Service(ServiceSlug.Parse(s_names[index].ToLowerInvariant()), s_names[index], "social", [], null, "UTC", null), status, null, Pulse.Of(1_600, 30), null)
    { IsRecovering = isRecovering, Recent = recent, IsJustOver = recent is not null };

    private static ServiceSummary Over(int index) => Member(index, ServiceStatus.Normal, recent: new IncidentView(
        Incident(At(6, 40), At(6, 59 - index)), TestCatalog.Create().Resolve("WhatsApp")!, 90, 90, [], [], [], At(7, 10)));

    private static ServiceSummary Recovering(int index) => Member(index, ServiceStatus.Outage, isRecovering: true);

    [Theory]
    [InlineData(1, "Facebook: over since 06:59 UTC after 19 minutes", "Facebook over since 06:59 UTC after 19 minutes")]
    [InlineData(2, "Facebook: over since 06:59 UTC after 19 minutes; Instagram: over since 06:58 UTC after 18 minutes", "Facebook and Instagram just over")]
    [InlineData(
        4, "Facebook: over since 06:59 UTC after 19 minutes; Instagram: over since 06:58 UTC after 18 minutes; Threads: over since 06:57 UTC after 17 minutes; WhatsApp: over since 06:56 UTC after 16 minutes",
        "Facebook, Instagram, Threads and WhatsApp just over")]
    [InlineData(
        6, "Facebook: over since 06:59 UTC after 19 minutes; Instagram: over since 06:58 UTC after 18 minutes; Threads: over since 06:57 UTC after 17 minutes; and 3 more",
        "Facebook, Instagram, Threads and 3 more just over")]
    public void All_members_that_are_just_over_are_named_in_sentence_and_title(int members, string says, string title)
    {
        var situation = Meta(0, [.. Enumerable.Range(0, members).Select(Over), .. Enumerable.Range(members, 6 - members).Select(i => Member(i, ServiceStatus.Normal))]);

        Assert.Equal($"It was not just you. {says}. Nobody reported trouble with Meta in the last 15 minutes.", Languages.English.Situation(situation));
        Assert.Equal($"Meta: {title}", Languages.English.ServiceTitle("Meta", situation, null, At(7, 10).Start));
        Assert.Equal("Meta: Over", Languages.English.StatusOf("Meta", situation));
    }

    [Fact]
    public void Its_own_reports_are_told_beside_the_members_that_are_over() => Assert.Equal(
        "It was not just you. Facebook: over since 06:59 UTC after 19 minutes. 5 reports of trouble with Meta in the last 15 minutes, where about 12 are usual.",
        Languages.English.Situation(Meta(5, Over(0))));

    [Theory]
    [InlineData(0, 1, "It was not just you, and it is getting better. Facebook has an outage: 1,600 reports in the last 15 minutes, where about 30 are usual.")]
    [InlineData(0, 2, "It was not just you, and it is getting better. Facebook has an outage: 1,600 reports in the last 15 minutes, where about 30 are usual. So has Instagram.")]
    [InlineData(3, 1, "It was not just you, and it is getting better. Facebook has an outage: 1,600 reports in the last 15 minutes, where about 30 are usual. 3 more reports name only Meta.")]
    public void Where_all_its_members_recover_it_says_so(int own, int members, string says)
    {
        var situation = Meta(own, [.. Enumerable.Range(0, members).Select(Recovering)]);

        Assert.Equal(says, Languages.English.Situation(situation));
        Assert.Equal("Meta: outage of Facebook since 06:40 UTC", Languages.English.ServiceTitle("Meta", situation, At(6, 40).Start, At(7, 10).Start));
    }

    [Theory]
    [InlineData(false, false, "It's not just you. Facebook has an outage: 1,600 reports in the last 15 minutes, where about 30 are usual.")]
    [InlineData(true, false, "It's not just you. Facebook has an outage: 1,600 reports in the last 15 minutes, where about 30 are usual. Getting better: Instagram.")]
    [InlineData(false, true, "It's not just you. Facebook has an outage: 1,600 reports in the last 15 minutes, where about 30 are usual. Just over: Threads.")]
    [InlineData(true, true, "It's not just you. Facebook has an outage: 1,600 reports in the last 15 minutes, where about 30 are usual. Getting better: Instagram. Just over: Threads.")]
    public void Beside_one_in_outage_those_that_recover_and_those_just_over_are_told_apart(bool one, bool other, string says) => Assert.Equal(
        says, Languages.English.Situation(Meta(0, [Member(0, ServiceStatus.Outage), .. one ? [Recovering(1)] : Array.Empty<ServiceSummary>(), .. other ? [Over(2)] : Array.Empty<ServiceSummary>()])));

    [Fact]
    public void Where_it_was_out_itself_the_members_just_over_are_named_too() => Assert.Equal(
        "Over since 06:50 UTC after 10 minutes; what still comes in is its tail: 200 reports of trouble with Meta in the last 15 minutes, where about 12 are usual. Just over: Facebook and Instagram.",
        Languages.English.Situation(Meta(200, Over(0), Over(1)) with
        {
            Recent = new IncidentView(Incident(At(6, 40), At(6, 50)), TestCatalog.Create().Resolve("WhatsApp")!, 90, 90, [], [], [], At(7, 10)),
        }));
}
