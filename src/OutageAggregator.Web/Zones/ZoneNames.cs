using System.Collections.Frozen;
using NodaTime.TimeZones;

namespace OutageAggregator.Web.Zones;

/// <summary>
/// The zones that an address may name: all of the tz database, however they are capitalised. A name that was given up leads to the one that
/// took its place (<c>Asia/Calcutta</c> to <c>Asia/Kolkata</c>), but for those that the database's zone.tab still lists for a country:
/// Amsterdam has had Brussels' time since 1970, and who lives there looks for Amsterdam.
/// </summary>
internal static class ZoneNames
{
    // The longest has 32 characters.
    private const int MaxLength = 40;
    private static readonly FrozenDictionary<string, PageZone> s_zones = Build();

    /// <summary>One name a zone, to choose from: UTC first, then by name.</summary>
    internal static ImmutableArray<PageZone> All { get; } =
        [PageZone.Utc, .. Listed().Order(StringComparer.Ordinal).Select(name => s_zones[name])];

    /// <summary>Empty names UTC; null where there is no such zone.</summary>
    internal static PageZone? Find(string name)
    {
        var text = name.Trim();
        if (text.Length is 0 or > MaxLength)
            return text.Length == 0 ? PageZone.Utc : null;
        // People write spaces in names; and a plus sign that was not escaped has become one.
        return s_zones.GetValueOrDefault(text) ?? s_zones.GetValueOrDefault(text.Replace(' ', '_'))
            ?? s_zones.GetValueOrDefault(text.Replace(' ', '+'));
    }

    private static IEnumerable<string> Listed() => (TzdbDateTimeZoneSource.Default.ZoneLocations ?? []).Select(l => l.ZoneId);

    private static FrozenDictionary<string, PageZone> Build()
    {
        var source = TzdbDateTimeZoneSource.Default;
        var listed = Listed().ToHashSet(StringComparer.Ordinal);
        var utc = source.CanonicalIdMap["UTC"];
        var kept = new Dictionary<string, PageZone>(StringComparer.Ordinal) { [utc] = PageZone.Utc };
        PageZone Kept(string name) => kept.TryGetValue(name, out var zone) ? zone : kept[name] = new PageZone(name);
        return source.CanonicalIdMap.ToFrozenDictionary(
            n => n.Key, n => Kept(!listed.Contains(n.Key) && (listed.Contains(n.Value) || n.Value == utc) ? n.Value : n.Key),
            StringComparer.OrdinalIgnoreCase);
    }
}
