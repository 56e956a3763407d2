using System.Buffers;
using System.Text;

namespace OutageAggregator.Core.Incidents;

/// <summary>What an operator found an incident to be, afterwards. The numbers are stored: append, never renumber.</summary>
public enum ReviewVerdict : byte
{
    /// <summary>The service was in trouble.</summary>
    Confirmed = 0,

    /// <summary>Nothing was wrong: the detector was.</summary>
    FalseAlarm = 1,

    /// <summary>Something was wrong, but with another service that this one depends on or is taken for.</summary>
    Collateral = 2,

    /// <summary>It can't be told.</summary>
    Unclear = 3,
}

/// <summary>The stable codes of review verdicts in JSON and addresses.</summary>
public static class ReviewCodes
{
    private static readonly string[] s_verdicts = ["confirmed", "false-alarm", "collateral", "unclear"];

    /// <summary>Indexed by <see cref="ReviewVerdict"/>.</summary>
    public static IReadOnlyList<string> Verdicts => s_verdicts;

    public static string Code(this ReviewVerdict verdict) => s_verdicts[(int)verdict];

    public static bool TryParse(string? code, out ReviewVerdict verdict) =>
        (verdict = (ReviewVerdict)Math.Max(Array.IndexOf(s_verdicts, code), 0)).Code() == code;
}

/// <summary>
/// An operator's verdict on one incident, with the reason for it, which the public reads. It is about an incident, not part of one: the
/// incident is what the detector said, and stays that.
/// </summary>
public sealed record Review
{
    /// <summary>The longest reason, in characters (Unicode code points).</summary>
    public const int MaxReason = 1_000;

    /// <param name="incident">Which incident.</param>
    /// <param name="verdict">What it was.</param>
    /// <param name="reason">Why, in plain text: white space around it is dropped; what <see cref="FaultOf"/> finds no fault with.</param>
    /// <param name="at">When it was given; kept in UTC to the millisecond, as stores keep instants.</param>
    /// <param name="keyName">Name of the key it was given with: never shown to the public.</param>
    /// <exception cref="ArgumentException">The reason or the name can't be one, or the verdict is none.</exception>
    public Review(IncidentId incident, ReviewVerdict verdict, string reason, DateTimeOffset at, string keyName)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(keyName);
        if (!Enum.IsDefined(verdict))
            throw new ArgumentOutOfRangeException(nameof(verdict), verdict, "This is no verdict.");
        reason = reason.Trim();
        if (FaultOf(verdict, reason) is { } fault)
            throw new ArgumentException(fault, nameof(reason));
        (Incident, Verdict, Reason, KeyName) = (incident, verdict, reason, keyName);
        At = DateTimeOffset.FromUnixTimeMilliseconds(at.ToUnixTimeMilliseconds());
    }

    public IncidentId Incident { get; }
    public ReviewVerdict Verdict { get; }

    /// <summary>Trimmed plain text of at most <see cref="MaxReason"/> characters; empty only for <c>confirmed</c>.</summary>
    public string Reason { get; }

    public DateTimeOffset At { get; }
    public string KeyName { get; }

    /// <summary>
    /// Null where a reason may be given for a verdict, else what is wrong with it and how to mend it. Only <c>confirmed</c> needs none: it
    /// says that the incident is what its page shows, while every other verdict tells readers not to believe the page, and they may ask
    /// why.
    /// </summary>
    public static string? FaultOf(ReviewVerdict verdict, string reason)
    {
        var text = reason.AsSpan().Trim();
        if (text.IsEmpty)
        {
            return verdict == ReviewVerdict.Confirmed
                ? null
                : $"A reason is required for '{verdict.Code()}' (only 'confirmed' needs none): say in a sentence why; the public reads it.";
        }
        var characters = 0;
        for (var rest = text; !rest.IsEmpty; characters++)
        {
            var isWhole = Rune.DecodeFromUtf16(rest, out var rune, out var units) == OperationStatus.Done;
            if (!isWhole || Rune.IsControl(rune) || rune.Value is 0x2028 or 0x2029)
            {
                var what = isWhole ? "a control character or a line break" : "half of a surrogate pair";
                return $"Character {characters + 1} of the reason is {what} (U+{(int)rest[0]:X4}); leave it out.";
            }
            rest = rest[units..];
        }
        return characters > MaxReason ? $"The reason is too long: {characters} characters, at most {MaxReason}." : null;
    }

    /// <summary>Whether another says the same of the same incident in the same words, given with the same key, at whatever time.</summary>
    public bool Repeats(Review other) =>
        Incident == other.Incident && Verdict == other.Verdict && Reason == other.Reason && KeyName == other.KeyName;
}
