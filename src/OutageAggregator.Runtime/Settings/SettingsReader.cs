using System.Globalization;
using System.Reflection;
using OutageAggregator.Core.Services;

namespace OutageAggregator.Runtime.Settings;

/// <summary>A settings object under its name; the empty name is the root.</summary>
/// <param name="Name">The group's name in files and variables, such as <c>Intake</c>.</param>
/// <param name="Settings">A plain object: its initialisers are the defaults, its annotations the allowed values.</param>
public sealed record SettingsGroup(string Name, object Settings);

/// <summary>
/// Fills settings objects, strictly: a key that nobody knows, a value of the wrong type and a value out of range each stop the start
/// with one line. The framework's binder was rejected for this: it ignores unknown keys, reports a wrong type without its place, and
/// leaves the line to the reader of a stack trace.
/// <code>
///   Intake : MaxWaiting          property MaxWaiting of the object in the group "Intake"
///   Proxies : Trusted : 0        item of the array Trusted of the object in the group "Proxies"
///   Logging : LogLevel : ...     a framework's key: passed on, not read
/// </code>
/// Sources are read in order, later ones win; a list is replaced as a whole.
/// </summary>
public static class SettingsReader
{
    /// <param name="groups">The objects to fill.</param>
    /// <param name="sources">Weakest first.</param>
    /// <param name="passedOn">First parts of keys that are not ours and not judged here.</param>
    /// <exception cref="SettingsException">A setting is wrong; the message names the key and what is allowed.</exception>
    public static void Read(IReadOnlyList<SettingsGroup> groups, IReadOnlyList<SettingsSource> sources, IReadOnlyCollection<string> passedOn)
    {
        ArgumentNullException.ThrowIfNull(groups);
        ArgumentNullException.ThrowIfNull(sources);
        ArgumentNullException.ThrowIfNull(passedOn);
        var keys = new Dictionary<string, SettingsKey>(StringComparer.OrdinalIgnoreCase);
        foreach (var group in groups)
            AddKeys(keys, group.Name, group.Settings);

        foreach (var source in sources)
        {
            var lists = new Dictionary<SettingsKey, SortedDictionary<int, (string? Text, string Place)>>();
            foreach (var (key, text) in source.Values)
            {
                if (passedOn.Contains(key.Split(':')[0], StringComparer.OrdinalIgnoreCase))
                    continue;
                if (keys.TryGetValue(key, out var scalar))
                    SetWhole(scalar, text, source.Place(key));
                else if (FindList(keys, key, out var index) is { } list)
                    (lists.TryGetValue(list, out var items) ? items : lists[list] = [])[index] = (text, source.Place(key));
                else if (text is not (null or "") || !IsGroup(keys, key))
                    throw Unknown(key, source.Place(key), keys, passedOn);
            }
            foreach (var (list, items) in lists)
                list.SetList([.. items.Values]);
        }

        foreach (var key in keys.Values)
            key.Check();
    }

    private static void SetWhole(SettingsKey key, string? text, string place)
    {
        if (!key.IsList)
            key.Set(text, place);
        else if (string.IsNullOrEmpty(text))
            key.SetList([]);
        else
            key.SetList([(text, place)]);
    }

    private static void AddKeys(Dictionary<string, SettingsKey> keys, string prefix, object settings)
    {
        foreach (var property in settings.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            var name = prefix.Length == 0 ? property.Name : $"{prefix}:{property.Name}";
            if (SettingsKey.CanRead(property.PropertyType) && property.SetMethod is { IsPublic: true })
                keys.Add(name, new SettingsKey(name, settings, property));
            else if (property.SetMethod is null && property.PropertyType.IsClass && property.GetValue(settings) is { } inner)
                AddKeys(keys, name, inner);
            else if (property.SetMethod is not null)
                throw new InvalidOperationException($"{settings.GetType().Name}.{property.Name} is of a type that settings can't hold.");
        }
    }

    private static SettingsKey? FindList(Dictionary<string, SettingsKey> keys, string key, out int index)
    {
        index = 0;
        var colon = key.LastIndexOf(':');
        return colon > 0 && int.TryParse(key.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out index)
            && keys.TryGetValue(key[..colon], out var list) && list.IsList ? list : null;
    }

    private static bool IsGroup(Dictionary<string, SettingsKey> keys, string key) =>
        keys.Keys.Any(k => k.StartsWith(key + ":", StringComparison.OrdinalIgnoreCase));

    private static SettingsException Unknown(
        string key, string place, Dictionary<string, SettingsKey> keys, IReadOnlyCollection<string> passedOn)
    {
        if (IsGroup(keys, key))
            return new SettingsException($"{place} is a group of settings, not a value. Allowed in it: {Members(keys, key)}.");
        var near = Spelling.Nearest(key, keys.Keys.Concat(passedOn));
        var group = key.Contains(':', StringComparison.Ordinal) ? key[..key.LastIndexOf(':')] : null;
        var allowed = near is not null ? $"Did you mean {near}?"
            : group is not null && IsGroup(keys, group) ? $"Allowed in {group}: {Members(keys, group)}."
            : $"Allowed: {string.Join(", ", keys.Keys.Concat(passedOn).Select(k => k.Split(':')[0]).Distinct(StringComparer.Ordinal))}.";
        return new SettingsException($"{place} is no setting. {allowed}");
    }

    private static string Members(Dictionary<string, SettingsKey> keys, string group) =>
        string.Join(", ", keys.Keys.Where(k => k.StartsWith(group + ":", StringComparison.OrdinalIgnoreCase)).Select(k => k[(group.Length + 1)..]));
}
