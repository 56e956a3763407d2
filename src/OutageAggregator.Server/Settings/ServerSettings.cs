using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace OutageAggregator.Server.Settings;

/// <summary>How this server runs: the settings without a group.</summary>
public sealed class ServerSettings
{
    public const string Section = "";

    /// <summary>Addresses to listen on, separated by semicolons; null leaves it to the framework's own variables, or the default.</summary>
    [HttpUrls, Description("http addresses separated by semicolons, such as http://localhost:8080 or http://*:80")]
    public string? Urls { get; set; }

    /// <summary>Where everything is kept, relative to where the server was started.</summary>
    [Required, StringLength(1024), Description("a folder that this user can write to")]
    public string Data { get; set; } = "./data";

    /// <summary>The file of services.</summary>
    [Required, StringLength(1024), Description("the path of a catalog file")]
    public string Catalog { get; set; } = Path.Combine(AppContext.BaseDirectory, "catalog.json");

    /// <summary>A simulated clock; null means the machine's own.</summary>
    [Description(ClockSetting.Allowed)]
    public ClockSetting? Clock { get; set; }

    /// <summary>Made-up history, and the outage of 8 November 2024 played through the intake.</summary>
    public bool Demo { get; set; }

    /// <summary>Our own addresses, or those of the framework's variables (<c>ASPNETCORE_URLS</c>, <c>ASPNETCORE_Kestrel__Endpoints__…</c>), or the default.</summary>
    public void ListenOn(IWebHostBuilder host, IConfiguration frameworks)
    {
        if (Urls is not null)
            _ = host.UseUrls(Urls);
        else if (frameworks["urls"] is null && frameworks["http_ports"] is null && !frameworks.GetSection("Kestrel:Endpoints").Exists())
            _ = host.UseUrls("http://localhost:8080");
    }
}

/// <summary>Which store: stands in the store's own group, as <c>Storage:Kind</c>.</summary>
public sealed class StorageChoice
{
    [AllowedValues("sqlite", "redis", "memory")]
    public string Kind { get; set; } = "sqlite";

    /// <summary>Nothing is kept, so no data folder is needed.</summary>
    public bool IsMemory => Kind == "memory";

    /// <summary>Counts and incidents are elsewhere; the data folder holds what recognises senders.</summary>
    public bool IsRedis => Kind == "redis";
}
