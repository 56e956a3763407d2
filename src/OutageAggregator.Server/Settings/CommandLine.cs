using System.CommandLine;

namespace OutageAggregator.Server.Settings;

/// <summary>The command line, read into the same keys as any other source of settings.</summary>
/// <param name="SettingsFile">Another file to read after the one that comes with the server, or null.</param>
/// <param name="DocumentsFolder">
/// Where to print the pages of settings, metrics and problem types instead of running a server, or null.
/// </param>
/// <param name="Answered">True where the line asked for help or the version, which has been printed: nothing is left to do.</param>
internal sealed record CommandLine(SettingsSource Settings, string? SettingsFile, string? DocumentsFolder, bool Answered)
{
    /// <summary>Settings that can be said in short: the option, the key, and what stands for the value in the help.</summary>
    internal static readonly (string Option, string Key, string Value)[] Shortcuts =
    [
        ("--urls", "Urls", "URL"),
        ("--data", "Data", "FOLDER"),
        ("--demo", "Demo", ""),
        ("--public-url", "Site:PublicUrl", "URL"),
        ("--trust-proxy", "Proxies:Trusted", "CIDR"),
        ("--clock", "Clock", "INSTANT@SPEED"),
        ("--storage", "Storage:Kind", "STORAGE"),
        ("--redis", "Redis:Connection", "HOST:PORT"),
    ];

    /// <exception cref="SettingsException">An option that does not exist, or one without its value.</exception>
    public static async Task<CommandLine> ReadAsync(string[] args)
    {
        var known = Setting.AllOf(new AllSettings());
        var options = Shortcuts.Select(s => Option(s.Option, s.Value, known.Single(k => k.Key == s.Key))).ToList();
        var file = new Option<string>("--settings") { Description = "A JSON file of settings, read after appsettings.json", HelpName = "FILE" };
        var root = new RootCommand("Counts reports of outages and says when there is an incident. Every setting can also stand in appsettings.json or in a variable OUTAGE_...") { file };
        foreach (var option in options)
            root.Add(option);
        root.SetAction(_ => 0);
        var folder = new Argument<string>("FOLDER") { Description = "Where they are written" };
        var docs = new Command("docs", "Prints settings.md, metrics.md and problems.md from the code") { folder };
        docs.SetAction(_ => 0);
        root.Add(docs);

        var line = root.Parse(args);
        if (line.UnmatchedTokens is [var unknown, ..])
        {
            var near = Spelling.Nearest(unknown, root.Options.Select(o => o.Name));
            throw new SettingsException(
                $"{unknown} is no option. {(near is null ? $"Allowed: {string.Join(", ", root.Options.Select(o => o.Name))}." : $"Did you mean {near}?")}");
        }
        if (line.Errors is [var error, ..])
            throw new SettingsException(error.Message);
        var answered = !ReferenceEquals(line.Action, root.Action) && !ReferenceEquals(line.Action, docs.Action);
        if (answered)
            _ = await line.InvokeAsync();

        var said = new Dictionary<string, string?>(StringComparer.Ordinal);
        foreach (var ((_, key, _), option) in Shortcuts.Zip(options))
        {
            if (line.GetResult(option) is not { Implicit: false } result)
                continue;
            if (result.Tokens.Count == 0)
                said.Add(key, "true");
            for (var i = 0; i < result.Tokens.Count; i++)
                said.Add(option.ValueType.IsArray ? $"{key}:{i}" : key, result.Tokens[i].Value);
        }
        // Who names a Redis means it.
        if (said.ContainsKey("Redis:Connection"))
            _ = said.TryAdd("Storage:Kind", "redis");
        var documents = ReferenceEquals(line.Action, docs.Action) ? line.GetRequiredValue(folder) : null;
        var settings = new SettingsSource(
            new ConfigurationBuilder().AddInMemoryCollection(said).Build(),
            key => Array.Find(Shortcuts, s => key.StartsWith(s.Key, StringComparison.Ordinal)).Option);
        return new CommandLine(settings, line.GetValue(file), documents, answered);
    }

    private static Option Option(string name, string value, Setting setting)
    {
        Option option = setting.IsSwitch ? new Option<bool>(name) : setting.IsList ? new Option<string[]>(name) : new Option<string>(name);
        option.Description = setting.IsSwitch ? setting.Description : $"{setting.Description} Allowed: {setting.Allowed}{(setting.Default is { } usual ? $" [default: {usual}]" : "")}";
        option.HelpName = value;
        return option;
    }
}
