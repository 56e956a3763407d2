using OutageAggregator.Runtime.Following;
using OutageAggregator.Runtime.Watching;
using OutageAggregator.Storage.Redis.Client;
using OutageAggregator.Storage.Spool;
using OutageAggregator.Web.Addresses;
using OutageAggregator.Web.Admission;
using OutageAggregator.Web.Keys;

namespace OutageAggregator.Server.Settings;

/// <summary>
/// Every setting of the server, as the framework's binder fills it: those without a group, and a group a component, whose class lies beside
/// the component. A new component with settings adds one property here.
/// </summary>
public sealed class AllSettings
{
    private const string DefaultUrl = "http://localhost:8080";

    private static readonly string[] s_frameworks = [nameof(AllowedHosts), nameof(Logging), nameof(Kestrel)];

    /// <summary>Keys of earlier versions, and what took their place: they stop the start, as any key does that nobody reads.</summary>
    private static readonly Dictionary<string, string> s_retired = new(StringComparer.OrdinalIgnoreCase)
    {
        ["Redis:WriteMilliseconds"] = "is now Redis:HungMilliseconds, which a slow Redis does not exceed: leave it out, or set that one",
        ["Redis:ReadMilliseconds"] = "is now asyncTimeout=… in Redis:Connection, at most 4000 milliseconds",
    };

    [Description($"Where to listen; unless set, {DefaultUrl}.")]
    [HttpUrls(ErrorMessage = "http addresses separated by semicolons, such as http://localhost:8080 or http://*:80")]
    public string? Urls { get; set; }

    [Description("Where everything is kept, seen from where the server was started.")]
    [Required(ErrorMessage = "a folder that this user can write to"), StringLength(1024)]
    public string Data { get; set; } = "./data";

    [Description("Services, families and categories; unless set, catalog.json beside the program.")]
    [StringLength(1024, MinimumLength = 1, ErrorMessage = "the path of a catalog file")]
    public string? Catalog { get; set; }

    [Description("A simulated clock: it starts there and runs so many times as fast, and every page says so; unless set, the machine's clock.")]
    public ClockSetting? Clock { get; set; }

    [Description("Made-up history and the outage of 8 November 2024 played at 60 times its speed, kept apart in the folder demo of Data, or in Redis under a prefix of its own.")]
    public bool Demo { get; set; }

    public StorageSettings Storage { get; } = new();
    public RedisSettings Redis { get; } = new();
    public ClusterSettings Cluster { get; } = new();
    public IntakeSettings Intake { get; } = new();
    public SpoolSettings Spool { get; } = new();
    public WatchSettings Watching { get; } = new();
    public LiveSettings Live { get; } = new();
    public SiteSettings Site { get; } = new();
    public ProxySettings Proxies { get; } = new();
    public LimitSettings Limits { get; } = new();
    public MetricsSettings Metrics { get; } = new();

    [Description("Keys given out: who may do what, and the hash of the secret, so that the file holds no secret."), KeySettings.UsableKeys]
    public KeyEntry[] Keys { get; set; } = [];

    [Description("The Host headers that are answered, separated by semicolons; * for all.")]
    public string AllowedHosts { get; set; } = "*";

    public LoggingSettings Logging { get; } = new();
    public KestrelSettings Kestrel { get; } = new();

    /// <summary>The file of services.</summary>
    internal string CatalogFile => Catalog ?? Path.Combine(AppContext.BaseDirectory, "catalog.json");

    /// <summary>What is said about keys that the framework reads itself, outside of its own sources.</summary>
    internal IConfiguration Frameworks { get; private set; } = new ConfigurationBuilder().Build();

    /// <param name="line">What the command line says.</param>
    /// <exception cref="SettingsException">A setting is unknown, of the wrong type or out of range.</exception>
    internal static AllSettings Read(CommandLine line)
    {
        List<SettingsSource> sources = [SettingsSource.Environment(), line.Settings];
        if (line.SettingsFile is { } file)
            sources.Insert(0, SettingsSource.File(file));
        var settings = new AllSettings();
        SettingsReader.Read(settings, [SettingsSource.File(Path.Combine(AppContext.BaseDirectory, "appsettings.json")), .. sources], s_retired);
        // The framework reads appsettings.json by itself, and then variables of its own (Logging__...), which win over that file and yield
        // to all others.
        var frameworks = new ConfigurationBuilder();
        foreach (var source in sources)
            _ = frameworks.AddInMemoryCollection(source.Values.AsEnumerable().Where(v => v.Value is not null && s_frameworks.Contains(v.Key.Split(':')[0], StringComparer.OrdinalIgnoreCase)));
        settings.Frameworks = frameworks.Build();
        return settings;
    }

    /// <summary>Each component takes its own settings object in its constructor.</summary>
    internal void AddTo(IServiceCollection services)
    {
        foreach (var group in GetType().GetProperties().Where(p => p.SetMethod is null).Select(p => p.GetValue(this)!))
            services.AddSingleton(group.GetType(), group);
        services.AddSingleton(new KeySettings { Keys = Keys });
    }

    /// <summary>Our own addresses, those of the framework (<c>ASPNETCORE_URLS</c>, <c>Kestrel__Endpoints__…</c>), or the default.</summary>
    internal void ListenOn(IWebHostBuilder host, IConfiguration frameworks)
    {
        if (Urls is not null)
            _ = host.UseUrls(Urls);
        else if (frameworks["urls"] is null && frameworks["http_ports"] is null && !frameworks.GetSection("Kestrel:Endpoints").Exists())
            _ = host.UseUrls(DefaultUrl);
    }
}

/// <summary>Addresses that Kestrel can listen on, separated by semicolons.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class HttpUrlsAttribute : ValidationAttribute
{
    public override bool IsValid(object? value) => value is not string text || text.Split(';').All(IsAddress);

    private static bool IsAddress(string text)
    {
        try
        {
            var address = BindingAddress.Parse(text.Trim());
            return address is { Scheme: "http" or "https", Port: >= 0 and <= 65_535, PathBase: "", IsUnixPipe: false, IsNamedPipe: false };
        }
        catch (FormatException)
        {
            return false;
        }
    }
}
