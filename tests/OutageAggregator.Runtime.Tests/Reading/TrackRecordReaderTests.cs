using OutageAggregator.Contracts;
using OutageAggregator.Runtime.Reading;
using OutageAggregator.Storage.Memory;
using static OutageAggregator.Contracts.Story;

namespace OutageAggregator.Runtime.Tests.Reading;

public sealed class TrackRecordReaderTests
{
    private readonly MemoryIncidentLog _log = new();
    private readonly MemoryReviewLog _reviews = new();
    private readonly Story _story;
    private readonly TrackRecordReader _reader;

    public TrackRecordReaderTests()
    {
        _story = new Story(() => throw new InvalidOperationException("A track record counts no reports."), () => _log);
        _reader = new TrackRecordReader(_log, _reviews, _story.Clock);
    }

    private ValueTask<TrackRecords> ReadAsync() => _reader.ReadAsync(CancellationToken.None);

    private Task EndAsync(int number, Minute from) => _story.ResolveAsync(Incident(from, from + 30, number: number));

    [Fact]
    public async Task An_incident_belongs_to_the_year_of_its_onset()
    {
        var newYear = Minute.Of(new DateTimeOffset(2024, 1, 1, 0, 0, 0, TimeSpan.Zero));
        await EndAsync(1, newYear - 1);
        await EndAsync(2, newYear);
        await EndAsync(3, newYear + 1);

        Assert.Equal([(2024, 2), (2023, 1)], (await ReadAsync()).Years.Select(y => (y.Year, y.Record.Ended)));
    }

    [Fact]
    public async Task The_newest_twenty_years_are_told_apart_and_all_are_counted()
    {
        for (var year = 1; year <= 25; year++)
            await EndAsync(year, Minute.Of(new DateTimeOffset(1999 + year, 6, 1, 0, 0, 0, TimeSpan.Zero)));

        var records = await ReadAsync();

        Assert.Equal(Enumerable.Range(2005, 20).Reverse(), records.Years.Select(y => y.Year));
        Assert.Equal(25, records.All.Ended);
        Assert.True(records.IsComplete);
    }

    [Fact]
    public async Task However_many_ask_it_is_counted_once_a_minute_and_anew_after_a_review()
    {
        await EndAsync(1, At(0, 0));
        var first = await ReadAsync();
        await EndAsync(2, At(0, 1));

        Assert.Same(first, await ReadAsync());
        _story.Clock.Advance(TimeSpan.FromSeconds(59));
        Assert.Same(first, await ReadAsync());
        _story.Clock.Advance(TimeSpan.FromSeconds(1));
        var second = await ReadAsync();
        Assert.Equal(2, second.All.Ended);

        await _reviews.AppendAsync(new Review(Incident(At(0, 0)).Id, ReviewVerdict.Confirmed, "", _story.Clock.GetUtcNow(), "desk"), CancellationToken.None);
        Assert.Same(second, await ReadAsync());
        _reader.Forget();
        Assert.Equal(1, (await ReadAsync()).All.Confirmed);
    }
}
