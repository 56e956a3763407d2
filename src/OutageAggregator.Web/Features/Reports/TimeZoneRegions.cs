using System.Collections.Frozen;
using NodaTime.TimeZones;
using OutageAggregator.Core.Services;

namespace OutageAggregator.Web.Features.Reports;

/// <summary>
/// The country of a time zone, from the tz database's zone.tab: a browser tells its zone to any page without asking, and nearly all zones
/// belong to one country. Old names (Asia/Calcutta) count as what they became, unless that zone serves several countries. A zone without a country
/// (UTC, EST) or one we don't know says nothing; it is a hint, so it is no error.
/// </summary>
internal static class TimeZoneRegions
{
    private static readonly FrozenDictionary<string, Region> s_regions = Build();
    private static readonly FrozenDictionary<string, Region>.AlternateLookup<ReadOnlySpan<char>> s_byName =
        s_regions.GetAlternateLookup<ReadOnlySpan<char>>();

    internal static Region? Find(ReadOnlySpan<char> zone) => s_byName.TryGetValue(zone, out var region) ? region : null;

    private static FrozenDictionary<string, Region> Build()
    {
        var source = TzdbDateTimeZoneSource.Default;
        var regions = new Dictionary<string, Region>(StringComparer.OrdinalIgnoreCase);
        foreach (var location in source.ZoneLocations ?? [])
        {
            if (Region.TryParse(location.CountryCode, out var region))
                regions[location.ZoneId] = region;
        }
        var ofOneCountry = (source.Zone1970Locations ?? []).Where(l => l.Countries.Count == 1)
            .ToDictionary(l => l.ZoneId, l => l.Countries[0].Code, StringComparer.Ordinal);
        foreach (var (alias, zone) in source.CanonicalIdMap)
        {
            if (!regions.ContainsKey(alias) && ofOneCountry.TryGetValue(zone, out var code) && Region.TryParse(code, out var region))
                regions[alias] = region;
        }
        return regions.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
    }
}
