using OutageAggregator.Cluster;
using OutageAggregator.Runtime.Intake;
using OutageAggregator.Runtime.Live;
using OutageAggregator.Runtime.Settings;
using OutageAggregator.Runtime.Watching;
using OutageAggregator.Storage;
using OutageAggregator.Storage.Redis.Client;
using OutageAggregator.Storage.Spool;
using OutageAggregator.Web.Admission;
using OutageAggregator.Web.Keys;

namespace OutageAggregator.Server.Settings;

/// <summary>Every settings object of the server, filled from all sources. A new component with settings adds one line here.</summary>
internal sealed class AllSettings
{
    private const string AllowedHosts = "AllowedHosts";
    private const string Logging = "Logging";
    private const string LogLevels = "Logging:LogLevel";

    /// <summary>Keys of the framework, which reads them itself; which of them, and with what values, is judged here.</summary>
    private static readonly string[] s_frameworks = [Logging, AllowedHosts];

    private readonly List<SettingsGroup> _groups;

    private AllSettings() => _groups =
    [
        new(ServerSettings.Section, Server),
        new(StorageSettings.Section, Storage),
        new(StorageSettings.Section, new StorageSettings()),
        new(RedisSettings.Section, Redis),
        new(ClusterSettings.Section, Cluster),
        new(IntakeSettings.Section, Intake),
        new(SpoolSettings.Section, Spool),
        new(WatchSettings.Section, Watching),
        new(LiveSettings.Section, new LiveSettings()),
        new(ProxySettings.Section, new ProxySettings()),
        new(LimitSettings.Section, new LimitSettings()),
        new(KeySettings.Section, new KeySettings()),
    ];

    public ServerSettings Server { get; } = new();

    public StorageChoice Storage { get; } = new();

    public RedisSettings Redis { get; } = new();

    public ClusterSettings Cluster { get; } = new();

    public IntakeSettings Intake { get; } = new();

    public WatchSettings Watching { get; } = new();

    public SpoolSettings Spool { get; } = new();

    /// <summary>What is left for the framework.</summary>
    public IConfiguration Frameworks { get; private set; } = new ConfigurationBuilder().Build();

    /// <param name="line">What the command line says.</param>
    /// <exception cref="SettingsException">A setting is unknown, of the wrong type or out of range.</exception>
    public static AllSettings Read(CommandLine line)
    {
        List<SettingsSource> sources = [SettingsSource.File(Path.Combine(AppContext.BaseDirectory, "appsettings.json"))];
        if (line.SettingsFile is { } file)
            sources.Add(SettingsSource.File(file));
        sources.Add(SettingsSource.Environment());
        sources.Add(line.Settings);

        var settings = new AllSettings();
        SettingsReader.Read(settings._groups, sources, s_frameworks);
        settings.Frameworks = FrameworksPart(sources);
        return settings;
    }

    /// <summary>Each component takes its own settings object in its constructor.</summary>
    public void AddTo(IServiceCollection services)
    {
        foreach (var group in _groups)
            services.AddSingleton(group.Settings.GetType(), group.Settings);
    }

    private static IConfiguration FrameworksPart(List<SettingsSource> sources)
    {
        var values = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        foreach (var source in sources)
        {
            foreach (var (key, value) in source.Values.Where(v => s_frameworks.Contains(v.Key.Split(':')[0], StringComparer.OrdinalIgnoreCase)))
            {
                CheckFrameworks(key, value, source.Place(key));
                values[key] = value;
            }
        }
        return new ConfigurationBuilder().AddInMemoryCollection(values).Build();
    }

    // The framework passes over what it does not know, and a typo with it.
    private static void CheckFrameworks(string key, string? value, string place)
    {
        var isGroup = key.Equals(Logging, StringComparison.OrdinalIgnoreCase) || key.Equals(LogLevels, StringComparison.OrdinalIgnoreCase);
        if (key.Equals(AllowedHosts, StringComparison.OrdinalIgnoreCase) || (isGroup && string.IsNullOrEmpty(value)))
            return;
        if (!key.StartsWith(LogLevels + ":", StringComparison.OrdinalIgnoreCase) || key.Split(':').Length != 3)
            throw new SettingsException($"{place} is no setting. Allowed: {LogLevels}:CATEGORY, such as {LogLevels}:Default, and {AllowedHosts}.");
        if (!Enum.GetNames<LogLevel>().Contains(value, StringComparer.OrdinalIgnoreCase))
            throw new SettingsException($"{place} is '{value}'. Allowed: {string.Join(", ", Enum.GetNames<LogLevel>())}.");
    }
}
