using System.Net;
using System.Text.Json;
using static OutageAggregator.Contracts.Story;

namespace OutageAggregator.Web.Tests.Features.Services;

/// <summary>A family in the hour after its members' incidents, in JSON and on its page.</summary>
public sealed class FamilyAnswerTests
{
    private static string? Recent(JsonElement of) =>
        of.TryGetProperty("recent", out var recent) ? recent.GetProperty("incidentId").GetString() : null;

    private static async Task<ApiWorld> WorldAsync(params string[] over)
    {
        var world = await ApiWorld.StartAsync();
        await world.Story.ObserveAsync();
        // In the order in which it happens: whoever looks as soon as an incident is over has seen its reports.
        await world.Story.CountAsync("openai-api", Italy, At(23, 50, -1), 90);
        foreach (var service in over)
            await world.Story.ResolveAsync(Incident(At(23, 30, -1), At(0, 5), service));
        return world;
    }

    [Theory]
    [InlineData("chatgpt", "chatgpt-1", "chatgpt chatgpt-1, openai-api ")]
    [InlineData("openai-api", "openai-api-1", "openai-api openai-api-1, chatgpt ")]
    [InlineData("chatgpt openai-api", "openai-api-1", "openai-api openai-api-1, chatgpt chatgpt-1")]
    [InlineData("openai chatgpt", "openai-1", "chatgpt chatgpt-1, openai-api ")]
    public async Task Page_JSON_list_and_receipt_tell_who_is_just_over(string over, string recent, string members)
    {
        await using var world = await WorldAsync(over.Split(' '));

        var answer = await world.GetAsync("/api/v1/services/openai");
        Assert.Equal(("normal", recent), (answer.GetProperty("status").GetString(), Recent(answer)));
        Assert.Equal(members, string.Join(", ", answer.GetProperty("members").EnumerateArray().Select(m => $"{m.GetProperty("slug").GetString()} {Recent(m)}")));
        var listed = (await world.GetAsync("/api/v1/services?query=openai")).GetProperty("items")[0];
        Assert.Equal(("openai", recent), (listed.GetProperty("slug").GetString(), Recent(listed)));
        using var receipt = await world.App.Client.SendAsync(Answers.Post("/api/v1/reports", """{"service":"openai"}"""));
        var situation = JsonDocument.Parse(await receipt.Content.ReadAsStringAsync()).RootElement.GetProperty("situation");
        Assert.Equal(recent, Recent(situation));
        Assert.Equal(
            members, string.Join(", ", situation.GetProperty("members").EnumerateArray().Select(m => $"{m.GetProperty("service").GetString()} {Recent(m)}")));
        var html = WebUtility.HtmlDecode(await world.App.Client.GetStringAsync("/services/openai"));
        Assert.Contains("data-status-text=\"OpenAI: Over\"", html, StringComparison.Ordinal);
        Assert.Contains($"<a href=\"/incidents/{recent}\">Follow the incident</a>", html, StringComparison.Ordinal);
    }
}
