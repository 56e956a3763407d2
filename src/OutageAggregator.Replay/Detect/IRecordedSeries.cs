namespace OutageAggregator.Replay.Detect;

/// <summary>Recorded counts of one service, minute by minute.</summary>
internal interface IRecordedSeries
{
    /// <summary>Its name in detections.</summary>
    string Id { get; }

    /// <summary>The zone of its day.</summary>
    DateTimeZone Zone { get; }

    /// <summary>Minute 0.</summary>
    Minute Start { get; }

    /// <summary>Minutes.</summary>
    int Length { get; }

    /// <summary>The counts by minute; null in a gap.</summary>
    /// <exception cref="ReplayException">The file can't be read; the message says where and why.</exception>
    MinuteCounts?[] Read();

    /// <summary>The minute at which something was said, as its corpus writes it, in JSON.</summary>
    string TimeOf(Minute said);
}
