using System.Diagnostics;

namespace OutageAggregator.Server.Demo;

/// <summary>Makes a server a demonstration.</summary>
internal static class DemoComposition
{
    private const double Speed = 60;

    /// <summary>The outage that is played.</summary>
    public static Task<RecordedEvent> ReadEventAsync() =>
        RecordedEventFile.ReadAsync(Path.Combine(AppContext.BaseDirectory, "2024-11-08-chatgpt.json"), CancellationToken.None);

    /// <summary>The clock of a demo: the one that was asked for, or one that starts a quarter of a real minute before the outage.</summary>
    /// <exception cref="SettingsException">The clock that was asked for, or the catalog, does not fit the outage.</exception>
    public static ClockSetting ClockOf(RecordedEvent recorded, Catalog catalog, ClockSetting? asked)
    {
        if (catalog.Find(recorded.Service) is null)
            throw new SettingsException($"The catalog has no service '{recorded.Service}', whose outage --demo plays. Add it, or leave --demo out.");
        var outage = recorded.Excess[0].From;
        if (asked is not null && Minute.Of(asked.Start) >= outage)
            throw new SettingsException($"Clock is {asked}, and --demo plays an outage that begins at {outage}. Allowed with --demo: a clock that starts before it.");
        return asked ?? new ClockSetting(recorded.First.Start, Speed);
    }

    public static IServiceCollection AddDemo(this IServiceCollection services, RecordedEvent recorded, ClockSetting clock) => services
        .AddSingleton(recorded)
        .AddSingleton(clock)
        .AddHostedService<DemoCrowd>();

    /// <summary>Writes the history, where no other node of the demo has.</summary>
    /// <exception cref="SettingsException">A Redis holds something else where the demo's keys belong.</exception>
    /// <exception cref="StoreUnavailableException">Redis can't be used now.</exception>
    public static async Task MakeHistoryAsync(this IServiceProvider services)
    {
        if (services.GetService<SharedDemo>() is not { } shared)
            await MakeAsync(services);
        else if (!await shared.MakeOrFindAsync(() => MakeAsync(services), CancellationToken.None))
            Console.WriteLine("A demo: another node has made up a fortnight of reports. None of them is real.");
    }

    private static async Task MakeAsync(IServiceProvider services)
    {
        Console.WriteLine("A demo: making up a fortnight of reports ...");
        var watch = Stopwatch.StartNew();
        var reports = await ActivatorUtilities.CreateInstance<DemoHistory>(services).MakeAsync(CancellationToken.None);
        Console.WriteLine($"A demo: {reports:N0} reports made up in {watch.Elapsed.TotalSeconds:F1} s. None of them is real.");
    }
}
