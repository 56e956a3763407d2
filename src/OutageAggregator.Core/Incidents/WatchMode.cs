namespace OutageAggregator.Core.Incidents;

/// <summary>What a service's watch asks of its series.</summary>
/// <param name="InIncident">An incident is open.</param>
/// <param name="From">Since when it lasts; or, where none is open, since when it is quiet.</param>
/// <param name="Number">The incident's number; 0 where there never was one.</param>
/// <param name="Evidence">The verdict that raised it.</param>
public readonly record struct WatchMode(bool InIncident, Minute From, int Number, Evidence Evidence)
{
    /// <summary>
    /// An incident is left out of what is learnt for so many minutes; what lasts longer is the new usual, and ends by itself as it is
    /// learnt.
    /// </summary>
    public const int LongestUnlearntMinutes = 720;

    /// <summary>What the newest incident asks for, open or over; null stands for none.</summary>
    public static WatchMode Of(Incident? incident) => incident switch
    {
        null => new WatchMode(false, new Minute(int.MinValue / 2), 0, default),
        { EndedAt: { } ended } => new WatchMode(false, ended, incident.Id.Number, incident.Evidence),
        _ => new WatchMode(true, incident.StartedAt, incident.Id.Number, incident.Evidence),
    };
}
