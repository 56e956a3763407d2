using System.Collections.Immutable;
using System.Globalization;
using OutageAggregator.Core.Incidents;
using OutageAggregator.Core.Reports;
using OutageAggregator.Core.Services;

namespace OutageAggregator.Runtime.Reading;

/// <summary>
/// Says in plain English whether it is just you. The number always stands beside what is usual, reports are never called
/// users, and where nothing stands out it says "may": that nobody else reports proves nothing.
/// <para>
/// The status is of the last closed minute and may lag behind the numbers, which are of this second: before it changes, and after it should
/// have, the words follow the numbers, so that a sentence never contradicts the figures in it.
/// </para>
/// </summary>
internal static class SituationSentence
{
    // From so much more than usual on, with so many reports, a crowd may be under way that no closed minute shows yet. By chance alone
    // this comes now and then, hence "may".
    private const double CrowdRatio = 1.8;
    private const int CrowdReports = 4;
    // Below so much more than usual, what is still called elevated is no longer seen in the numbers.
    private const double ElevatedRatio = 1.25;
    // A region with at least this much more than its usual is said to take part.
    private const double LocalRatio = 2;
    // A surface is named where at least this part of the reports name it and there are enough to speak of a part.
    private const double SurfacePortion = 0.6;
    private const int SurfaceReports = 5;

    public static string Of(
        string name,
        ServiceStatus status,
        bool isRecovering,
        Freshness freshness,
        Pulse world,
        Region region,
        Pulse local,
        ImmutableArray<Share<Surface>> surfaces)
    {
        if (status == ServiceStatus.Unknown)
            return Unknown(name, freshness);
        var counted = $"{Reports(world.Reports15m)} of trouble with {name} in the last 15 minutes{Usual(world.Expected15m)}";
        var isKnown = world.Expected15m is not null;
        var detail = Detail(world, region, local, surfaces);
        return status switch
        {
            ServiceStatus.Outage when isRecovering => $"It was not just you, and it is getting better: {counted}.{detail}",
            ServiceStatus.Outage => $"It's not just you: {counted}.{detail}",
            ServiceStatus.Elevated when world.Ratio is null or >= ElevatedRatio =>
                $"It may not be just you: {counted}. That is {(isKnown ? "more than usual and " : "")}not yet enough to call it an outage.",
            ServiceStatus.Elevated => $"It may be just you: {counted}. Earlier, or in some region, there were more than usual.",
            _ when world is { Reports15m: >= CrowdReports, Ratio: null or >= CrowdRatio } =>
                $"It may not be just you: {counted}. {(isKnown ? "That is more than usual, and too early" : "It is too early")} to call it an outage.{detail}",
            _ when world.Reports15m == 0 => $"It may be just you: nobody reported trouble with {name} in the last 15 minutes.",
            _ => $"It may be just you: {counted}{(isKnown ? ", so nothing points to an outage" : "")}.",
        };
    }

    /// <param name="name">The service's name.</param>
    /// <param name="freshness">How old the data is; null where not even that can be read.</param>
    public static string Unknown(string name, Freshness? freshness) => freshness is { } known
        ? $"We can't say how {name} is just now: our newest data is {Age(known)}."
        : $"We can't say how {name} is just now: the data can't be read.";

    private static string Detail(Pulse world, Region region, Pulse local, ImmutableArray<Share<Surface>> surfaces)
    {
        var surface = surfaces is [{ Of: not Surface.Unknown, Portion: >= SurfacePortion, Reports: >= SurfaceReports } top, ..]
            ? top.Of
            : Surface.Unknown;
        var mostly = surface == Surface.Unknown ? null : $"most of them name {Named(surface)}";
        if (region == Region.World || region == Region.Unknown)
            return mostly is null ? "" : $" {char.ToUpperInvariant(mostly[0])}{mostly[1..]}.";
        if (world.Reports15m == 0)
            return "";
        var here = local.Reports15m == 0 ? $"None of them comes from {region.Name}"
            : local.Ratio is { } ratio && ratio < LocalRatio
                ? $"{Grouped(local.Reports15m)} of them {(local.Reports15m == 1 ? "comes" : "come")} from {region.Name}, which is near the usual there"
            : $"{Grouped(local.Reports15m)} of them {(local.Reports15m == 1 ? "comes" : "come")} from {region.Name}";
        return mostly is null ? $" {here}." : $" {here}; {mostly}.";
    }

    private static string Named(Surface surface) => surface switch
    {
        Surface.Web => "the website",
        Surface.Desktop => "the desktop app",
        Surface.Ios => "the iOS app",
        Surface.Android => "the Android app",
        _ => "the API",
    };

    private static string Reports(int count) => count == 1 ? "1 report" : $"{Grouped(count)} reports";

    private static string Usual(double? expected) => expected is not { } known ? "; what is usual is not known yet" : Math.Round(known) switch
    {
        < 1 => ", where fewer than one is usual",
        1 => ", where about one is usual",
        var many => $", where about {Grouped((long)many)} are usual",
    };

    private static string Age(Freshness freshness) => freshness switch
    {
        { ObservedAt: var at } when at == DateTimeOffset.UnixEpoch => "missing",
        { Age.TotalMinutes: < 120 and var minutes } => $"{Grouped(Math.Max(1, (long)minutes))} {((int)minutes <= 1 ? "minute" : "minutes")} old",
        { Age.TotalHours: < 48 and var hours } => $"{Grouped((long)hours)} hours old",
        _ => $"{Grouped((long)freshness.Age.TotalDays)} days old",
    };

    private static string Grouped(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
