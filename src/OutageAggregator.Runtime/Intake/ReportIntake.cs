using OutageAggregator.Core.Reports;
using OutageAggregator.Core.Watching;

namespace OutageAggregator.Runtime.Intake;

/// <summary>What became of a report that was handed in.</summary>
/// <param name="Id">Its id; meaningful where the outcome is counted or late.</param>
/// <param name="Receipt">Outcome, and from when on the reporter counts again.</param>
public readonly record struct IntakeAnswer(ReportId Id, Receipt Receipt);

/// <summary>The intake can take no more just now; nothing was stored.</summary>
public sealed class IntakeFullException : Exception
{
    public IntakeFullException() : base("The intake is full.") { }

    public IntakeFullException(string message) : base(message) { }

    public IntakeFullException(string message, Exception inner) : base(message, inner) { }
}

/// <summary>Takes single reports, groups what arrives together by watch, and answers each once it is durable.</summary>
public sealed class ReportIntake
{
    /// <summary>Completes when the report is durable (or known to be a duplicate).</summary>
    /// <exception cref="IntakeFullException">Too much is waiting; nothing was stored.</exception>
    /// <exception cref="Core.Windows.StoreUnavailableException">The store could not take it.</exception>
    public ValueTask<IntakeAnswer> RecordAsync(WatchKey key, Report report, CancellationToken cancellation) =>
        throw new InvalidOperationException("being built");
}
