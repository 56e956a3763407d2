using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.Serialization;

namespace OutageAggregator.TestKit.Deployment;

/// <summary>A Compose file as Compose reads it: anchors and merge keys resolved, variables replaced by their defaults.</summary>
internal sealed partial class ComposeFile
{
    private readonly YamlMap _root;

    private ComposeFile(YamlMap root) => _root = root;

    public IReadOnlyDictionary<string, YamlMap> Services => _root.Map("services").Maps();

    public IReadOnlyDictionary<string, YamlMap> Networks => _root.Map("networks").Maps();

    public IReadOnlyDictionary<string, YamlMap> Secrets => _root.Map("secrets").Maps();

    public IEnumerable<string> Volumes => _root.Map("volumes").Keys;

    public static ComposeFile Read(string text)
    {
        using var reader = new StringReader(DefaultOfVariable().Replace(text, "${default}"));
        var root = new DeserializerBuilder().Build().Deserialize<Dictionary<object, object?>>(new MergingParser(new Parser(reader)));
        return new ComposeFile(new YamlMap(root));
    }

    /// <summary>Services that a profile starts: its own, and those without any.</summary>
    public IEnumerable<string> StartedBy(string profile) =>
        Services.Where(s => !s.Value.Has("profiles") || s.Value.Texts("profiles").Contains(profile)).Select(s => s.Key).Order(StringComparer.Ordinal);

    [GeneratedRegex(@"\$\{\w+:-(?<default>[^}]*)\}", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 60_000)]
    private static partial Regex DefaultOfVariable();
}

/// <summary>A mapping of a YAML file. What is asked for and not there fails the test that asks.</summary>
internal sealed class YamlMap(IReadOnlyDictionary<object, object?> values)
{
    public IEnumerable<string> Keys => values.Keys.Select(k => (string)k);

    public bool Has(string key) => values.ContainsKey(key);

    public string Text(string key) => Find(key) as string ?? throw new InvalidDataException($"'{key}' is no text.");

    /// <summary>The items of a list; a text alone is a list of one.</summary>
    public IReadOnlyList<string> Texts(string key) => Find(key) switch
    {
        IEnumerable<object> items => [.. items.Select(i => i as string ?? throw new InvalidDataException($"'{key}' holds more than texts."))],
        string text => [text],
        _ => throw new InvalidDataException($"'{key}' is no list."),
    };

    /// <summary>A mapping; one without content is empty.</summary>
    public YamlMap Map(string key) => Find(key) switch
    {
        IReadOnlyDictionary<object, object?> map => new YamlMap(map),
        null or "" => new YamlMap(new Dictionary<object, object?>()),
        _ => throw new InvalidDataException($"'{key}' is no mapping."),
    };

    /// <summary>The mappings in a list.</summary>
    public IReadOnlyList<YamlMap> List(string key) =>
        [.. ((IEnumerable<object>)(Find(key) ?? throw new InvalidDataException($"'{key}' is empty."))).Select(i => new YamlMap((IReadOnlyDictionary<object, object?>)i))];

    /// <summary>A service's secrets: under which path it finds which.</summary>
    public IReadOnlyDictionary<string, string> Secrets() =>
        ((IEnumerable<object>)(Find("secrets") ?? throw new InvalidDataException("'secrets' is empty.")))
            .Select(s => s is IReadOnlyDictionary<object, object?> map ? (Name: new YamlMap(map).Text("source"), File: new YamlMap(map).Text("target")) : (Name: (string)s, File: (string)s))
            .ToDictionary(s => s.Name, s => $"/run/secrets/{s.File}", StringComparer.Ordinal);

    /// <summary>All mappings in this one, by name.</summary>
    public IReadOnlyDictionary<string, YamlMap> Maps() => Keys.ToDictionary(k => k, Map, StringComparer.Ordinal);

    private object? Find(string key) => values.TryGetValue(key, out var value) ? value : throw new InvalidDataException($"There is no '{key}'.");
}
