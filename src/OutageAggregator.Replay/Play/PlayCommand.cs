namespace OutageAggregator.Replay.Play;

/// <summary><c>play FILE --to URL</c>: posts a recorded event to a live server as a crowd would, at the pace of its clock.</summary>
internal static class PlayCommand
{
    private const int Lost = 1;
    private const int CannotPlay = 2;

    internal static Command Create()
    {
        var file = new Argument<string>("file") { Description = "Event file, such as data/events/2024-11-08-chatgpt.json" };
        var to = new Option<string>("--to") { Description = "Address of the server, such as http://127.0.0.1:8080", Required = true };
        var key = new Option<string?>("--key")
        {
            Description = "Secret of a key with the scope 'ingest': sends batches. Without it every report comes from an address of its own, "
                + "named in X-Forwarded-For, so the server must trust this machine (--trust-proxy 127.0.0.1/32, or ::1/128 where --to leads over IPv6, as localhost may)",
        };
        var atOnce = new Option<int>("--at-once") { Description = "Most requests under way at once, 1 to 256", DefaultValueFactory = _ => 32 };
        atOnce.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > 256)
                result.AddError("--at-once must be from 1 to 256.");
        });
        return new Command("play", "Play a recorded event into a live server, at the pace of the server's clock") { file, to, key, atOnce }
            .Does(CannotPlay, (line, cancellation) => RunAsync(
                line.GetRequiredValue(file), line.GetRequiredValue(to), line.GetValue(key), line.GetValue(atOnce), cancellation));
    }

    private static async Task<int> RunAsync(string file, string to, string? key, int atOnce, CancellationToken cancellation)
    {
        if (!Uri.TryCreate(to, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
            throw new ReplayException($"--to is '{to}'. Allowed: an http address such as http://127.0.0.1:8080.");
        try
        {
            var recorded = await RecordedEventFile.ReadAsync(file, cancellation);
            using var client = NewClient(address, atOnce);
            var server = await ServerClock.ReadAsync(client, recorded.Service, cancellation);
            ISender sender = key is null ? new AddressSender(client, recorded.Service) : new BatchSender(client, recorded.Service, key);
            var tally = await new Playback(recorded, server, sender, atOnce).RunAsync(cancellation);
            Console.WriteLine($"Played {recorded.Title}: {tally}");
            return tally.Lost + tally.NotCounted == 0 ? 0 : Lost;
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            await Console.Error.WriteLineAsync("Stopped before the end.");
            return Lost;
        }
    }

    private static HttpClient NewClient(Uri address, int atOnce) => new(new SocketsHttpHandler
    {
        MaxConnectionsPerServer = atOnce,
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        ConnectTimeout = TimeSpan.FromSeconds(5),
    })
    { BaseAddress = address, Timeout = TimeSpan.FromSeconds(30) };
}
