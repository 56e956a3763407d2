namespace OutageAggregator.Web.Words;

// Times, all of them in one zone. Their forms name the zone where they may stand alone, by its distance from UTC: letters like IST or CST
// stand for several zones each, and twice a year one and the same time of day comes twice.
internal partial class English
{
    private static readonly string[] s_months =
        ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];

    /// <summary>In which times are told: UTC, unless a page was asked for in another one.</summary>
    internal PageZone Zone { get; private set; } = PageZone.Utc;

    /// <summary>The same language with the times of a zone.</summary>
    internal English In(PageZone zone)
    {
        if (zone == Zone)
            return this;
        var words = (English)MemberwiseClone();
        words.Zone = zone;
        return words;
    }

    /// <summary>"00:10".</summary>
    internal virtual string Clock(DateTimeOffset at) => Zone.At(at).ToString("HH:mm", CultureInfo.InvariantCulture);

    /// <summary>"UTC", "UTC+1", "UTC+5:45", "UTC−3:30".</summary>
    internal virtual string Offset(DateTimeOffset at)
    {
        var offset = Zone.At(at).Offset;
        var hours = offset.ToString(offset.Minutes == 0 ? "%h" : @"h\:mm", CultureInfo.InvariantCulture);
        return offset == TimeSpan.Zero ? "UTC" : $"UTC{(offset < TimeSpan.Zero ? '−' : '+')}{hours}";
    }

    /// <summary>"00:10 UTC", "01:10 UTC+1".</summary>
    internal string NamedClock(DateTimeOffset at) => $"{Clock(at)} {Offset(at)}";

    /// <summary>"00:10": a time of day beside one whose zone is named; named itself where the clocks were changed between them.</summary>
    internal string ClockBeside(DateTimeOffset named, DateTimeOffset at) =>
        Zone.At(named).Offset == Zone.At(at).Offset ? Clock(at) : NamedClock(at);

    /// <summary>"9 November 2024".</summary>
    internal virtual string Date(DateTimeOffset at)
    {
        var told = Zone.At(at);
        return $"{told.Day} {s_months[told.Month - 1]} {told.Year}";
    }

    /// <summary>A date beside a chart: "9 Nov", "9 Nov 2024".</summary>
    internal virtual string ShortDate(DateTimeOffset at, bool withYear) =>
        Zone.At(at).ToString(withYear ? "d MMM yyyy" : "d MMM", CultureInfo.InvariantCulture);

    /// <summary>"9 Nov 2024, 00:10 UTC".</summary>
    internal virtual string DateAndClock(DateTimeOffset at) => $"{ShortDate(at, withYear: true)}, {NamedClock(at)}";

    internal MarkupString Moment(DateTimeOffset at) => Time(at, DateAndClock(at));
    internal MarkupString ClockTime(DateTimeOffset at) => Time(at, NamedClock(at));
    internal MarkupString Day(DateTimeOffset at) => Time(at, Date(at));

    /// <summary>"times in UTC", "times in Europe/Rome (UTC+1)": of a moment, or of a stretch [from, to).</summary>
    internal virtual string TimesIn(Minute from, Minute to) => Zone.IsUtc
        ? "times in UTC"
        : $"times in {Zone.Name.Replace('_', ' ')} ({string.Join(", then ", Offsets(from, to))})";

    /// <summary>The same, of a page.</summary>
    internal string PageTimesIn(DateTimeOffset now) => $"{Capital(TimesIn(Minute.Of(now), Minute.Of(now) + 1))}.";

    /// <summary>What stands beside an axis: "UTC", "UTC+1", "UTC+2/UTC+1" where the clocks were changed.</summary>
    internal string ShortTimesIn(Minute from, Minute to) => string.Join('/', Offsets(from, to));

    // The zone selection
    internal virtual string OtherZone => "Other time zone";
    internal virtual string ShowInUtc => "Show in UTC";
    internal virtual string UnknownZone => "The address asks for a time zone that is not known here, so times are in UTC.";
    internal virtual string WhichZone => "In which time zone?";
    internal virtual string WhichZoneAdvice =>
        "Choose the one whose clock shows your time. All times of a page, its days and its charts are told in it. The address carries it: "
        + "whoever you send it to sees the same.";
    internal virtual string ZoneNow(PageZone zone, DateTimeOffset now) => $"{zone.Name}, {In(zone).Clock(now)}";
    internal virtual string TimeZone => "Time zone";
    internal virtual string Show => "Show";

    // Each once, in the order of time: years of summers and winters have two.
    private string[] Offsets(Minute from, Minute to) =>
        [.. Zone.Stretches(from, to).Select(s => Offset(s.From.Start)).Distinct(StringComparer.Ordinal)];

    private static MarkupString Time(DateTimeOffset at, string text) =>
        Html.Of($"""<time datetime="{Http.Times.Text(at)}">{text}</time>""");
}
