namespace OutageAggregator.Runtime.Intake;

/// <summary>
/// How many reports got which answer, and how long their batches took: counted by those who hand batches to the watches, read at
/// <c>/metrics</c>.
/// </summary>
public sealed class ReportTally
{
    // Those of a receipt first, in their order.
    private const int Spooled = 3;
    private const int Refusals = 4;
    private const int Failures = 5;
    private static readonly string[] s_outcomes = ["counted", "late", "duplicate", "spooled", "refused", "failed"];

    private readonly Histogram<double>? _time;
    private readonly long[] _reports = new long[s_outcomes.Length];
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
        Span<int> outcomes = stackalloc int[Spooled + 1];
        for (var i = 0; i < receipt.Receipts.Count; i++)
            outcomes[receipt.IsProvisional ? Spooled : (int)receipt.Receipts[i].Outcome]++;
        for (var i = 0; i < outcomes.Length; i++)
            Add(ref _reports[i], outcomes[i]);
    }

    /// <summary>A batch could not be stored.</summary>
    public void Failed(int reports, long startedAt)
    {
        Add(ref _reports[Failures], reports);
        Add(ref _failedBatches, 1);
        Took(startedAt);
    }

    /// <summary>A report found the intake full.</summary>
    public void Refused() => Add(ref _reports[Refusals], 1);

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

    private IEnumerable<Measurement<long>> Outcomes() => s_outcomes.Select((o, i) => Volatile.Read(ref _reports[i]).Labelled("outcome", o));

    private IEnumerable<Measurement<long>> Results() =>
    [
        Volatile.Read(ref _batches).Labelled("result", "answered"),
        Volatile.Read(ref _failedBatches).Labelled("result", "failed"),
    ];
}
