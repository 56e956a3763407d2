using OutageAggregator.Runtime.Services;
using OutageAggregator.Server;
using OutageAggregator.Server.Documents;

// The server: the whole product in one process, alone over one folder or as a node of a cluster over Redis. What runs, and in which order,
// is said in Composition; how, in Runtime, Cluster and Web.
try
{
    var line = await CommandLine.ReadAsync(args);
    if (line.DocumentsFolder is { } folder)
        await PrintedPages.WriteAsync(folder);
    if (line.Answered || line.DocumentsFolder is not null)
        return 0;
    var settings = AllSettings.Read(line);
    var catalog = await CatalogFile.LoadAsync(settings.CatalogFile, CancellationToken.None);
    using var data = settings.Storage.IsMemory ? null : await DataFolder.OpenAsync(settings.Data, settings.Demo, settings.Storage.IsRedis);

    var builder = WebApplication.CreateBuilder(
        new WebApplicationOptions { Args = ["--hostBuilder:reloadConfigOnChange=false"], ContentRootPath = AppContext.BaseDirectory });
    builder.Configuration.AddConfiguration(settings.Frameworks);
    settings.ListenOn(builder.WebHost, builder.Configuration);
    var started = false;
    LogLines.Set(builder.Logging, () => started);
    await builder.Services.AddServerAsync(settings, catalog, data);

    await using var app = builder.Build();
    await app.Services.PrepareAsync(settings, data);
    app.UseDrain();
    app.MapOutageWeb();
    app.MapDashboard();
    await app.StartAsync();
    started = true;
    Console.WriteLine($"OutageAggregator is at {string.Join(" and ", app.Urls)}, data in {Composition.Place(settings, data)}. Ctrl+C stops it.");
    await app.WaitForShutdownAsync();
    return Environment.ExitCode;
}
catch (Exception e) when (StartFailure.Explain(e) is { } reason)
{
    await Console.Error.WriteLineAsync(reason);
    return 2;
}
