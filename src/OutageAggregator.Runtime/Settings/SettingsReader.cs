using Microsoft.Extensions.Configuration;

namespace OutageAggregator.Runtime.Settings;

/// <summary>
/// Fills a settings object with the framework's binder, strictly, and checks its annotations. What the binder can't say is said here: a key
/// that nobody knows, a value of the wrong type and a value out of range each stop the start with one line that names the place. Sources
/// are read in order, later ones win; a list is replaced as a whole, which the framework would merge item by item.
/// </summary>
public static class SettingsReader
{
    /// <param name="settings">The object to fill: its initialisers are the defaults, its annotations the allowed values.</param>
    /// <param name="sources">Weakest first.</param>
    /// <param name="retired">
    /// Keys of earlier versions, each with what to say instead: the end of a sentence that begins with the key.
    /// </param>
    /// <exception cref="SettingsException">A setting is wrong; the message names the key and what is allowed.</exception>
    public static void Read(object settings, IEnumerable<SettingsSource> sources, IReadOnlyDictionary<string, string> retired)
    {
        ArgumentNullException.ThrowIfNull(sources);
        ArgumentNullException.ThrowIfNull(retired);
        var known = Setting.AllOf(settings);
        var said = Merge(known, sources);
        var values = new ConfigurationBuilder().AddInMemoryCollection(said.Select(s => KeyValuePair.Create(s.Key, s.Value.Text))).Build();
        foreach (var (key, (text, place)) in said)
        {
            var setting = known.FirstOrDefault(s => s.IsAt(key)) ?? throw Unknown(key, place, known, retired);
            if (!setting.CanRead(values.GetSection(key)))
                throw NotAllowed(place, setting.Show(text), setting);
        }
        values.Bind(settings, options => options.ErrorOnUnknownConfiguration = true);
        foreach (var setting in known)
        {
            if (setting.WhatIsWrong() is { } value)
                throw NotAllowed(said.LastOrDefault(s => setting.IsAt(s.Key)).Value.Place ?? setting.Key, value, setting);
        }
    }

    private static Dictionary<string, (string? Text, string Place)> Merge(IReadOnlyList<Setting> known, IEnumerable<SettingsSource> sources)
    {
        var said = new Dictionary<string, (string? Text, string Place)>(StringComparer.OrdinalIgnoreCase);
        foreach (var source in sources)
        {
            var leaves = source.Leaves();
            foreach (var list in known.Where(s => s.IsList && leaves.Exists(l => IsIn(l.Key, s.Key) || Is(l.Key, s.Key))))
            {
                foreach (var item in said.Keys.Where(k => IsIn(k, list.Key)).ToList())
                    _ = said.Remove(item);
            }
            foreach (var (key, text) in leaves)
            {
                var isList = known.Any(s => s.IsList && Is(key, s.Key));
                // An empty group says nothing, and a list that is written as one text has one item.
                if (!string.IsNullOrEmpty(text) || !(isList || known.Any(s => IsIn(s.KeyLike(key), key))))
                    said[isList ? key + ":0" : key] = (text, source.Place(key));
            }
        }
        return said;
    }

    private static bool Is(string key, string other) => key.Equals(other, StringComparison.OrdinalIgnoreCase);

    private static bool IsIn(string key, string group) => key.StartsWith(group + ":", StringComparison.OrdinalIgnoreCase);

    private static SettingsException NotAllowed(string place, string value, Setting setting) => new($"{place} is {value}. Allowed: {setting.Allowed}.");

    private static SettingsException Unknown(string key, string place, IReadOnlyList<Setting> known, IReadOnlyDictionary<string, string> retired)
    {
        if (retired.FirstOrDefault(r => Is(key, r.Key)).Value is { } successor)
            return new SettingsException($"{place} {successor}.");
        var keys = known.Select(s => s.KeyLike(key)).ToList();
        if (Members(keys, key) is { Length: > 0 } inIt)
            return new SettingsException($"{place} is a group of settings, not a value. Allowed in it: {inIt}.");
        var group = key.Contains(':', StringComparison.Ordinal) ? key[..key.LastIndexOf(':')] : "";
        var allowed = Spelling.Nearest(key, keys) is { } near ? $"Did you mean {near}?"
            : Members(keys, group) is { Length: > 0 } members ? $"Allowed in {group}: {members}."
            : $"Allowed: {string.Join(", ", keys.Select(k => k.Split(':')[0]).Distinct(StringComparer.Ordinal))}.";
        return new SettingsException($"{place} is no setting. {allowed}");
    }

    private static string Members(IEnumerable<string> keys, string group) =>
        string.Join(", ", keys.Where(k => IsIn(k, group)).Select(k => k[(group.Length + 1)..]));
}
