namespace OutageAggregator.Core.Tests.Incidents;

public sealed class ReviewTests
{
    private static readonly IncidentId s_incident = new(ServiceSlug.Parse("chatgpt"), 7);
    private static readonly DateTimeOffset s_noon = new(2024, 11, 8, 12, 0, 0, TimeSpan.Zero);

    private static Review Give(ReviewVerdict verdict, string reason, string key = "desk") => new(s_incident, verdict, reason, s_noon, key);

    [Fact]
    public void Only_a_confirmation_needs_no_reason()
    {
        Assert.Equal("", Give(ReviewVerdict.Confirmed, " ").Reason);
        foreach (var verdict in new[] { ReviewVerdict.FalseAlarm, ReviewVerdict.Collateral, ReviewVerdict.Unclear })
        {
            var refused = Assert.Throws<ArgumentException>(() => Give(verdict, " "));
            Assert.Contains($"required for '{verdict.Code()}' (only 'confirmed' needs none)", refused.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_reason_is_trimmed_and_counted_in_characters()
    {
        Assert.Equal("A bot.", Give(ReviewVerdict.FalseAlarm, "\u2003 A bot.\r\n").Reason);
        var longest = string.Concat(Enumerable.Repeat("🙃", Review.MaxReason));
        Assert.Equal(longest, Give(ReviewVerdict.FalseAlarm, $" {longest} ").Reason);
        Assert.Contains("1001 characters, at most 1000", Review.FaultOf(ReviewVerdict.Confirmed, longest + "x"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a\nb", "Character 2", "U+000A")]
    [InlineData("🙃\u0000", "Character 2", "U+0000")]
    [InlineData("ab\u0085c", "Character 3", "U+0085")]
    [InlineData("a\u2028b", "Character 2", "U+2028")]
    public void Control_characters_and_line_breaks_are_refused(string reason, params string[] says)
    {
        var refused = Assert.Throws<ArgumentException>(() => Give(ReviewVerdict.Confirmed, reason));
        Assert.All(says, s => Assert.Contains(s, refused.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void Half_a_surrogate_pair_is_refused()
    {
        // Not in attributes: they are stored as UTF-8, which has no such halves.
        foreach (var half in new[] { '\uD83D', '\uDE43' })
        {
            var refused = Assert.Throws<ArgumentException>(() => Give(ReviewVerdict.Confirmed, $"a{half}b"));
            Assert.Contains($"Character 2 of the reason is half of a surrogate pair (U+{(int)half:X4})", refused.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_verdict_that_is_none_and_a_key_without_a_name_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Give((ReviewVerdict)4, "x"));
        Assert.Throws<ArgumentException>(() => Give(ReviewVerdict.Confirmed, "x", " "));
    }

    [Fact]
    public void Codes_are_read_back()
    {
        Assert.Equal(["confirmed", "false-alarm", "collateral", "unclear"], ReviewCodes.Verdicts);
        foreach (var verdict in Enum.GetValues<ReviewVerdict>())
        {
            Assert.True(ReviewCodes.TryParse(verdict.Code(), out var read));
            Assert.Equal(verdict, read);
        }
        Assert.False(ReviewCodes.TryParse("Confirmed", out _));
        Assert.False(ReviewCodes.TryParse(null, out _));
    }

    [Fact]
    public void A_repetition_says_the_same_in_the_same_words_with_the_same_key_at_any_time()
    {
        var review = Give(ReviewVerdict.Confirmed, "x");

        Assert.True(new Review(s_incident, ReviewVerdict.Confirmed, "x", s_noon.AddDays(1), "desk").Repeats(review));
        Assert.False(Give(ReviewVerdict.Unclear, "x").Repeats(review));
        Assert.False(Give(ReviewVerdict.Confirmed, "y").Repeats(review));
        Assert.False(Give(ReviewVerdict.Confirmed, "x", "other").Repeats(review));
        Assert.False(new Review(s_incident with { Number = 8 }, ReviewVerdict.Confirmed, "x", s_noon, "desk").Repeats(review));
    }
}
