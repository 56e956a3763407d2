using OutageAggregator.Runtime.Recorded;

namespace OutageAggregator.Runtime.Tests.Recorded;

public sealed class RecordedEventTests
{
    [Theory]
    [InlineData("2024-11-08-chatgpt.json", "2024-11-09T00:34Z", "2024-11-09T01:00Z", 19_403)]
    [InlineData("2023-11-07-chatgpt.json", "2023-11-08T03:52Z", "2023-11-08T05:22Z", 2_600)]
    [InlineData("2024-06-03-chatgpt.json", "2024-06-04T06:49Z", "2024-06-04T11:22Z", 9_200)]
    public async Task The_recorded_events_hold_what_is_known_of_them(string file, string from, string to, int reports)
    {
        var recorded = await ReadAsync(file);

        Assert.Equal("chatgpt", recorded.Service.ToString());
        var first = recorded.Excess[0];
        Assert.Equal((from, to), (first.From.ToString(), first.To.ToString()));
        Assert.Equal(reports, recorded.ReportsPerMinute.Skip(first.From - recorded.First).Take(first.Length).Sum());
    }

    [Fact]
    public async Task The_fourth_of_June_2024_recurs_within_four_hours_and_the_eighth_of_November_2023_does_not()
    {
        var june = (await ReadAsync("2024-06-03-chatgpt.json")).Excess;
        var november = (await ReadAsync("2023-11-07-chatgpt.json")).Excess;

        Assert.InRange(june[1].From - june[0].To, 1, 4 * 60);
        Assert.True(november[1].From - november[0].To > 4 * 60);
    }

    [Fact]
    public async Task A_minute_gives_its_reports_in_order_within_it_and_the_same_ones_each_time()
    {
        var recorded = await ReadAsync("2024-11-08-chatgpt.json");
        for (var i = 0; i < recorded.ReportsPerMinute.Length; i++)
        {
            var reports = recorded.Reports(i).ToList();
            Assert.Equal(recorded.ReportsPerMinute[i], reports.Count);
            Assert.All(reports, r => Assert.Equal(recorded.First + i, Minute.Of(recorded.First.Start + r.Offset)));
            Assert.Equal(reports.OrderBy(r => r.Offset), reports);
            Assert.Equal(recorded.Reports(i), reports);
        }
    }

    [Fact]
    public async Task The_crowd_is_mixed_as_the_file_says()
    {
        var recorded = await ReadAsync("2024-11-08-chatgpt.json");
        var all = Enumerable.Range(0, recorded.ReportsPerMinute.Length).SelectMany(recorded.Reports).ToList();

        Assert.Equal(recorded.Total, all.Count);
        var america = recorded.Mix.Regions.Values.Index().Single(v => v.Item == Region.Parse("US")).Index;
        Assert.InRange(all.Count(r => r.Region == Region.Parse("US")) / (double)all.Count, recorded.Mix.Regions.Share(america) - 0.02, recorded.Mix.Regions.Share(america) + 0.02);
    }

    [Theory]
    [InlineData("outage-event/1", "outage-event/2", "format: it is 'outage-event/2'; this program reads 'outage-event/1'")]
    [InlineData("\"chatgpt\"", "\"Chat GPT\"", "service: 'Chat GPT' is no service slug")]
    [InlineData("\"firstMinute\": \"2024-11-09T00:20:00Z\"", "\"firstMinute\": \"2024-11-09T00:20:30Z\"", "firstMinute: an instant is a whole UTC minute")]
    [InlineData("\"reports\": 19403", "\"reports\": 19404", "the stretch from 2024-11-09T00:34Z has 19403 reports by the minute, not 19404")]
    [InlineData("\"to\": \"2024-11-09T01:00:00Z\"", "\"to\": \"2024-11-10T01:00:00Z\"", "is empty, out of order or outside the counts")]
    [InlineData("\"US\": 42", "\"XX\": 42", "mix.regions: 'XX' is not known")]
    [InlineData("\"US\": 42", "\"world\": 42", "mix.regions: 'world' is not known")]
    [InlineData("\"web\": 58", "\"web\": 0", "mix.surfaces: give at least one part")]
    [InlineData(" 1225,", " -1,", "a count is a whole number from 0 to 100000")]
    public async Task A_fault_is_told_with_its_place(string right, string wrong, string says)
    {
        var text = await File.ReadAllTextAsync(PathOf("2024-11-08-chatgpt.json"));
        Assert.Contains(right, text);
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        await File.WriteAllTextAsync(path, text.Replace(right, wrong, StringComparison.Ordinal));

        var fault = await Assert.ThrowsAsync<InvalidDataException>(() => RecordedEventFile.ReadAsync(path, CancellationToken.None));

        File.Delete(path);
        Assert.Contains(says, fault.Message);
    }

    private static Task<RecordedEvent> ReadAsync(string file) => RecordedEventFile.ReadAsync(PathOf(file), CancellationToken.None);

    private static string PathOf(string file) => Path.Combine(AppContext.BaseDirectory, "events", file);
}
