namespace OutageAggregator.Web.Features.Reports;

/// <summary>The sizes that a sender has to keep.</summary>
internal static class ReportLimits
{
    internal const int MaxBytes = 4096;
    internal const int MaxBatchBytes = 256 * 1024;
    internal const int MaxBatchLines = 1000;
}
