using OutageAggregator.Runtime.Services;
using OutageAggregator.Runtime.Settings;
using OutageAggregator.Runtime.Watching;
using OutageAggregator.Storage;
using OutageAggregator.Storage.Sqlite;

namespace OutageAggregator.Replay.Explain;

/// <summary><c>explain INCIDENT --data FOLDER</c>: judges an incident's minutes again, and compares with what was said then.</summary>
internal static class ExplainCommand
{
    private const int Differs = 1;
    private const int CannotExplain = 2;

    internal static Command Create()
    {
        var incident = new Argument<string>("incident") { Description = "The incident, such as chatgpt-7" };
        var data = new Option<string>("--data") { Description = "Folder with outages.db: 'store' or 'demo' in a server's data folder. The server must not be running; a copy of the folder will do", Required = true };
        var catalog = new Option<string>("--catalog") { Description = "The server's catalog, for the services' time zones", DefaultValueFactory = _ => Path.Combine("data", "catalog.json") };
        var detector = new Option<string?>("--detector") { Description = "Detector to judge with; left out, the one that opened the incident" };
        _ = detector.AcceptOnlyFromAmong([.. Core.Detection.Detectors.Names]);
        return new Command("explain", "Judge an incident again from the stored minutes, and compare with what was said then") { incident, data, catalog, detector }
            .Does(CannotExplain, (line, cancellation) => RunAsync(
                line.GetRequiredValue(incident), line.GetRequiredValue(data), line.GetRequiredValue(catalog), line.GetValue(detector), cancellation));
    }

    private static async Task<int> RunAsync(string id, string data, string catalog, string? detector, CancellationToken cancellation)
    {
        if (!IncidentId.TryParse(id, out var incidentId))
            throw new SettingsException($"'{id}' is no incident. Allowed: ids such as chatgpt-7, as GET /api/v1/incidents lists them.");
        if (!File.Exists(Path.Combine(data, "outages.db")))
            throw new SettingsException($"--data is '{data}', which holds no outages.db. Allowed: 'store' or 'demo' in a server's data folder, or a copy of it.");
        await using var storage = SqliteStorage.Open(data, new StorageSettings());
        var log = new SqliteIncidentLog(storage);
        if ((await log.ReadIncidentAsync(incidentId, cancellation)).FirstOrDefault()?.Event.Incident is not { } said)
            throw new SettingsException($"{data} holds no incident {id}.");
        var services = await CatalogFile.LoadAsync(catalog, cancellation);
        var settings = new WatchSettings { Detector = detector ?? said.Evidence.Detector };
        var again = await new WatchLoader(new SqliteCountStore(storage), log, services, settings).OpenAgainAsync(said, cancellation);
        Console.Write(Explanation.Of(said, again));
        return Explanation.Agrees(said, again) ? 0 : Differs;
    }
}
