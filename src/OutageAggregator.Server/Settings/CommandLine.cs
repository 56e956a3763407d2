using System.CommandLine;
using System.Globalization;
using OutageAggregator.Core.Services;
using OutageAggregator.Runtime.Settings;
using OutageAggregator.Storage;
using OutageAggregator.Storage.Redis.Client;
using OutageAggregator.Web.Admission;

namespace OutageAggregator.Server.Settings;

/// <summary>The command line, read into the same keys as any other source of settings.</summary>
/// <param name="Settings">What was said.</param>
/// <param name="SettingsFile">Another file to read after the one that comes with the server, or null.</param>
/// <param name="Answered">True where the line asked for help or the version, which have been printed: nothing is left to do.</param>
internal sealed record CommandLine(SettingsSource Settings, string? SettingsFile, bool Answered)
{
    /// <exception cref="SettingsException">An option that does not exist, or one without its value.</exception>
    public static async Task<CommandLine> ReadAsync(string[] args)
    {
        var urls = new Option<string>("--urls") { Description = "Addresses to listen on [default: http://localhost:8080]", HelpName = "URL" };
        var data = new Option<string>("--data") { Description = "Where everything is kept [default: ./data]", HelpName = "FOLDER" };
        var demo = new Option<bool>("--demo") { Description = "Made-up history, and the outage of 8 November 2024 played at 60 times its speed; kept apart, in FOLDER/demo or in Redis under a prefix of its own" };
        var trustProxy = new Option<string[]>("--trust-proxy") { Description = "Believe X-Forwarded-For from these addresses (repeatable)", HelpName = "CIDR" };
        var clock = new Option<string>("--clock") { Description = "A simulated clock, such as 2024-11-08T23:50:00Z@60", HelpName = "INSTANT@SPEED" };
        var storage = new Option<string>("--storage") { Description = "sqlite, redis, or memory (forgets everything at its end) [default: sqlite]", HelpName = "STORAGE" };
        var redis = new Option<string>("--redis") { Description = "Where Redis is; with it the server is a node of a cluster of one or more [default: localhost:6379]", HelpName = "HOST:PORT" };
        var settings = new Option<string>("--settings") { Description = "A JSON file of settings, read after appsettings.json", HelpName = "FILE" };
        var root = new RootCommand("Counts reports of outages and says when there is an incident. Every setting can also stand in appsettings.json or in a variable OUTAGE_...")
        {
            urls, data, demo, trustProxy, clock, storage, redis, settings,
        };

        var line = root.Parse(args);
        if (line.UnmatchedTokens is [var unknown, ..])
        {
            var near = Spelling.Nearest(unknown, root.Options.Select(o => o.Name));
            throw new SettingsException(
                $"{unknown} is no option. {(near is null ? $"Allowed: {string.Join(", ", root.Options.Select(o => o.Name))}." : $"Did you mean {near}?")}");
        }
        if (line.Errors is [var error, ..])
            throw new SettingsException(error.Message);
        if (line.Action is { } answer && args.Length > 0)
        {
            _ = await line.InvokeAsync();
            return new CommandLine(new SettingsSource(new Dictionary<string, string?>(StringComparer.Ordinal), k => k), SettingsFile: null, Answered: true);
        }

        var values = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        var names = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        Take(urls, nameof(ServerSettings.Urls));
        Take(data, nameof(ServerSettings.Data));
        Take(clock, nameof(ServerSettings.Clock));
        Take(storage, $"{StorageSettings.Section}:{nameof(StorageChoice.Kind)}");
        // Who names a Redis means it.
        if (line.GetValue(redis) is not null && line.GetValue(storage) is null)
            Add($"{StorageSettings.Section}:{nameof(StorageChoice.Kind)}", redis.Name, "redis");
        Take(redis, $"{RedisSettings.Section}:{nameof(RedisSettings.Connection)}");
        if (line.GetValue(demo))
            Add(nameof(ServerSettings.Demo), demo.Name, "true");
        var proxies = line.GetValue(trustProxy) ?? [];
        for (var i = 0; i < proxies.Length; i++)
            Add(string.Create(CultureInfo.InvariantCulture, $"{ProxySettings.Section}:{nameof(ProxySettings.Trusted)}:{i}"), trustProxy.Name, proxies[i]);
        return new CommandLine(new SettingsSource(values, key => names[key]), line.GetValue(settings), Answered: false);

        void Take(Option<string> option, string key)
        {
            if (line.GetValue(option) is { } value)
                Add(key, option.Name, value);
        }

        void Add(string key, string option, string value)
        {
            values[key] = value;
            names[key] = option;
        }
    }
}
