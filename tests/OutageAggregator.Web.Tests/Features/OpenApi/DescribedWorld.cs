using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using OutageAggregator.Web.Keys;
using static OutageAggregator.Contracts.Story;

namespace OutageAggregator.Web.Tests.Features.OpenApi;

/// <summary>An application with something to tell at each address, and the description of its API.</summary>
internal static class DescribedWorld
{
    internal const string Key = "a-key-for-the-tests-of-openapi";

    private static readonly SemaphoreSlim s_once = new(1);
    private static JsonElement? s_document;

    /// <summary>The description, read once: it is the same for every test.</summary>
    internal static async Task<JsonElement> DocumentAsync()
    {
        await s_once.WaitAsync();
        try
        {
            if (s_document is null)
            {
                await using var world = await ApiWorld.StartAsync();
                s_document = await world.GetAsync("/openapi/v1.json");
            }
            return s_document.Value;
        }
        finally
        {
            s_once.Release();
        }
    }

    internal static async Task<ApiWorld> StartAsync()
    {
        var world = await ApiWorld.StartAsync(configure: s => s.AddSingleton(
            new KeySettings { Keys = [KeyEntry.Parse($"tests ingest,admin key:{Key}", null)] }));
        await world.Story.ObserveAsync(At(0, 3));
        await world.Story.CountAsync("chatgpt", Italy, world.Story.Now, 42, Problem.Login, Surface.Ios);
        await world.Story.ResolveAsync(Incident(At(23, 0, -1), At(23, 30, -1), "claude", regions: Spain));
        await world.Story.OpenAsync(Incident(At(0, 6), regions: Italy));
        return world;
    }

    internal static IEnumerable<(string Path, JsonElement Operation)> Operations(JsonElement document) =>
        document.GetProperty("paths").EnumerateObject().SelectMany(p => p.Value.EnumerateObject().Select(m => (p.Name, m.Value)));
}
