using NodaTime;

namespace OutageAggregator.Replay.Detect;

/// <summary>Recorded counts of one service, minute by minute.</summary>
internal interface IRecordedSeries
{
    /// <summary>The zone of its day.</summary>
    DateTimeZone Zone { get; }

    /// <summary>Minute 0.</summary>
    Minute Start { get; }

    /// <summary>Minutes.</summary>
    int Length { get; }

    /// <summary>The counts by minute; null in a gap.</summary>
    /// <exception cref="CorpusException">The file can't be read; the message says where and why.</exception>
    MinuteCounts?[] Read();

    /// <summary>A detection as its corpus writes it, one line of JSON.</summary>
    string ToLine(Detection detection);
}
