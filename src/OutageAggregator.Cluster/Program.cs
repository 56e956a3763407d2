using OutageAggregator.Cluster;
using OutageAggregator.Runtime.Intake;
using OutageAggregator.Runtime.Live;
using OutageAggregator.Runtime.Reading;
using OutageAggregator.Runtime.Services;
using OutageAggregator.Runtime.Settings;
using OutageAggregator.Runtime.Spooling;
using OutageAggregator.Server;
using OutageAggregator.Server.Settings;
using OutageAggregator.Web;

// One node of a cluster: the whole product, with its watches in grains and its counts in Redis. What runs and in which order is said here;
// what starts first stops last.
try
{
    var line = await CommandLine.ReadAsync(args);
    if (line.Answered)
        return 0;
    var cluster = new ClusterSettings();
    var settings = AllSettings.Read(line, new SettingsGroup(ClusterSettings.Section, cluster));
    var catalog = await CatalogFile.LoadAsync(settings.Server.Catalog, CancellationToken.None);
    Composition.Check(settings, catalog);
    using var data = await DataFolder.OpenAsync(settings.Server.Data, demo: false);

    var builder = WebApplication.CreateBuilder(new WebApplicationOptions
    {
        Args = ["--hostBuilder:reloadConfigOnChange=false"],
        ContentRootPath = AppContext.BaseDirectory,
    });
    builder.Configuration.AddConfiguration(settings.Frameworks);
    settings.Server.ListenOn(builder.WebHost, builder.Configuration);
    var started = false;
    StartFailure.KeepHostQuietUntil(builder.Logging, () => started);
    builder.Services
        .AddNode(settings, cluster, catalog, data)
        .AddSpool(data.Path)
        .AddReportIntake()
        .AddReading()
        .AddLive()
        .AddOutageWeb()
        .AddDrain();

    await using var app = builder.Build();
    app.UseDrain();
    app.MapOutageWeb();
    await app.StartAsync();
    started = true;
    Console.WriteLine($"OutageAggregator is at {string.Join(" and ", app.Urls)}, a node of '{cluster.Name}' at {cluster.OwnAddress()}:{cluster.SiloPort}. Ctrl+C stops it.");
    await app.WaitForShutdownAsync();
    return Environment.ExitCode;
}
catch (Exception e) when (StartFailure.Explain(e) is { } reason)
{
    await Console.Error.WriteLineAsync(reason);
    return 2;
}
