namespace OutageAggregator.Core.Reports;

/// <summary>
/// What a report says, in one number: the cell of a minute in which it is counted.
/// <code>
///   cell = (column * 7 + problem) * 6 + surface      column: 0 down, 1 back, 2 late (down, told more than 5 minutes after)
/// </code>
/// There are 126 cells. Under 128 matters: a Redis hash of the cells of a minute then keeps its compact encoding, and a
/// cell is one byte in a packed hour. Counting by cell keeps every facet (problem, surface, down or back) exact at the
/// price of one counter a cell that was used, and makes cost grow with cells, not with reports.
/// </summary>
public readonly record struct ReportCell
{
    private const int ProblemCount = 7;
    private const int SurfaceCount = 6;
    private const int LateColumn = 2;

    /// <summary>How many cells there are; valid numbers are below it.</summary>
    public const int Count = 3 * ProblemCount * SurfaceCount;

    /// <summary>The cell with a stored number.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is <see cref="Count"/> or more.</exception>
    public ReportCell(byte number)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(number, Count);
        Number = number;
    }

    /// <summary>The stored number, 0 to 125.</summary>
    public byte Number { get; }

    public Problem Problem => (Problem)(Number / SurfaceCount % ProblemCount);

    public Surface Surface => (Surface)(Number % SurfaceCount);

    public ReportKind Kind => Column == (int)ReportKind.Back ? ReportKind.Back : ReportKind.Down;

    /// <summary>True where the event was told so late that it is shown on charts but triggers nothing.</summary>
    public bool IsLate => Column == LateColumn;

    private int Column => Number / (ProblemCount * SurfaceCount);

    /// <summary>The cell of a report. A late "back" counts as "back": late only matters for what can trigger.</summary>
    public static ReportCell Of(ReportKind kind, Problem problem, Surface surface, bool late = false)
    {
        var column = kind == ReportKind.Back ? (int)ReportKind.Back : late ? LateColumn : (int)ReportKind.Down;
        return new ReportCell((byte)(((column * ProblemCount) + (int)problem) * SurfaceCount + (int)surface));
    }
}
