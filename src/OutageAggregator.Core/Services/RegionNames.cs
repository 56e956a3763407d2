using System.Collections.Frozen;
using NodaTime.TimeZones;

namespace OutageAggregator.Core.Services;

/// <summary>What one country or territory is called, besides its alpha-2.</summary>
/// <param name="Codes">ISO 3166-1 alpha-3 and numeric.</param>
/// <param name="Names">In any language.</param>
/// <param name="Zones">IANA time zones in it, old names too.</param>
public sealed record RegionEntry(Region Region, IReadOnlyList<string> Codes, IReadOnlyList<string> Names, IReadOnlyList<string> Zones);

/// <summary>
/// Finds the country or territory that a text means: a code of ISO 3166-1, a name in any language it is known in, or a time zone. A code
/// goes before a name ("RU" is Russia, though Spanish shortens "Reino Unido" so); a name that two of them share names neither, unless it is
/// what one of them is called here.
/// <para>
/// Zones are those of the tz database's zone.tab, which say one country each; old names (Asia/Rangoon) come with the entries, or count as
/// what they became, unless that zone serves several countries.
/// </para>
/// </summary>
public sealed class RegionNames
{
    // What browsers say that hide their zone, and what the tz database doesn't list.
    private const string HiddenZone = "Etc/Unknown";

    // Times and not places: the database leads them to one city where they are kept.
    private static readonly string[] s_times =
        ["CET", "MET", "EET", "WET", "EST", "MST", "HST", "EST5EDT", "CST6CDT", "MST7MDT", "PST8PDT"];

    private readonly FrozenDictionary<string, Region> _codes;
    private readonly FrozenDictionary<string, Region> _names;
    private readonly FrozenDictionary<string, Region> _zones;
    private readonly FrozenDictionary<string, Region>.AlternateLookup<ReadOnlySpan<char>> _zonesBySpan;
    private readonly FrozenSet<string> _anyZone;

    public RegionNames(IReadOnlyCollection<RegionEntry> entries)
    {
        _codes = entries.SelectMany(e => e.Codes, (e, code) => KeyValuePair.Create(code, e.Region))
            .ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
        var own = Region.Countries.ToDictionary(r => NameFolding.Fold(r.Name), r => r, StringComparer.Ordinal);
        _names = entries.SelectMany(e => e.Names, (e, name) => (Name: NameFolding.Fold(name), e.Region))
            .Where(n => n.Name.Length > 0 && !own.ContainsKey(n.Name))
            .GroupBy(n => n.Name, n => n.Region, StringComparer.Ordinal)
            .Where(g => g.Distinct().Count() == 1)
            .Select(g => KeyValuePair.Create(g.Key, g.First()))
            .Concat(own)
            .ToFrozenDictionary(StringComparer.Ordinal);
        _zones = ZonesOf(entries);
        _zonesBySpan = _zones.GetAlternateLookup<ReadOnlySpan<char>>();
        _anyZone = TzdbDateTimeZoneSource.Default.GetIds().Append(HiddenZone).ToFrozenSet(StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>
    /// The region that a text means; <see cref="Region.World"/> and <see cref="Region.Unknown"/> by their codes; null where it means none.
    /// </summary>
    public Region? Find(string text)
    {
        var trimmed = text.Trim();
        if (Region.TryParse(trimmed, out var region) || _codes.TryGetValue(trimmed, out region)
            || _zones.TryGetValue(trimmed.Replace(' ', '_'), out region) || _names.TryGetValue(NameFolding.Fold(trimmed), out region))
            return region;
        return null;
    }

    /// <summary>The country of a time zone; null where that has none, as UTC, or is none.</summary>
    public Region? OfZone(ReadOnlySpan<char> zone) => _zonesBySpan.TryGetValue(zone, out var region) ? region : null;

    /// <summary>True of time zones, also of those that belong to no one country.</summary>
    public bool IsZone(string text) => _zones.ContainsKey(text) || _anyZone.Contains(text);

    /// <summary>Regions whose names come near a text, the nearest first.</summary>
    public IReadOnlyList<Region> Near(string text, int limit)
    {
        var folded = NameFolding.Fold(text);
        var allowed = Math.Max(1, Math.Min(folded.Length, Spelling.MaxLength) / 3);
        return folded.Length < 3 ? [] :
        [
            .. _names.Select(n => (Region: n.Value, Distance: Spelling.Distance(n.Key, folded, allowed)))
                .Where(n => n.Distance <= allowed)
                .GroupBy(n => n.Region, n => n.Distance)
                .OrderBy(g => g.Min()).ThenBy(g => g.Key.Name, StringComparer.Ordinal)
                .Select(g => g.Key)
                .Take(limit),
        ];
    }

    private static FrozenDictionary<string, Region> ZonesOf(IEnumerable<RegionEntry> entries)
    {
        var source = TzdbDateTimeZoneSource.Default;
        var zones = new Dictionary<string, Region>(StringComparer.OrdinalIgnoreCase);
        foreach (var location in source.ZoneLocations ?? [])
        {
            if (Region.TryParse(location.CountryCode, out var region))
                zones[location.ZoneId] = region;
        }
        foreach (var (region, zone) in entries.SelectMany(e => e.Zones, (e, zone) => (e.Region, zone)))
            _ = zones.TryAdd(zone, region);
        var ofOneCountry = (source.Zone1970Locations ?? []).Where(l => l.Countries.Count == 1)
            .ToDictionary(l => l.ZoneId, l => l.Countries[0].Code, StringComparer.Ordinal);
        foreach (var (alias, zone) in source.CanonicalIdMap)
        {
            if (ofOneCountry.TryGetValue(zone, out var code) && Region.TryParse(code, out var region))
                _ = zones.TryAdd(alias, region);
        }
        foreach (var time in s_times)
            _ = zones.Remove(time);
        return zones.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
    }
}
