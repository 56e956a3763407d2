using NodaTime;
using NodaTime.TimeZones;

namespace OutageAggregator.Web.Zones;

/// <summary>A stretch of minutes, half-open, in which the clocks of a zone keep their distance from UTC.</summary>
/// <param name="Offset">Minutes that they are ahead of UTC; below 0 in the west.</param>
internal readonly record struct ZoneStretch(Minute From, Minute To, int Offset);

/// <summary>
/// The zone that a page tells its times in: all of them, and it says which. It is UTC unless the address names another one of the tz
/// database, <c>?zone=Europe/Rome</c>. Days begin, and hours are full, where the clocks of the zone say so: in Kathmandu 15 minutes after
/// those of UTC, and after 23 or 25 hours where the clocks were changed.
/// </summary>
internal sealed class PageZone
{
    /// <summary>The parameter of an address.</summary>
    internal const string Parameter = "zone";

    private static readonly LocalDate s_firstDay = new(1970, 1, 1);
    private readonly Lazy<DateTimeZone> _zone;

    internal PageZone(string name, bool isMisnamed = false)
    {
        (Name, IsMisnamed) = (name, isMisnamed);
        _zone = new Lazy<DateTimeZone>(() => DateTimeZoneProviders.Tzdb[name]);
    }

    internal static PageZone Utc { get; } = new("UTC");

    /// <summary>UTC, where an address names a zone that is not known: the page has to say so.</summary>
    internal static PageZone Misnamed { get; } = new("UTC", isMisnamed: true);

    /// <summary>As the tz database writes it: <c>America/New_York</c>.</summary>
    internal string Name { get; }
    internal bool IsMisnamed { get; }
    internal bool IsUtc => Name == "UTC";

    /// <summary>The zone that an address names; UTC where it names none.</summary>
    internal static PageZone Of(HttpRequest request) => request.QueryString.HasValue && request.Query[Parameter] is { Count: > 0 } asked
        ? ZoneNames.Find(asked.ToString()) ?? Misnamed
        : Utc;

    /// <summary>An address within the site that tells times in this zone, too.</summary>
    internal string Keep(string address) => IsUtc ? address : Ask(address);

    /// <summary>An address within the site that names this zone, also where it is UTC.</summary>
    internal string Ask(string address) => WithParameter(address, mark: "&");

    /// <summary>An address that <see cref="Keep"/> returns, as it stands in HTML.</summary>
    internal string KeepInHtml(string address) => IsUtc ? address : WithParameter(address, mark: "&amp;");

    /// <summary>An instant as the clocks of the zone show it: to be written as it is.</summary>
    internal DateTimeOffset At(DateTimeOffset instant) => instant.ToOffset(TimeSpan.FromMinutes(OffsetAt(instant)));

    /// <summary>The day in which a minute falls, counted from 1 January 1970.</summary>
    internal int DayOf(Minute minute) => (int)Math.Floor((minute.Number + OffsetAt(minute.Start)) / (double)Minute.PerDay);

    /// <summary>The first minute of a day: after midnight where clocks skipped that, on the next day where they skipped it all.</summary>
    internal Minute StartOf(int day)
    {
        var midnight = _zone.Value.MapLocal(s_firstDay.PlusDays(day).AtMidnight());
        var start = midnight.Count == 0 ? midnight.LateInterval.Start : midnight.First().ToInstant();
        return Minute.Of(start.ToDateTimeOffset());
    }

    /// <summary>The stretches of [from, to), in each of which the clocks were not changed.</summary>
    internal ImmutableArray<ZoneStretch> Stretches(Minute from, Minute to)
    {
        var all = new Interval(Instant.FromDateTimeOffset(from.Start), Instant.FromDateTimeOffset(to.Start));
        return
        [
            .. _zone.Value.GetZoneIntervals(all, ZoneEqualityComparer.Options.OnlyMatchWallOffset).Select(i => new ZoneStretch(
                Minute.Max(from, i.HasStart ? Minute.Of(i.Start.ToDateTimeOffset()) : from),
                Minute.Min(to, i.HasEnd ? Minute.Of(i.End.ToDateTimeOffset()) : to), Minutes(i.WallOffset))),
        ];
    }

    private int OffsetAt(DateTimeOffset instant) => IsUtc ? 0 : Minutes(_zone.Value.GetUtcOffset(Instant.FromDateTimeOffset(instant)));

    // Until 1972 a few kept seconds, which no clock here shows.
    private static int Minutes(Offset offset) => offset.Seconds / 60;

    // A plus sign would be read as a space; the slash may stand there as it is.
    private string WithParameter(string address, string mark)
    {
        var at = address.IndexOf('#', StringComparison.Ordinal) is >= 0 and var hash ? hash : address.Length;
        var sign = address.AsSpan(0, at).Contains('?') ? mark : "?";
        return $"{address.AsSpan(0, at)}{sign}{Parameter}={Name.Replace("+", "%2B", StringComparison.Ordinal)}{address.AsSpan(at)}";
    }
}
