using OutageAggregator.Storage;

namespace OutageAggregator.Contracts;

/// <summary>What every review log promises. A log is done when a subclass that only says how to open an empty one passes unchanged.</summary>
public abstract class ReviewLogContract : IAsyncLifetime
{
    protected static readonly CancellationToken None = CancellationToken.None;
    private static readonly DateTimeOffset s_noon = new(2024, 11, 8, 12, 0, 0, TimeSpan.Zero);

    protected IReviewLog Log { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Log = await OpenAsync();

    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return default;
    }

    /// <summary>Opens an empty log; it is closed by the subclass.</summary>
    protected abstract ValueTask<IReviewLog> OpenAsync();

    private static IncidentId Id(int number, string service = "chatgpt") => new(ServiceSlug.Parse(service), number);

    private static Review Review(int incident, ReviewVerdict verdict, string reason, int minute = 0, string key = "desk", string service = "chatgpt") =>
        new(Id(incident, service), verdict, reason, s_noon.AddMinutes(minute), key);

    private Task<Review> Append(Review review) => Log.AppendAsync(review, None);

    [Fact]
    public async Task An_empty_log_answers_nothing()
    {
        Assert.Empty(await Log.ReadNewestAsync([Id(1)], None));
        Assert.Empty(await Log.ReadNewestAsync([], None));
        Assert.Empty(await Log.ReadAsync(Id(1), 10, None));
    }

    [Fact]
    public async Task A_review_is_read_back_as_it_was_given()
    {
        Review[] reviews =
        [
            Review(1, ReviewVerdict.Confirmed, ""),
            Review(2, ReviewVerdict.FalseAlarm, "Un'onda di «scherzi» 🙃, não سرویس", 1),
            Review(3, ReviewVerdict.Collateral, new string('ß', Core.Incidents.Review.MaxReason), 2),
            new(Id(1, "claude"), ReviewVerdict.Unclear, "Nobody knows.", s_noon.ToOffset(TimeSpan.FromHours(5)).AddTicks(12_345), "night-shift"),
        ];

        foreach (var review in reviews)
            Assert.Equal(review, await Append(review));

        foreach (var review in reviews)
        {
            Assert.Equal([review], await Log.ReadAsync(review.Incident, 10, None));
            Assert.Equal([review], await Log.ReadNewestAsync([review.Incident], None));
        }
    }

    [Fact]
    public async Task The_newest_review_counts_and_all_are_kept()
    {
        var first = await Append(Review(1, ReviewVerdict.FalseAlarm, "Looked like bots.", 5));
        // The order of giving counts, not the clock, which may have been set back.
        var second = await Append(Review(1, ReviewVerdict.Confirmed, "The provider said so later.", 3));
        var third = await Append(Review(1, ReviewVerdict.FalseAlarm, "Looked like bots.", 9));

        Assert.Equal([third], await Log.ReadNewestAsync([Id(1)], None));
        Assert.Equal([third, second, first], await Log.ReadAsync(Id(1), 10, None));
        Assert.Equal([third, second], await Log.ReadAsync(Id(1), 2, None));
    }

    [Fact]
    public async Task The_same_review_again_adds_nothing_and_the_first_one_counts()
    {
        var first = await Append(Review(1, ReviewVerdict.Unclear, "Too little is known."));

        Assert.Equal(first, await Append(Review(1, ReviewVerdict.Unclear, " Too little is known. ", 30)));

        Assert.Equal([first], await Log.ReadAsync(Id(1), 10, None));
    }

    [Fact]
    public async Task What_differs_in_verdict_reason_or_key_is_a_review_of_its_own()
    {
        await Append(Review(1, ReviewVerdict.Unclear, "Too little is known."));
        await Append(Review(1, ReviewVerdict.Collateral, "Too little is known."));
        await Append(Review(1, ReviewVerdict.Collateral, "It was the sign-in of another."));
        await Append(Review(1, ReviewVerdict.Collateral, "It was the sign-in of another.", key: "night-shift"));

        Assert.Equal(4, (await Log.ReadAsync(Id(1), 10, None)).Count);
    }

    [Fact]
    public async Task Incidents_are_told_apart_by_service_and_number()
    {
        await Append(Review(1, ReviewVerdict.Confirmed, "a"));
        await Append(Review(11, ReviewVerdict.Confirmed, "b"));
        await Append(Review(1, ReviewVerdict.Confirmed, "c", service: "claude"));

        var newest = await Log.ReadNewestAsync([Id(11), Id(2), Id(1, "claude"), Id(1)], None);

        Assert.Equal(["chatgpt-1 a", "chatgpt-11 b", "claude-1 c"], newest.Select(r => $"{r.Incident} {r.Reason}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task The_same_review_at_the_same_time_is_written_once()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => Append(Review(1 + (i % 4), ReviewVerdict.Confirmed, "Same.", i))));

        for (var incident = 1; incident <= 4; incident++)
        {
            var kept = Assert.Single(await Log.ReadAsync(Id(incident), 10, None));
            Assert.All(answers.Where(a => a.Incident == Id(incident)), a => Assert.Equal(kept, a));
        }
    }

    [Fact]
    public async Task A_thousand_incidents_can_be_asked_about_and_no_more()
    {
        await Append(Review(999, ReviewVerdict.Confirmed, ""));

        Assert.Single(await Log.ReadNewestAsync([.. Enumerable.Range(1, 1_000).Select(n => Id(n))], None));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Log.ReadNewestAsync([.. Enumerable.Range(1, 1_001).Select(n => Id(n))], None));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Log.ReadAsync(Id(1), 0, None));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Log.ReadAsync(Id(1), 1_001, None));
    }

    [Fact]
    public async Task A_review_can_be_given_up_before_it_is_written()
    {
        using var cancellation = new CancellationTokenSource();
        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Log.AppendAsync(Review(1, ReviewVerdict.Confirmed, ""), cancellation.Token));
        Assert.Empty(await Log.ReadAsync(Id(1), 10, None));
    }
}
