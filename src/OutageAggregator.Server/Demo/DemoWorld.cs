using NodaTime.TimeZones;

namespace OutageAggregator.Server.Demo;

/// <summary>How much noise each service of the catalog makes in a demo, and from where. Every number here is invented.</summary>
internal static class DemoWorld
{
    // The crowded ones, reports a minute; the rest get some 10 to 30 a day.
    private static readonly Dictionary<string, double> s_crowded = Crowded(
        ("chatgpt", 2.5), ("whatsapp", 2.0), ("instagram", 2.0), ("youtube", 1.5), ("facebook", 1.5),
        ("x", 1.2), ("roblox", 1.0), ("tiktok", 0.9), ("gmail", 0.8), ("discord", 0.8), ("netflix", 0.8),
        ("microsoft-teams", 0.8), ("playstation-network", 0.7), ("verizon", 0.7), ("att", 0.7),
        ("t-mobile-us", 0.6), ("microsoft-365", 0.6), ("steam", 0.6), ("spotify", 0.6), ("aws", 0.5),
        ("cloudflare", 0.5), ("fortnite", 0.5), ("vodafone-italy", 0.5), ("tim", 0.5), ("claude", 0.5),
        ("paypal", 0.4));

    private static readonly Parts<Region> s_everywhere = Regions(("US", 40), ("GB", 13), ("IN", 12), ("DE", 9), ("BR", 9), ("IT", 7), ("JP", 5), ("ES", 5));
    private static readonly Parts<Region> s_large = Regions(("US", 62), ("GB", 21), ("IN", 17));
    private static readonly Parts<Surface> s_apps = Of((Surface.Web, 42), (Surface.Ios, 22), (Surface.Android, 24), (Surface.Desktop, 6), (Surface.Unknown, 6));
    private static readonly Parts<Surface> s_lines = Of((Surface.Unknown, 70), (Surface.Android, 12), (Surface.Ios, 12), (Surface.Web, 6));
    private static readonly Parts<Surface> s_tools = Of((Surface.Web, 55), (Surface.Api, 30), (Surface.Desktop, 10), (Surface.Unknown, 5));
    private static readonly Parts<Problem> s_ordinary = Of((Problem.Unavailable, 34), (Problem.Login, 22), (Problem.Errors, 18), (Problem.Slow, 14), (Problem.MissingData, 5), (Problem.Other, 7));
    private static readonly Parts<Problem> s_money = Of((Problem.Login, 30), (Problem.Payment, 32), (Problem.Unavailable, 20), (Problem.Errors, 11), (Problem.Other, 7));
    private static readonly Parts<Problem> s_line = Of((Problem.Unavailable, 52), (Problem.Slow, 31), (Problem.Errors, 6), (Problem.Other, 11));

    /// <summary>The noise of every service and family.</summary>
    public static IReadOnlyList<DemoNoise> Of(Catalog catalog) => [.. catalog.Services.Select(Of)];

    private static DemoNoise Of(Service service)
    {
        var perMinute = s_crowded.TryGetValue(service.Slug.ToString(), out var crowded) ? crowded
            : service.IsFamily ? 0.005
            : 0.007 + (service.Name.Length % 8 * 0.002);
        var surfaces = service.Category switch { "carriers" => s_lines, "cloud" or "work" => s_tools, _ => s_apps };
        var problems = service.Category switch { "carriers" => s_line, "banks" or "shopping" => s_money, _ => s_ordinary };
        return new DemoNoise(service, perMinute, service.Category is "work" or "cloud" or "banks", new CrowdMix(RegionsOf(service), surfaces, problems));
    }

    /// <summary>
    /// A bank or carrier has its people in its own country, and so has whoever lives by a clock other than New York's or UTC.
    /// </summary>
    private static Parts<Region> RegionsOf(Service service)
    {
        var isLocal = service.Category is "banks" or "carriers" || service.Zone is not ("America/New_York" or "Etc/UTC");
        var country = TzdbDateTimeZoneSource.Default.ZoneLocations?.FirstOrDefault(l => l.ZoneId == service.Zone)?.CountryCode;
        if (isLocal && Region.TryParse(country, out var home))
            return new Parts<Region>([new(home, 95), new(Region.Unknown, 5)]);
        return s_crowded.ContainsKey(service.Slug.ToString()) ? s_everywhere : s_large;
    }

    private static Dictionary<string, double> Crowded(params (string Slug, double PerMinute)[] services) =>
        services.ToDictionary(s => s.Slug, s => s.PerMinute, StringComparer.Ordinal);

    private static Parts<Region> Regions(params (string Code, int Weight)[] parts) => new(parts.Select(p => KeyValuePair.Create(Region.Parse(p.Code), p.Weight)));

    private static Parts<T> Of<T>(params (T Value, int Weight)[] parts) => new(parts.Select(p => KeyValuePair.Create(p.Value, p.Weight)));
}
