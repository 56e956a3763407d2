using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace OutageAggregator.Runtime.Intake;

/// <summary>
/// How many reports got which answer, and how long their batches took: counted by those who hand batches to the watches, read at
/// <c>/metrics</c>.
/// </summary>
public sealed class ReportTally
{
    private readonly Histogram<double>? _time;
    private long _counted;
    private long _late;
    private long _duplicate;
    private long _spooled;
    private long _refused;
    private long _failed;
    private long _batches;
    private long _failedBatches;
    private long _ticks;

    public ReportTally(IMeterFactory? meters = null)
    {
        if (meters.OfOutages() is not { } meter)
            return;
        _ = meter.CreateObservableCounter("outage.reports", Outcomes, "{report}", "Reports by their answer: counted, late, duplicate, spooled (durable, and to be counted later), refused (the intake was full) or failed (the store could not take them).");
        _ = meter.CreateObservableCounter("outage.batches", Results, "{batch}", "Batches of reports of one service and region by their end: answered or failed.");
        _time = meter.CreateHistogram<double>("outage.batch.duration", "s", "Time from a batch's way to the store until its answer: a group commit.");
        _ = meter.CreateObservableCounter("outage.batch.time", () => Volatile.Read(ref _ticks) / (double)Stopwatch.Frequency, "s", "Time from a batch's way to the store until its answer, summed up.");
    }

    /// <summary>A batch was answered.</summary>
    /// <param name="receipt">Its answers.</param>
    /// <param name="startedAt">When it was handed on, a timestamp of <see cref="Stopwatch"/>.</param>
    public void Answered(BatchReceipt receipt, long startedAt)
    {
        ArgumentNullException.ThrowIfNull(receipt);
        Add(ref _batches, 1);
        Took(startedAt);
        if (receipt.IsProvisional)
            Add(ref _spooled, receipt.Receipts.Count);
        else
            Answered(receipt.Receipts);
    }

    private void Answered(IReadOnlyList<Receipt> receipts)
    {
        int counted = 0, late = 0;
        for (var i = 0; i < receipts.Count; i++)
        {
            switch (receipts[i].Outcome)
            {
                case ReportOutcome.Counted:
                    counted++;
                    break;
                case ReportOutcome.Late:
                    late++;
                    break;
            }
        }
        Add(ref _counted, counted);
        Add(ref _late, late);
        Add(ref _duplicate, receipts.Count - counted - late);
    }

    /// <summary>A batch could not be stored.</summary>
    public void Failed(int reports, long startedAt)
    {
        Add(ref _failed, reports);
        Add(ref _failedBatches, 1);
        Took(startedAt);
    }

    /// <summary>A report found the intake full.</summary>
    public void Refused() => Add(ref _refused, 1);

    private void Took(long startedAt)
    {
        var ticks = Stopwatch.GetTimestamp() - startedAt;
        Add(ref _ticks, ticks);
        _time?.Record(ticks / (double)Stopwatch.Frequency);
    }

    private static void Add(ref long sum, long more)
    {
        if (more != 0)
            _ = Interlocked.Add(ref sum, more);
    }

    private IEnumerable<Measurement<long>> Outcomes() =>
    [
        Volatile.Read(ref _counted).Labelled("outcome", "counted"),
        Volatile.Read(ref _late).Labelled("outcome", "late"),
        Volatile.Read(ref _duplicate).Labelled("outcome", "duplicate"),
        Volatile.Read(ref _spooled).Labelled("outcome", "spooled"),
        Volatile.Read(ref _refused).Labelled("outcome", "refused"),
        Volatile.Read(ref _failed).Labelled("outcome", "failed"),
    ];

    private IEnumerable<Measurement<long>> Results() =>
    [
        Volatile.Read(ref _batches).Labelled("result", "answered"),
        Volatile.Read(ref _failedBatches).Labelled("result", "failed"),
    ];
}
