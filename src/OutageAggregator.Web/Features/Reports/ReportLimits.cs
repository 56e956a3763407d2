namespace OutageAggregator.Web.Features.Reports;

/// <summary>The sizes that a sender has to keep.</summary>
internal static class ReportLimits
{
    /// <summary>The largest report, alone or as a line of a batch, in bytes of its body.</summary>
    internal const int MaxBytes = 4096;

    /// <summary>The largest batch, in bytes.</summary>
    internal const int MaxBatchBytes = 256 * 1024;

    /// <summary>The largest batch, in lines.</summary>
    internal const int MaxBatchLines = 1000;
}
