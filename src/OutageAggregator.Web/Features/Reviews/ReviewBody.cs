namespace OutageAggregator.Web.Features.Reviews;

/// <summary>A review as it is sent: <c>{ "verdict": "false-alarm", "reason": "..." }</c>.</summary>
internal struct ReviewBody() : IFields
{
    /// <summary>The largest body, bytes: the longest reason with every character escaped (12 bytes each at most), and room.</summary>
    internal const int MaxBytes = 16_384;
    private const string VerdictField = "verdict";
    private const string ReasonField = "reason";
    private static readonly string[] s_names = [VerdictField, ReasonField];
    private static readonly string s_allowed = string.Join(", ", ReviewCodes.Verdicts);
    private readonly FieldErrors _errors = new();
    private string? _verdict;

    internal ReviewVerdict Verdict { get; private set; }
    internal string Reason { get; private set; } = "";
    public readonly ReadOnlySpan<string> Names => s_names;
    public readonly bool MayBeNull(int field) => s_names[field] == ReasonField;
    public readonly bool MayBeTruth(int field) => false;
    public readonly void Fail(string field, string message) => _errors.Add(field, message);
    public readonly string Unknown(string field) => $"There is no such field. Known: {string.Join(", ", s_names)}.";

    public void Set(int field, ReadOnlySpan<char> text)
    {
        if (s_names[field] == VerdictField)
            _verdict = text.ToString();
        else
            Reason = text.Trim().ToString();
    }

    /// <summary>Null where the body holds a review, else the problem, with every field that has one.</summary>
    internal static ProblemAnswer? Read(byte[] body, out ReviewBody review)
    {
        review = new();
        var fault = StrictJson.Read(body, """{"verdict":"confirmed","reason":"..."}""", ref review);
        return fault is null ? review.Check() : ProblemAnswer.Malformed(fault);
    }

    // What was complained of once is not complained of again.
    private ProblemAnswer? Check()
    {
        var isJudged = _errors.Has(VerdictField);
        var isVerdict = ReviewCodes.TryParse(_verdict, out var verdict) && !isJudged;
        Verdict = verdict;
        if (!isVerdict && !isJudged)
            Fail(VerdictField, _verdict is null ? $"A verdict is required: one of {s_allowed}."
                : $"'{PlainText.Quote(_verdict)}' is no verdict; use one of {s_allowed}.");
        // Stricter than the review itself: the public reads it, so nothing in it may hide or turn around what follows.
        var fault = PlainText.Fault(Reason) ?? (isVerdict || Reason.Length > 0 ? Review.FaultOf(verdict, Reason) : null);
        if (fault is not null && !_errors.Has(ReasonField))
            Fail(ReasonField, fault);
        return _errors.Any ? ProblemAnswer.InvalidInput(_errors) : null;
    }
}

/// <summary>A review. Unknown fields are refused.</summary>
/// <param name="Reason">
/// Why, in plain text without line breaks, for the public to read. Required unless the verdict is <c>confirmed</c>.
/// </param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record ReviewInput([property: JsonRequired] ReviewVerdict Verdict, [property: MaxLength(1000)] string? Reason);
