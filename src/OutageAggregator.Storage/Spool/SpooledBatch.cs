namespace OutageAggregator.Storage.Spool;

/// <summary>A row of the spool.</summary>
/// <param name="Place">Where it stands in the order of arrival.</param>
/// <param name="Id">Of the batch.</param>
/// <param name="Service">Its service.</param>
/// <param name="Region">The code of its region.</param>
/// <param name="ReceivedAt">When it was taken in.</param>
/// <param name="Reports">How many reports it holds.</param>
/// <param name="Packed">They (<see cref="PackedBatch"/>).</param>
/// <param name="Withdrawn">Which of them were taken back since.</param>
internal sealed record SpooledBatch(
    long Place, BatchId Id, ServiceSlug Service, string Region, DateTimeOffset ReceivedAt, int Reports, byte[] Packed, IReadOnlyList<int> Withdrawn)
{
    /// <summary>The batch, as it was to be stored in the first place.</summary>
    /// <exception cref="InvalidDataException">The row is damaged.</exception>
    public ReportBatch Unpack()
    {
        if (!Core.Services.Region.TryParse(Region, out var region) || region == Core.Services.Region.World)
            throw new InvalidDataException("A spooled batch is damaged.");
        var reports = PackedBatch.Unpack(Packed, ReceivedAt);
        if (reports.Count != Reports || reports.Count is 0 or > ReportBatch.MaxReports)
            throw new InvalidDataException("A spooled batch is damaged.");
        return new ReportBatch(Id, new WatchKey(Service, region), ReceivedAt, reports);
    }
}
