using System.Threading.Tasks.Sources;

namespace OutageAggregator.Runtime.Intake;

/// <summary>A report that waits for its answer: used again and again, so that a report costs no allocation of its own.</summary>
internal sealed class WaitingReport(ReportIntake intake) : IValueTaskSource<IntakeAnswer>
{
    // Continuations run on the pool: the lane must not run its callers' code between two answers.
    private ManualResetValueTaskSourceCore<IntakeAnswer> _answer = new() { RunContinuationsAsynchronously = true };

    public Report Report { get; private set; }

    /// <summary>The one that entered the lane before it; used by the lane only.</summary>
    public WaitingReport? Older { get; set; }

    public ValueTask<IntakeAnswer> Begin(Report report)
    {
        Report = report;
        return new ValueTask<IntakeAnswer>(this, _answer.Version);
    }

    public void Answer(IntakeAnswer answer) => _answer.SetResult(answer);

    public void Fail(Exception exception) => _answer.SetException(exception);

    IntakeAnswer IValueTaskSource<IntakeAnswer>.GetResult(short token)
    {
        try
        {
            return _answer.GetResult(token);
        }
        finally
        {
            _answer.Reset();
            Report = default;
            intake.GiveBack(this);
        }
    }

    ValueTaskSourceStatus IValueTaskSource<IntakeAnswer>.GetStatus(short token) => _answer.GetStatus(token);

    void IValueTaskSource<IntakeAnswer>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _answer.OnCompleted(continuation, state, token, flags);
}
