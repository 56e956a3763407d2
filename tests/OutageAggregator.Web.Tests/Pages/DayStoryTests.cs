using OutageAggregator.TestKit;

namespace OutageAggregator.Web.Tests.Pages;

public sealed class DayStoryTests
{
    private static readonly (int Hour, int Minute)[] s_night = [(9, 25), (9, 30), (9, 40), (9, 55), (10, 10), (10, 30), (11, 0), (15, 0), (20, 0), (23, 59)];

    /// <summary>Quiet, a spike, the server stopped in it and started again, recovery, the tail, the night.</summary>
    [Fact]
    public async Task A_whole_day_is_told_as_it_was_at_thirty_moments()
    {
        await using var story = new DayStory();
        await story.StartAsync(isFirst: true);
        await TellAsync(story, [(0, 10), (3, 0), (8, 0)]);
        await TellAsync(story, [(8, 1), (8, 2), (8, 3), (8, 5), (8, 10), (8, 15), (8, 20)], _ => 400);
        await story.StopAsync(minutes: 25);
        await TellAsync(story, [(8, 46), (8, 49), (8, 51), (8, 52), (8, 55), (9, 0), (9, 10)], _ => 300);
        await TellAsync(story, [(9, 12), (9, 15), (9, 20)], _ => 40);
        await TellAsync(story, s_night[..4], _ => 6);
        await TellAsync(story, s_night[4..]);

        await story.ReplayAsync();

        var told = await File.ReadAllTextAsync(ProgramProcess.RepositoryFile("tests/OutageAggregator.Web.Tests/Pages/DayStory.txt"));
        Assert.Equal(told, story.Told);
    }

    private static async Task TellAsync(DayStory story, (int Hour, int Minute)[] moments, Func<int, int>? perMinute = null)
    {
        foreach (var (hour, minute) in moments)
        {
            await story.LiveUntilAsync(hour, minute, perMinute);
            await story.TellAsync();
        }
    }
}
