using Microsoft.Extensions.Configuration;

namespace OutageAggregator.Runtime.Settings;

/// <summary>One place that settings come from: a file, the environment, the command line.</summary>
/// <param name="Values">Keys in the form <c>Intake:MaxWaiting</c>, list items as <c>Proxies:Trusted:0</c>.</param>
/// <param name="Place">How the operator would find a key there, for messages: "--data", "OUTAGE_Data in the environment".</param>
public sealed record SettingsSource(IConfiguration Values, Func<string, string> Place)
{
    /// <summary>Every variable with this prefix is a setting of ours: one that names no key stops the start.</summary>
    public const string EnvironmentPrefix = "OUTAGE_";

    /// <summary>The settings in a JSON file; comments are allowed.</summary>
    /// <exception cref="SettingsException">The file is missing, unreadable or no JSON.</exception>
    public static SettingsSource File(string path)
    {
        try
        {
            return new(new ConfigurationBuilder().AddJsonFile(Path.GetFullPath(path), optional: false, reloadOnChange: false).Build(), key => $"{key} in {path}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SettingsException($"The settings file {path} can't be read: {(e is FileNotFoundException ? "there is no such file" : e.Message)}.", e);
        }
        catch (Exception e) when (e is InvalidDataException or FormatException)
        {
            throw new SettingsException($"The settings file {path} is not valid JSON: {e.GetBaseException().Message}", e);
        }
    }

    /// <summary>
    /// The environment variables that start with <see cref="EnvironmentPrefix"/>; two underscores separate a group from its key.
    /// </summary>
    public static SettingsSource Environment() => new(
        new ConfigurationBuilder().AddEnvironmentVariables(EnvironmentPrefix).Build(),
        key => $"{EnvironmentPrefix}{key.Replace(":", "__", StringComparison.Ordinal)} in the environment");

    /// <summary>
    /// What it says, key by key: the empty text and null of a group that holds nothing are among it, groups that hold something are not.
    /// </summary>
    internal List<(string Key, string? Text)> Leaves() =>
        [.. Values.AsEnumerable().Where(v => v.Value is not null || !Values.GetSection(v.Key).GetChildren().Any()).Select(v => (v.Key, v.Value))];
}
