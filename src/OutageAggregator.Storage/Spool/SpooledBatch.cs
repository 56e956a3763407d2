namespace OutageAggregator.Storage.Spool;

/// <summary>
/// A row of the spool: its place in the order of arrival, the batch as it came (<see cref="PackedBatch"/>), and which of its reports were
/// taken back since.
/// </summary>
internal sealed record SpooledBatch(
    long Place, BatchId Id, ServiceSlug Service, string Region, DateTimeOffset ReceivedAt, int Reports, byte[] Packed, IReadOnlyList<int> Withdrawn)
{
    /// <summary>The batch, as it was to be stored in the first place.</summary>
    /// <exception cref="InvalidDataException">The row is damaged.</exception>
    public ReportBatch Unpack()
    {
        var reports = PackedBatch.Unpack(Packed, ReceivedAt);
        if (!Core.Services.Region.TryParse(Region, out var region) || region == Core.Services.Region.World
            || reports.Count != Reports || reports.Count is 0 or > ReportBatch.MaxReports)
            throw new InvalidDataException("A spooled batch is damaged.");
        return new ReportBatch(Id, new WatchKey(Service, region), ReceivedAt, reports);
    }
}
