using System.Net;
using static OutageAggregator.Contracts.Story;

namespace OutageAggregator.Web.Tests.Features.Incidents;

/// <summary>A family's incidents are its own and its members'.</summary>
public sealed class FamilyIncidentTests
{
    private static async Task<ApiWorld> WorldAsync()
    {
        var world = await ApiWorld.StartAsync();
        await world.Story.ResolveAsync(Incident(At(20, 0, -1), At(20, 30, -1), "openai-api"));
        await world.Story.ResolveAsync(Incident(At(21, 0, -1), At(21, 30, -1), "claude"));
        await world.Story.ResolveAsync(Incident(At(22, 0, -1), At(22, 30, -1), "openai"));
        await world.Story.OpenAsync(Incident(At(0, 6)));
        return world;
    }

    private static async Task<string[]> IdsAsync(ApiWorld world, string query) =>
        [.. (await world.GetAsync($"/api/v1/incidents?{query}")).GetProperty("items").EnumerateArray()
            .Select(i => $"{i.GetProperty("id").GetString()} of {i.GetProperty("service").GetString()}")];

    [Theory]
    [InlineData("service=openai", "chatgpt-1 of chatgpt, openai-1 of openai, openai-api-1 of openai-api")]
    [InlineData("service=Open%20AI", "chatgpt-1 of chatgpt, openai-1 of openai, openai-api-1 of openai-api")]
    [InlineData("service=openai&state=resolved", "openai-1 of openai, openai-api-1 of openai-api")]
    [InlineData("service=openai&to=2024-11-08T21:00:00Z", "openai-api-1 of openai-api")]
    [InlineData("service=chatgpt", "chatgpt-1 of chatgpt")]
    [InlineData("service=openai-api", "openai-api-1 of openai-api")]
    public async Task The_list_of_a_family_holds_them_newest_first(string query, string incidents)
    {
        await using var world = await WorldAsync();
        Assert.Equal(incidents, string.Join(", ", await IdsAsync(world, query)));
    }

    [Fact]
    public async Task Its_pages_hold_each_once()
    {
        await using var world = await WorldAsync();
        var (ids, next) = (new List<string>(), "");
        do
        {
            var page = await world.GetAsync($"/api/v1/incidents?service=openai&limit=1{next}");
            ids.Add(Assert.Single(page.GetProperty("items").EnumerateArray()).GetProperty("id").GetString()!);
            next = page.GetProperty("next").GetString() is { } cursor ? $"&cursor={Uri.EscapeDataString(cursor)}" : "";
        }
        while (next.Length > 0);
        Assert.Equal(["chatgpt-1", "openai-1", "openai-api-1"], ids);
    }

    [Theory]
    [InlineData("/services/openai", new[] { "ChatGPT", "OpenAI", "OpenAI API" })]
    [InlineData("/archive?service=openai", new[] { "ChatGPT", "OpenAI", "OpenAI API" })]
    [InlineData("/services/chatgpt", new[] { "Going on now" })]
    [InlineData("/archive?service=openai-api", new[] { "30 minutes" })]
    public async Task A_page_lists_them_with_their_service_where_they_are_a_familys(string address, string[] named)
    {
        await using var world = await WorldAsync();
        await world.Story.ObserveAsync();
        var html = await world.App.Client.GetStringAsync(address);
        var list = html[html.IndexOf("<ul class=\"incidents\">", StringComparison.Ordinal)..];
        list = list[..list.IndexOf("</ul>", StringComparison.Ordinal)];
        Assert.Equal(
            named,
            list.Split("<a href=\"/incidents/").Skip(1).Select(link => WebUtility.HtmlDecode(link.Split('>')[1].Split('<')[0])));
        Assert.DoesNotContain("None since this server began to count", html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/services/openai")]
    [InlineData("/archive?service=openai")]
    [InlineData("/services/gemini")]
    public async Task None_is_said_where_neither_it_nor_a_member_had_one(string address)
    {
        await using var world = await ApiWorld.StartAsync();
        await world.Story.ResolveAsync(Incident(At(21, 0, -1), At(21, 30, -1), "claude"));
        Assert.Contains("None since this server began to count", await world.App.Client.GetStringAsync(address), StringComparison.Ordinal);
        Assert.Empty(await IdsAsync(world, "service=openai"));
    }
}
