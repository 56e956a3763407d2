using System.Net;
using OutageAggregator.Web.Tests.Features;
using static OutageAggregator.Contracts.Story;

namespace OutageAggregator.Web.Tests.Pages;

/// <summary>The first page in the hour after an outage.</summary>
public sealed class JustOverHomeTests
{
    private static async Task<(string Heading, bool? BackToUsual)> TellAsync(params (string Service, int Reports)[] over)
    {
        await using var world = await ApiWorld.StartAsync();
        foreach (var (service, reports) in over)
        {
            await world.Story.LiveThroughAMonthAsync(service, Italy, 58);
            await world.Story.CountAsync(service, Italy, At(0, 8), reports);
            await world.Story.ResolveAsync(Incident(At(23, 39, -1), At(0, 5), service));
        }
        var html = await world.App.Client.GetStringAsync("/");
        Assert.Contains("<h2>Just over</h2>", html, StringComparison.Ordinal);
        var recent = (await world.GetAsync($"/api/v1/services/{over[0].Service}")).GetProperty("recent");
        Assert.True(recent.GetProperty("tail").GetBoolean());
        return (WebUtility.HtmlDecode(html.Split("<h1 id=\"trouble\">")[1].Split("</h1>")[0]), recent.GetProperty("backToUsual").GetBoolean());
    }

    [Theory]
    [InlineData(1_218, "Just over: ChatGPT", false)]
    [InlineData(300, "Just over: ChatGPT", false)]
    [InlineData(73, "Nothing unusual right now", true)]
    [InlineData(58, "Nothing unusual right now", true)]
    [InlineData(0, "Nothing unusual right now", true)]
    public async Task While_its_tail_comes_in_the_headline_says_what_is_just_over(int reports, string heading, bool isBack) =>
        Assert.Equal((heading, isBack), await TellAsync(("chatgpt", reports)));

    [Theory]
    [InlineData(300, 900, "Just over: Claude and ChatGPT")]
    [InlineData(900, 300, "Just over: ChatGPT and Claude")]
    [InlineData(900, 50, "Just over: ChatGPT")]
    public async Task Of_several_it_names_those_with_a_tail_the_worst_first(int chatGpt, int claude, string heading) =>
        Assert.Equal(heading, (await TellAsync(("chatgpt", chatGpt), ("claude", claude))).Heading);
}
