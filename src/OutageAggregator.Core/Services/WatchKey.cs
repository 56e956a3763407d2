namespace OutageAggregator.Core.Services;

/// <summary>What one watch observes: one service in one region. Text form <c>chatgpt/IT</c>.</summary>
public readonly record struct WatchKey(ServiceSlug Service, Region Region)
{
    public static bool TryParse([NotNullWhen(true)] string? text, out WatchKey key)
    {
        key = text?.Split('/') is [var service, var code] && ServiceSlug.TryParse(service, out var slug) && Region.TryParse(code, out var region)
            ? new WatchKey(slug, region)
            : default;
        return key != default;
    }

    /// <exception cref="FormatException">It is no service and region with a slash between them.</exception>
    public static WatchKey Parse(string text) =>
        TryParse(text, out var key) ? key : throw new FormatException($"'{text}' is not a service and a region, such as chatgpt/IT.");

    public override string ToString() => $"{Service}/{Region}";
}
