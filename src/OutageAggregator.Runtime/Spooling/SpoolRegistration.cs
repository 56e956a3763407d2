using OutageAggregator.Runtime.Intake;
using OutageAggregator.Storage.Spool;

namespace OutageAggregator.Runtime.Spooling;

/// <summary>Puts a spool in front of the watches, wherever those live.</summary>
public static class SpoolRegistration
{
    /// <summary>
    /// Registers a spool in a folder, where <see cref="SpoolSettings"/> say so or reports from before wait there: those are handed on in any
    /// case. It needs an <see cref="IWatches"/> that is registered before, and an <see cref="ICountStore"/>. It opens when the host starts,
    /// and the start fails with a <see cref="StoreUnavailableException"/> of one line where it can't.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="folder">The data folder; null where the store needs no spool.</param>
    public static IServiceCollection AddSpool(this IServiceCollection services, string? folder)
    {
        services.TryAddSingleton<SpoolSettings>();
        var settings = services.Last(s => s.ServiceType == typeof(SpoolSettings)).ImplementationInstance as SpoolSettings ?? new SpoolSettings();
        if (folder is null || !(settings.Enabled || File.Exists(Path.Combine(folder, SpoolFile.FileName))))
            return services;
        var watches = services.LastOrDefault(s => s.ServiceType == typeof(IWatches)) ?? throw new InvalidOperationException("A spool stands in front of watches: register those first.");
        _ = services.Remove(watches);
        services.TryAddSingleton<Readiness>();
        services.AddSingleton(p =>
        {
            var spool = new Spool(folder, settings, p.GetRequiredService<ILogger<Spool>>(), p.GetService<IMeterFactory>());
            p.GetRequiredService<Readiness>().HasStandIn = () => spool.IsTaking;
            return spool;
        });
        services.AddSingleton(p => new SpooledWatches(
            (IWatches)(watches.ImplementationInstance ?? watches.ImplementationFactory?.Invoke(p)
                ?? ActivatorUtilities.CreateInstance(p, watches.ImplementationType!)),
            p.GetRequiredService<Spool>()));
        services.AddSingleton<IWatches>(p => p.GetRequiredService<SpooledWatches>());
        return services.AddHostedService<SpoolDrain>();
    }

    /// <summary>
    /// How many reports wait in a folder's spool, for a server that puts none in front of its watches: nobody would hand them on.
    /// </summary>
    /// <exception cref="StoreUnavailableException">The file can't be read: one line that names it and says what to do.</exception>
    public static (string File, long Reports) LeftIn(string folder) => (Path.Combine(Path.GetFullPath(folder), SpoolFile.FileName), SpoolFile.CountLeft(folder));
}
