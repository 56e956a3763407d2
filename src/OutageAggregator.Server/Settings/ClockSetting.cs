using System.Diagnostics.CodeAnalysis;

namespace OutageAggregator.Server.Settings;

/// <summary>A simulated clock as it is written: <c>INSTANT@SPEED</c>.</summary>
/// <param name="Start">What it shows at the start.</param>
/// <param name="Speed">Simulated seconds per real second.</param>
[Description(Allowed)]
public sealed record ClockSetting(DateTimeOffset Start, double Speed) : IParsable<ClockSetting>
{
    public const string Allowed = "INSTANT@SPEED, such as 2024-11-08T23:50:00Z@60, with a UTC instant of the years 2000 to 2099 and a speed from 1 to 3600";

    private static readonly string[] s_instants = ["yyyy-MM-dd'T'HH:mm'Z'", "yyyy-MM-dd'T'HH:mm:ss'Z'"];

    public static ClockSetting Parse(string s, IFormatProvider? provider) =>
        TryParse(s, provider, out var clock) ? clock : throw new FormatException($"'{s}' is not {Allowed}.");

    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, [MaybeNullWhen(false)] out ClockSetting result)
    {
        result = s?.Split('@') is [var instant, var speed]
            && DateTimeOffset.TryParseExact(
                instant, s_instants, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var start)
            && double.TryParse(speed, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var factor)
            && start.Year is >= 2000 and <= 2099 && factor is >= 1 and <= 3600
            ? new ClockSetting(start, factor)
            : null;
        return result is not null;
    }

    public override string ToString() => $"{Start:yyyy-MM-ddTHH:mm:ssZ}@{Speed}";
}
