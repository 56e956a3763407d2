namespace OutageAggregator.Core.Series;

/// <summary>A whole UTC minute, numbered from 1970-01-01T00:00Z. It covers [Start, Start + 1 minute).</summary>
public readonly record struct Minute(int Number) : IComparable<Minute>
{
    /// <summary>Minutes in a day.</summary>
    public const int PerDay = 1440;

    /// <summary>The minute that contains an instant.</summary>
    public static Minute Of(DateTimeOffset instant) => new((int)Math.Floor(instant.ToUnixTimeMilliseconds() / 60_000.0));

    /// <summary>Its first instant, in UTC.</summary>
    public DateTimeOffset Start => DateTimeOffset.FromUnixTimeSeconds(Number * 60L);

    /// <summary>The first minute of the span of <paramref name="minutes"/> minutes it lies in, spans counted from 1970.</summary>
    public Minute FloorTo(int minutes) => new(Number - (((Number % minutes) + minutes) % minutes));

    public int CompareTo(Minute other) => Number.CompareTo(other.Number);
    public static Minute operator +(Minute minute, int minutes) => new(minute.Number + minutes);
    public static Minute operator -(Minute minute, int minutes) => new(minute.Number - minutes);
    /// <summary>How many minutes lie between two minutes.</summary>
    public static int operator -(Minute left, Minute right) => left.Number - right.Number;
    public static Minute operator ++(Minute minute) => new(minute.Number + 1);
    public static bool operator <(Minute left, Minute right) => left.Number < right.Number;
    public static bool operator >(Minute left, Minute right) => left.Number > right.Number;
    public static bool operator <=(Minute left, Minute right) => left.Number <= right.Number;
    public static bool operator >=(Minute left, Minute right) => left.Number >= right.Number;
    public static Minute Max(Minute left, Minute right) => left > right ? left : right;
    public static Minute Min(Minute left, Minute right) => left < right ? left : right;

    public override string ToString() => Start.ToString("yyyy-MM-ddTHH:mm'Z'", CultureInfo.InvariantCulture);
}

/// <summary>A stretch of whole minutes, half-open: [From, To).</summary>
public readonly record struct MinuteRange(Minute From, Minute To)
{
    public int Length => Math.Max(0, To - From);
    public bool Contains(Minute minute) => minute >= From && minute < To;
}
