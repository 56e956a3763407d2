namespace OutageAggregator.Core.Reports;

/// <summary>What a reporter saw. The numbers are stored: append, never renumber.</summary>
public enum Problem : byte
{
    Unavailable = 0,
    Login = 1,
    Errors = 2,
    Slow = 3,
    MissingData = 4,
    Payment = 5,
    Other = 6,
}

/// <summary>Where a reporter met it. The numbers are stored: append, never renumber.</summary>
public enum Surface : byte
{
    Unknown = 0,
    Web = 1,
    Desktop = 2,
    Ios = 3,
    Android = 4,
    Api = 5,
}

/// <summary>"It's down" or "back for me". The numbers are stored: append, never renumber.</summary>
public enum ReportKind : byte
{
    Down = 0,
    Back = 1,
}

/// <summary>The stable codes of problems, surfaces and kinds in addresses, JSON and files.</summary>
public static class ReportCodes
{
    private static readonly string[] s_problems = ["unavailable", "login", "errors", "slow", "missing-data", "payment", "other"];
    private static readonly string[] s_surfaces = ["unknown", "web", "desktop", "ios", "android", "api"];
    private static readonly string[] s_kinds = ["down", "back"];

    /// <summary>Problem codes, indexed by <see cref="Problem"/>.</summary>
    public static IReadOnlyList<string> Problems => s_problems;

    /// <summary>Surface codes, indexed by <see cref="Surface"/>.</summary>
    public static IReadOnlyList<string> Surfaces => s_surfaces;

    /// <summary>Kind codes, indexed by <see cref="ReportKind"/>.</summary>
    public static IReadOnlyList<string> Kinds => s_kinds;

    public static string Code(this Problem problem) => s_problems[(int)problem];
    public static string Code(this Surface surface) => s_surfaces[(int)surface];
    public static string Code(this ReportKind kind) => s_kinds[(int)kind];

    public static bool TryParse([NotNullWhen(true)] string? code, out Problem problem) =>
        (problem = (Problem)Math.Max(Array.IndexOf(s_problems, code), 0)).Code() == code;

    public static bool TryParse([NotNullWhen(true)] string? code, out Surface surface) =>
        (surface = (Surface)Math.Max(Array.IndexOf(s_surfaces, code), 0)).Code() == code;

    public static bool TryParse([NotNullWhen(true)] string? code, out ReportKind kind) =>
        (kind = (ReportKind)Math.Max(Array.IndexOf(s_kinds, code), 0)).Code() == code;
}
